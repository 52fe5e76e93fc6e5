"""What all forms of the console do to their fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


def styled(form: forms.Form) -> None:
    """Tabler's classes on every field."""
    for field in form.fields.values():
        style(field)


def style(field: forms.Field) -> None:
    """Tabler's class on a field; boxes and buttons of a group have theirs in the template."""
    if isinstance(field.widget, forms.CheckboxInput):
        field.widget.attrs["class"] = "form-check-input"
    elif isinstance(field.widget, forms.RadioSelect | forms.HiddenInput):
        return
    elif isinstance(field.widget, forms.Select):
        field.widget.attrs["class"] = "form-select"
    else:
        field.widget.attrs["class"] = "form-control"


def set_choices(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Set the choices of a field of a form."""
    # Django's types know choices of the class only, not of a form's own field.
    setattr(form.fields[name], "choices", list(choices))  # noqa: B010
