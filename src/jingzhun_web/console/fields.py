"""What all forms of the console do to their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jingzhun_web.kit.reasons import SHORTEST_REASON, ReasonError, must_hold_no_number

ATTRIBUTES = tuple[tuple[str, Any], ...]
_AREA = re.compile(r"([0-9]{2,12})(?: |$)")
OPTIONS = tuple[tuple[str, str], ...]


def no_number(text: str) -> None:
    """For texts that stay and that many read: none holds somebody's number."""
    try:
        must_hold_no_number(text)
    except ReasonError as error:
        raise forms.ValidationError(error.sentence) from error


def written(
    label: Any, *, longest: int, required: bool = True, widget: forms.Widget | None = None
) -> forms.CharField:
    """A reason or note that stays and that many read; three lines high when no widget is given."""
    return forms.CharField(
        label=label,
        required=required,
        min_length=SHORTEST_REASON if required else None,
        max_length=longest,
        validators=[no_number],
        widget=widget or forms.Textarea(attrs={"rows": 3}),
    )


class KeptSelect(forms.Select):
    """A select whose markup is kept: filters of lists have some 300 options, the same on every page."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The select as HTML."""
        options = tuple((str(code), str(text)) for code, text in self.choices)
        chosen = "" if value is None else str(value)
        if chosen and chosen not in dict(options):
            # What somebody made up is not kept.
            return super().render(name, value, attrs, renderer)
        given = {**self.attrs, **(attrs or {})}
        return _markup(name, chosen, tuple(given.items()), options)


@lru_cache(maxsize=512)
def _markup(name: str, value: str, attrs: ATTRIBUTES, options: OPTIONS) -> SafeString:
    return forms.Select(dict(attrs), options).render(name, value)


class AreaChoice(forms.CharField):
    """An area as a filter: typed as its code or the beginning of one, or chosen from the list that appears while
    one types its name. Cleaned: its digits. The page has a `datalist` with the id `areas`."""

    def __init__(self, *, label: Any) -> None:
        offered = {"hx-get": reverse_lazy("account-areas"), "hx-include": "this"}
        shown = {"hx-trigger": "input delay:200ms", "hx-target": "#areas", "hx-swap": "innerHTML"}
        attrs = {"autocomplete": "off", "list": "areas", **offered, **shown}
        super().__init__(
            label=label, required=False, max_length=160, widget=forms.TextInput(attrs=attrs)
        )

    def clean(self, value: Any) -> str:
        """The digits; what tells no area is refused."""
        text = str(super().clean(value))
        found = _AREA.match(text)
        if text and found is None:
            raise forms.ValidationError(
                _("There is no such area in yours; type a part of its name and choose")
            )
        return found[1] if found else ""


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
