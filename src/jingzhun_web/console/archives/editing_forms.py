"""Forms that change an archive: fields from the data standard, only what somebody changed is proposed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingzhun.standard.schema import Column
from jingzhun.standard.units import units
from jingzhun_web.console.archives.fields import editable, editable_of_person
from jingzhun_web.console.archives.forms import code_choices
from jingzhun_web.console.fields import style, written
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.registry import identifiers
from jingzhun_web.registry.changes import key_of
from jingzhun_web.registry.columns import is_sealed
from jingzhun_web.registry.subjects import Subject
from jingzhun_web.registry.values import LONGEST_TEXT

UNKNOWN = ("", _("not known"))
TRUTHS = (UNKNOWN, ("yes", _("yes")), ("no", _("no")))
TRUTH_OF: Mapping[Any, str] = {True: "yes", False: "no"}
NAME = "name"


class DateInput(forms.DateInput):
    """A date as browsers take it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


def _truth(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


_FIELDS: Mapping[str, Callable[[Column], forms.Field]] = {
    "int": lambda column: forms.IntegerField(**_limits(column)),
    "decimal": lambda column: forms.FloatField(**_limits(column)),
    "bool": lambda _column: forms.TypedChoiceField(choices=TRUTHS, coerce=_truth, empty_value=None),
    "date": lambda _column: forms.DateField(widget=DateInput()),
    "code": lambda column: forms.ChoiceField(choices=[UNKNOWN, *code_choices(column.codes or "")]),
    "codes": lambda column: forms.MultipleChoiceField(
        choices=code_choices(column.codes or ""), widget=forms.CheckboxSelectMultiple
    ),
}


def _limits(column: Column) -> dict[str, Any]:
    return {"min_value": column.min, "max_value": column.max}


class ReasonedForm(forms.Form):
    """A proposal with its reason, and what its writer had seen of the archive."""

    fresh = ""
    """What the archive shows now."""
    sections: Sequence[tuple[str | Promise, Sequence[str]]] = ()
    """Labels, each with the names of its fields."""

    reason = written(
        _("Reason"),
        longest=500,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def shown(self) -> Iterator[tuple[str | Promise, Sequence[forms.BoundField], bool]]:
        """Sections with their fields, and whether something in them can't be taken."""
        for label, names in self.sections:
            fields = [self[name] for name in names]
            yield label, fields, any(field.errors for field in fields)

    def proposed(self) -> dict[str, Any]:
        """What was changed, as `changes.propose` takes it."""
        raise NotImplementedError

    def seen_anew(self) -> None:
        """Sent again, it is sent with what is shown now."""
        if isinstance(self.data, QueryDict):
            given = self.data.copy()
            given["seen"] = self.fresh
            self.data = given


class EditForm(ReasonedForm):
    """The fields of a household or of one member, with the reason."""

    def __init__(self, data: Any = None, *, subject: Subject, person_id: str, seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fresh = seen
        self.person_id = person_id
        groups = editable_of_person() if person_id else editable()
        self.sections = [(label, [column.name for column in columns]) for label, columns in groups]
        for _label, columns in groups:
            for column in columns:
                value = subject.value(person_id, column.name)
                self.fields[column.name] = field_of(column, value)

    def proposed(self) -> dict[str, Any]:
        """What was changed, as `changes.propose` takes it."""
        names = {name for _label, names in self.sections for name in names}
        return {
            key_of(self.person_id, name): self.cleaned_data[name]
            for name in self.changed_data
            if name in names
        }


def field_of(column: Column, value: Any = None) -> forms.Field:
    """A field for a column of the standard, with its present value; identifiers are not sent."""
    make: Callable[[Column], forms.Field] = _FIELDS.get(column.type, _text)
    made = make(column)
    made.required = False
    made.label = _label(column)
    # Compared with what was shown, not with what is: nobody undoes another's change by not touching it.
    made.show_hidden_initial = True
    if is_sealed(column) and column.name != NAME:
        made.help_text = _kept(column.name, value)
    else:
        made.initial = TRUTH_OF.get(value) if column.type == "bool" else value
    if column.type != "codes":
        style(made)
    return made


def _text(_column: Column) -> forms.Field:
    return forms.CharField(max_length=LONGEST_TEXT)


def _kept(name: str, value: str | None) -> str:
    """A direct identifier is never sent to the browser in full; left empty, it stays."""
    if not value:
        return ""
    return gettext("Now %(masked)s. Leave empty to keep it.") % {
        "masked": identifiers.masked(name, value)
    }


def _label(column: Column) -> str:
    text = column.label.zh if is_chinese() else column.label.en
    unit = units().get(column.unit or "")
    if unit is None or unit.kind == "calendar":
        return text
    return f"{text} ({'0–1' if unit.kind == 'share' else unit.zh if is_chinese() else unit.en})"


class DecideForm(forms.Form):
    """Accepting or refusing a change."""

    note = forms.CharField(
        label=_("Note, or why it is refused"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    keep = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any = None, *, keys: Sequence[str], seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fields["keep"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """A photo or document to attach."""

    file = forms.FileField(
        label=_("Photo (JPEG, PNG) or document (PDF), 10 MB at most"),
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": "image/jpeg,image/png,application/pdf"}
        ),
    )
