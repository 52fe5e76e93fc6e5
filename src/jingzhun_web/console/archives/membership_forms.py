"""Forms that put somebody on file in a household, or take them off it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingzhun_web.console.archives.editing_forms import (
    DateInput,
    ReasonedForm,
    field_of,
)
from jingzhun_web.console.archives.fields import editable_of_person
from jingzhun_web.console.archives.forms import code_choices
from jingzhun_web.console.fields import set_choices, style
from jingzhun_web.registry.membership import JOINING, LEAVING, NEEDED
from jingzhun_web.registry.proposals import NEW
from jingzhun_web.registry.subjects import HEAD, REDUCED, Subject
from jingzhun_web.registry.values import PERSON

NOT_ASKED = ("record_state",)
CHOOSE = ("", "—")


class JoinForm(ReasonedForm):
    """Everything that the register holds of a person; what it must know is required."""

    title = _("Needed")
    hint = _(
        "The number is looked for in the whole register of the year: nobody is current in two households."
    )

    def __init__(self, data: Any = None, *, seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fresh = seen
        rest = [
            (label, [column.name for column in columns if column.name not in (*NEEDED, *NOT_ASKED)])
            for label, columns in editable_of_person()
        ]
        self.sections = [(self.title, NEEDED), *rest]
        for _label, names in self.sections:
            for name in names:
                self.fields[name] = made = field_of(PERSON[name])
                made.required, made.show_hidden_initial = name in NEEDED, False
        set_choices(self, "change_reason", [CHOOSE, *_reasons(JOINING)])

    def proposed(self) -> dict[str, Any]:
        """The person, as `changes.propose` takes it."""
        names = [name for _label, names in self.sections for name in names]
        given = {name: self.cleaned_data[name] for name in names}
        return {
            f"{NEW}1/{name}": value
            for name, value in given.items()
            if value is not None and value not in ("", [])
        }


class LeaveForm(ReasonedForm):
    """Why and when a member leaves; who is the head then, and what the others are to them."""

    title = _("Why and when")
    hint = _(
        "The record stays in the archive, marked as reduced; it no longer counts as a member of the household."
    )

    change_reason = forms.ChoiceField(label=_("Reason for leaving"))
    change_date = forms.DateField(label=_("Date of leaving"), widget=DateInput())

    def __init__(
        self,
        data: Any = None,
        *,
        subject: Subject,
        person_id: str,
        names: Mapping[str, str],
        seen: str,
    ) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fresh, self.person_id, self.subject = seen, person_id, subject
        self.others = [person for person in subject.current() if person != person_id]
        self.is_head = subject.value(person_id, "relation") == HEAD
        self.sections = [(self.title, ["change_reason", "change_date"])]
        set_choices(self, "change_reason", [CHOOSE, *_reasons(LEAVING)])
        style(self.fields["change_reason"])
        if not self.others:
            self._ask_to_close()
        elif self.is_head:
            self._ask_for_head(names)

    def _ask_to_close(self) -> None:
        self.fields["close"] = forms.BooleanField(
            label=_("This is the last member: take the household off the register with them")
        )
        style(self.fields["close"])
        self.sections = [*self.sections, (_("The household"), ["close"])]

    def _ask_for_head(self, names: Mapping[str, str]) -> None:
        choices = [CHOOSE, *((person, names[person]) for person in self.others)]
        self.fields["head"] = forms.ChoiceField(label=_("New head"), choices=choices)
        style(self.fields["head"])
        asked = ["head"]
        for place, person in enumerate(self.others):
            made = field_of(PERSON["relation"], self.subject.value(person, "relation"))
            made.show_hidden_initial = False
            made.label = gettext("%(name)s is to the new head") % {"name": names[person]}
            self.fields[f"relation-{place}"] = made
            asked.append(f"relation-{place}")
        self.sections = [*self.sections, (_("Head and relations"), asked)]

    def proposed(self) -> dict[str, Any]:
        """The change, as `changes.propose` takes it."""
        told = self.cleaned_data
        found: dict[str, Any] = {
            f"{self.person_id}/record_state": REDUCED,
            f"{self.person_id}/change_reason": told["change_reason"],
            f"{self.person_id}/change_date": told["change_date"],
        }
        if not self.others:
            found["is_registered"] = False
        elif self.is_head:
            for place, person in enumerate(self.others):
                found[f"{person}/relation"] = told[f"relation-{place}"] or None
            found[f"{told['head']}/relation"] = HEAD
        return found


def _reasons(codes: Sequence[str]) -> list[tuple[str, str]]:
    named = dict(code_choices("member_change"))
    return [(code, named[code]) for code in codes]
