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
from jingzhun.standard.units import with_unit


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
        value = getattr(row, name)
        if value is not None and column.type in ("int", "decimal"):
            text = with_unit(value, column.unit, "zh" if is_chinese() else "en")
        else:
            text = value_text(column, value)
        # The unit stands with the number already; kept for pages that show it apart.
        shown.append({"label": label, "value": text, "unit": ""})
    return shown


def query_without(request: HttpRequest, *names: str) -> str:
    """The query of the address without some of its parts, for links."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
