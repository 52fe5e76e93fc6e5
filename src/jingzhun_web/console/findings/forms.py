"""Forms of findings: what narrows the queue, and what starts a cross-check or sends findings down the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingzhun.policy.checks import FINDINGS
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas.models import Level
from jingzhun_web.console.fields import AreaChoice, KeptSelect, set_choices, styled
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.crosscheck import packs
from jingzhun_web.crosscheck.selectors import Filters
from jingzhun_web.crosscheck.states import State

ANY = ("", _("any"))
SEVERITIES = (
    ("high", _("high")),
    ("medium", _("medium")),
    ("low", _("low")),
)


def rule_choices(names: Sequence[str]) -> list[tuple[str, str]]:
    """Rules with their words."""
    return [(name, f"{name} {packs.label(name).text(_language())}") for name in names]


def _language() -> str:
    return "zh" if is_chinese() else "en"


class FilterForm(forms.Form):
    """What the queue is narrowed to."""

    period = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, widget=KeptSelect)
    area = AreaChoice(label=_("Area"))
    rule = forms.ChoiceField(label=_("Rule"), required=False, widget=KeptSelect)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[ANY, *SEVERITIES], required=False, widget=KeptSelect
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, widget=KeptSelect)
    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, *State.choices], required=False, widget=KeptSelect
    )
    assigned_area = AreaChoice(label=_("Sent to area"))
    household_id = forms.CharField(label=_("Household"), max_length=60, required=False)
    is_mine = forms.BooleanField(label=_("Waits for me"), required=False)
    is_open = forms.BooleanField(label=_("Not closed"), required=False)
    is_overdue = forms.BooleanField(label=_("Overdue"), required=False)
    is_withdrawn = forms.BooleanField(label=_("Withdrawn"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, periods: Sequence[int], rules: Sequence[str]
    ) -> None:
        super().__init__(data)
        kinds = [(name, label.text(_language())) for name, label in FINDINGS.items()]
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "period": [(year, year) for year in periods],
            "rule": [ANY, *rule_choices(rules)],
            "kind": [ANY, *kinds],
        }
        for name, options in choices.items():
            set_choices(self, name, options)
        styled(self)

    def filters(self, *, period: int, on: date, by: Actor) -> Filters:
        """The filters; what is not understood does not narrow, and the form says so.

        Without any, whoever works on findings sees what waits for them, and others all that is not closed.
        """
        if not self.is_bound and by.may(Right.WORK_FINDINGS):
            return Filters(period=period, on=on, waits_for=by)
        if not self.is_bound:
            return Filters(period=period, on=on, is_open=True)
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if given.pop("is_mine", False):
            given["waits_for"] = by
        return Filters(**{"period": period, "on": on, **given})


class StartForm(forms.Form):
    """What is cross-checked, as of which day."""

    area = forms.TypedChoiceField(label=_("County or wider area"), coerce=int)
    period = forms.TypedChoiceField(label=_("Year"), coerce=int)
    on = forms.DateField(
        label=_("Day whose rules and parameters apply"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        areas: Sequence[tuple[int, str]],
        periods: Sequence[int],
    ) -> None:
        # Records of a year read as out of date on later days.
        last = date(max(periods, default=timezone.localdate().year), 12, 31)
        super().__init__(data, initial={"on": min(last, timezone.localdate()).isoformat()})
        set_choices(self, "area", areas)
        set_choices(self, "period", [(p, p) for p in periods])
        styled(self)


class DispatchAllForm(forms.Form):
    """All findings of a rule in an area."""

    area = forms.TypedChoiceField(label=_("Area"), coerce=int, widget=KeptSelect)
    rule = forms.ChoiceField(label=_("Rule"), widget=KeptSelect)
    level = forms.TypedChoiceField(
        label=_("Send to"),
        choices=[
            (Level.TOWNSHIP.value, _("their townships")),
            (Level.VILLAGE.value, _("their villages")),
        ],
        coerce=int,
        widget=KeptSelect,
    )
    due = forms.DateField(
        label=_("Deadline (empty: that of the rule)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    period = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        areas: Sequence[tuple[int, str]],
        rules: Sequence[str],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), prefix=None, auto_id="all_%s")
        set_choices(self, "area", areas)
        set_choices(self, "rule", rule_choices(rules))
        styled(self)
