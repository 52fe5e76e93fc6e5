"""Forms of archives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jingzhun.standard import schema
from jingzhun_web.areas.packs import pack
from jingzhun_web.console.fields import AreaChoice, KeptSelect, set_choices, styled, written
from jingzhun_web.console.findings.presented import label_text
from jingzhun_web.console.grouping import group_choices, key_field_choices, profile_choices
from jingzhun_web.crosscheck import packs
from jingzhun_web.crosscheck.households import ANY_OPEN
from jingzhun_web.registry.selectors import Filters

OUTCOMES = (
    ("passed", _("passes")),
    ("failed", _("fails")),
    ("not_assessable", _("not assessable")),
)
ANY = ("", _("any"))


class ReasonForm(forms.Form):
    """Why somebody must see identifiers in full."""

    reason = written(
        _("Reason"), longest=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class FilterForm(forms.Form):
    """What the list of households is narrowed to."""

    text = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=60)
    area = AreaChoice(label=_("Area"))
    period = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, widget=KeptSelect)
    status = forms.ChoiceField(label=_("Status"), required=False, widget=KeptSelect)
    cause = forms.ChoiceField(label=_("Main cause"), required=False, widget=KeptSelect)
    profile = forms.ChoiceField(label=_("Profile"), required=False, widget=KeptSelect)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, widget=KeptSelect)
    group = forms.ChoiceField(label=_("Group"), required=False, widget=KeptSelect)
    known = forms.ChoiceField(label=_("Known"), required=False, widget=KeptSelect)
    unknown = forms.ChoiceField(label=_("Not known"), required=False, widget=KeptSelect)
    finding = forms.ChoiceField(label=_("Finding"), required=False, widget=KeptSelect)

    OPEN = ANY_OPEN

    def __init__(
        self, data: Any = None, *, periods: Sequence[int], by_person: bool = False
    ) -> None:
        """`by_person`: whether a text may be a person's name or number, for those who see names."""
        super().__init__(data)
        self.by_person = by_person
        if not by_person:
            self.fields["text"].label = _("Household number")
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "period": [(year, year) for year in periods],
            "status": [ANY, *code_choices("exit_status")],
            "cause": [ANY, *code_choices("poverty_cause")],
            "profile": [ANY, *profile_choices()],
            "outcome": [ANY, *OUTCOMES],
            "group": [ANY, *group_choices()],
            "known": [ANY, *key_field_choices()],
            "unknown": [ANY, *key_field_choices()],
            "finding": [ANY, (self.OPEN, _("any that is open")), *finding_choices()],
        }
        for name, options in choices.items():
            set_choices(self, name, options)
        styled(self)

    def filters(self, periods: Sequence[int]) -> Filters:
        """The filters; what is not understood is left out, and the form has errors: then list nothing."""
        latest = periods[0] if periods else 0
        if not self.is_bound:
            return Filters(period=latest)
        self.full_clean()
        given = {
            name: value for name, value in self.cleaned_data.items() if value and name != "finding"
        }
        return Filters(**{"period": latest, "by_person": self.by_person, **given})

    def finding_rule(self) -> str:
        """The rule of findings that households are narrowed to, OPEN, or nothing."""
        return str(self.cleaned_data.get("finding", "")) if self.is_bound else ""


class AsOfForm(forms.Form):
    """A day as of which an archive is looked at."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )


class KeepFilterForm(forms.Form):
    """A name for the present filter."""

    name = forms.CharField(label=_("Name of the filter"), max_length=60)


def finding_choices() -> list[tuple[str, str]]:
    """Rules of cross-checks, with their names."""
    return [(rule, f"{rule} {label_text(packs.label(rule))}") for rule in pack().crosschecks]


def code_choices(name: str) -> list[tuple[str, str]]:
    """Codes of a list of the standard with their names in the page's language."""
    chinese = (get_language() or "").startswith("zh")
    return [(c.code, c.zh if chinese else c.en) for c in schema.code_list(name).values]
