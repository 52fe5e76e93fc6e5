"""Values of the data standard in words, with their unit, in the page's language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun.standard.schema import Column


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "").startswith("zh")


@cache
def _codes(name: str) -> dict[str, tuple[str, str]]:
    return {code.code: (code.en, code.zh) for code in schema.code_list(name).values}


def value_text(column: Column, value: Any) -> str:
    """A value in words; a dash where it is not known."""
    if value is None:
        return "—"
    if column.type == "bool":
        return _("yes") if value else _("no")
    if column.codes:
        known = _codes(column.codes)
        parts = value if isinstance(value, list) else [value]
        named = [known.get(part, (part, part))[is_chinese()] for part in parts]
        return ("、" if is_chinese() else ", ").join(named) or "—"
    return str(value)


def facts(table: str, row: Any, names: Sequence[str]) -> list[dict[str, str]]:
    """Label and value of some columns of a row, with the unit where there is one."""
    known = schema.table(table).by_name
    shown = []
    for name in names:
        if name not in known:
            continue
        column = known[name]
        label = column.label.zh if is_chinese() else column.label.en
        text = value_text(column, getattr(row, name))
        shown.append({"label": label, "value": text, "unit": _unit(column, text)})
    return shown


def _unit(column: Column, text: str) -> str:
    if text == "—" or column.type in ("date", "code", "codes", "bool") or column.unit is None:
        return ""
    return (
        {"mu": "亩", "m2": "平方米", "km": "公里", "yuan": "元", "year": ""}.get(
            column.unit, column.unit
        )
        if is_chinese()
        else ("" if column.unit == "year" else column.unit)
    )


def query_without(request: HttpRequest, *names: str) -> str:
    """The query of the address without some of its parts, for links."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
