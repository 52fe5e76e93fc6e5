"""Values of the data standard as a change carries them: as JSON, checked against the standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun.standard.id_numbers import inspect
from jingzhun.standard.schema import Column
from jingzhun_web.registry.columns import columns
from jingzhun_web.registry.errors import ChangeError
from jingzhun_web.registry.models import HOUSEHOLD_KEYS, PERSON_KEYS

LONGEST_TEXT = 500
FIRST_YEAR, LAST_YEAR = 1880, 2100
DECIDED = ("exit_status",)
"""Columns that a decision changes (`services.set_status`), never a correction."""

HOUSEHOLD: Mapping[str, Column] = {
    column.name: column
    for column in columns("households", without=HOUSEHOLD_KEYS)
    if column.name not in DECIDED
}
PERSON: Mapping[str, Column] = {
    column.name: column for column in columns("persons", without=PERSON_KEYS)
}


def column_of(person_id: str, name: str) -> Column:
    """The column of a changeable field; ChangeError when there is none."""
    found = (PERSON if person_id else HOUSEHOLD).get(name)
    if found is None:
        raise ChangeError(
            _("The field %(name)s can't be changed here") % {"name": name},
            do=_("The status of a household changes by a decision only; numbers never change"),
        )
    return found


def as_json(value: Any) -> Any:
    """A value of the database as JSON."""
    return value.isoformat() if isinstance(value, date) else value


def as_stored(column: Column, value: Any) -> Any:
    """A value of a change as the database keeps it, direct identifiers left plain."""
    return date.fromisoformat(value) if column.type == "date" and value is not None else value


def checked(column: Column, value: Any) -> Any:
    """A given value as JSON, None for an empty one; ChangeError when the standard does not allow it."""
    if value is None or value in ("", []):
        return None
    try:
        check = _OF_NAME.get(column.name, _CHECKS[column.type])
        return check(column, value)
    except (ValueError, TypeError) as error:
        raise ChangeError(
            _("%(label)s can't be this value") % {"label": label_of(column)},
            why=str(error) if isinstance(error, _OutsideError) else "",
            do=_("Give a value that the field allows, or leave it empty when it is not known"),
        ) from error


class _OutsideError(ValueError):
    """A value that can be read and is not allowed; its text says what is."""


def _number(column: Column, value: Any) -> int | float:
    if isinstance(value, bool):
        raise TypeError
    found = int(str(value)) if column.type == "int" else float(value)
    low, high = column.min, column.max
    is_inside = (low is None or found >= low) and (high is None or found <= high)
    # A number that is none compares as false.
    if not is_inside:
        raise _OutsideError(
            _("Allowed is %(low)g to %(high)g") % {"low": low or 0, "high": high or 0}
        )
    return found


def _code(column: Column, value: Any) -> str:
    if value not in {code.code for code in schema.code_list(column.codes or "").values}:
        raise _OutsideError(_("There is no such code"))
    return str(value)


def _codes(column: Column, value: Any) -> list[str]:
    found = [_code(column, part) for part in dict.fromkeys(value)]
    if column.max_items is not None and len(found) > column.max_items:
        raise _OutsideError(_("Allowed are %(n)d at most") % {"n": column.max_items})
    return sorted(found)


def _truth(_column: Column, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(_column: Column, value: Any) -> str:
    text = str(value).strip()
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise _OutsideError(_("It is too long, or holds characters that can't be read"))
    return text


def _date(_column: Column, value: Any) -> str:
    found = value if isinstance(value, date) else date.fromisoformat(str(value))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _OutsideError(
            _("Allowed are the years %(low)d to %(high)d") % {"low": FIRST_YEAR, "high": LAST_YEAR}
        )
    return found.isoformat()


def _past(column: Column, value: Any) -> str:
    text = _date(column, value)
    if date.fromisoformat(text) > timezone.localdate():
        raise _OutsideError(_("This day has not come yet"))
    return text


def _telephone(column: Column, value: Any) -> str:
    return _digits(column, value, low=7, high=15)


def _account(column: Column, value: Any) -> str:
    return _digits(column, value, low=8, high=32)


def _digits(column: Column, value: Any, *, low: int, high: int) -> str:
    text = _text(column, value)
    digits = sum(character.isdecimal() for character in text)
    if set(text) - set("0123456789 +-()") or not low <= digits <= high:
        raise _OutsideError(
            _("Digits are needed, %(low)d to %(high)d") % {"low": low, "high": high}
        )
    return text


def _document(column: Column, value: Any) -> str:
    text = _text(column, value)
    problem = inspect(text, on=timezone.localdate()).problem
    if problem is not None:
        raise _OutsideError(_("The number is not a right one; look at the document again"))
    return text


_CHECKS: Mapping[str, Callable[[Column, Any], Any]] = {
    "str": _text,
    "int": _number,
    "decimal": _number,
    "bool": _truth,
    "date": _date,
    "code": _code,
    "codes": _codes,
    "division": _text,
    "id_number": _document,
}

_OF_NAME: Mapping[str, Callable[[Column, Any], Any]] = {
    "phone": _telephone,
    "bank_account": _account,
    "birth_date": _past,
}
"""Fields of which more can be said than their type says."""


def label_of(column: Column) -> str:
    """A column's label in the page's language."""
    return column.label.zh if (get_language() or "").startswith("zh") else column.label.en
