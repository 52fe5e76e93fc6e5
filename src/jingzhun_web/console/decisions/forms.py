"""Forms of decisions: one per act of a case, and those that begin something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingzhun.standard import schema
from jingzhun_web.console.fields import set_choices, style, written
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.registry.narrowing import EXITED

LONGEST = 1000
MOST_PEOPLE = 2000


def text_field(label: Any, *, required: bool = True) -> forms.CharField:
    """A text of some sentences."""
    return written(label, longest=LONGEST, required=required)


def day_field(label: Any) -> forms.DateField:
    """A day up to today; the browser's own calendar."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def count_field(label: Any, *, least: int = 0) -> forms.IntegerField:
    """A number of people."""
    return forms.IntegerField(label=label, min_value=least, max_value=MOST_PEOPLE)


class ActForm(forms.Form):
    """A form of an act; some acts ask nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            style(field)
            if "auto_id" not in kwargs:
                # The same field may stand in several forms of a page.
                field.widget.attrs["id"] = f"{type(self).__name__.lower()}-{name}"


class NothingForm(ActForm):
    """Asks nothing."""


class NoteForm(ActForm):
    """A note that one may leave out."""

    note = text_field(_("Note"), required=False)


class ReasonForm(ActForm):
    """A reason that the household is told."""

    reason = text_field(_("Reason (the household is told)"))


class ProposeForm(ActForm):
    """Why a household is proposed for exit."""

    reason = text_field(_("Why it has left poverty, in your own words"))


class AcceptForm(ActForm):
    """The village meeting, and the household's own acceptance."""

    meeting_on = day_field(_("Day of the village meeting"))
    present = count_field(_("People present"), least=1)
    signed_on = day_field(_("Day on which the household signed"))
    statement = text_field(_("What the household says"))


class VisitForm(ActForm):
    """What was seen and heard in the home."""

    note = text_field(_("What was seen"))
    statement = text_field(_("What the household says"))


class AppraiseForm(ActForm):
    """The vote of the village meeting."""

    meeting_on = day_field(_("Day of the village meeting"))
    present = count_field(_("People present"), least=1)
    votes_for = count_field(_("Votes for"))
    votes_against = count_field(_("Votes against"))
    note = text_field(_("What was said"), required=False)


class DecideForm(ActForm):
    """The county's decision on an exit."""

    exit_status = forms.ChoiceField(label=_("New status"))
    note = text_field(_("Reason (needed where the stricter profile is not passed)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {c.code: c.zh if is_chinese() else c.en for c in _statuses()}
        choices = [(code, known[code]) for code in EXITED]
        set_choices(self, "exit_status", choices)


def _statuses() -> Sequence[Any]:
    return schema.code_list("exit_status").values


class NumberForm(ActForm):
    """The number under which a household has come on file."""

    household_id = forms.CharField(label=_("Household number"), max_length=60)


class AnswerForm(ActForm):
    """The county's answer to an objection."""

    outcome = forms.ChoiceField(
        label=_("The objection is"),
        choices=(
            ("rejected", _("rejected: the case goes on")),
            ("upheld", _("upheld: the case is refused")),
        ),
    )
    text = text_field(_("Answer with its reason (the objector reads it)"))


class ApplicationForm(ActForm):
    """An application for identification: by number for a household on file, else with its head."""

    household_id = forms.CharField(
        label=_("Household number, if it is on file"), max_length=60, required=False
    )
    village = forms.TypedChoiceField(label=_("Village"), coerce=int, required=False)
    head_name = forms.CharField(label=_("Name of the head"), max_length=60, required=False)
    document_number = forms.CharField(
        label=_("Document number of the head"), max_length=30, required=False
    )
    persons = forms.IntegerField(label=_("Persons"), min_value=1, max_value=30, required=False)
    reason = text_field(_("Why it applies"))

    def __init__(self, *args: Any, villages: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_one = len(villages) == 1
        set_choices(self, "village", villages if is_one else [("", "—"), *villages])

    def clean(self) -> dict[str, Any]:
        """Either a number, or everything about the head."""
        given = super().clean() or self.cleaned_data
        asked = ("village", "head_name", "document_number", "persons")
        if not given.get("household_id"):
            for name in asked:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed where there is no household number"))
        return given


class EvaluateForm(ActForm):
    """What is evaluated, as of which day."""

    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    period = forms.TypedChoiceField(label=_("Year"), coerce=int)
    on = day_field(_("Rules as of"))

    def __init__(
        self,
        *args: Any,
        areas: Sequence[tuple[int, str]],
        periods: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "area", areas)
        years = [(year, year) for year in periods]
        set_choices(self, "period", years)

    def clean_on(self) -> Any:
        """Not later than today: rules of the future are not known."""
        found = self.cleaned_data["on"]
        if found > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future"))
        return found
