"""The facts that a finding compares, in words: columns of the data standard, and parameters of the pack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun.standard.schema import Column
from jingzhun.standard.units import with_unit
from jingzhun_web.areas.packs import pack
from jingzhun_web.console.wording import is_chinese, value_text
from jingzhun_web.crosscheck.models import Finding

MEMBER = "m"


def compared(finding: Finding) -> list[dict[str, str]]:
    """Each fact with whose it is (register, department, rule), its label and its value or values."""
    values: Mapping[str, Any] = json.loads(finding.compared or "{}")
    return [_fact(name, value) for name, value in values.items()]


def record_text(record: str) -> str:
    """A record of another department: what it is and its number there."""
    table, _colon, number = record.partition(":")
    return f"{_owner(table)} {number}" if number and table in schema.tables() else record


def _fact(name: str, value: Any) -> dict[str, str]:
    table, own = _place(name)
    column = schema.table(table).by_name.get(own) if table else None
    known = pack().parameters.get(own)
    unit = column.unit if column is not None else None if known is None else known.unit
    several = value if isinstance(value, list) else [value]
    texts = [_one(column, one, unit) for one in several]
    # A value, or those of several records with slashes; a dash where it is not known.
    shown = " / ".join(texts) if texts else "—"
    return {"of": _owner(table), "label": _label(own, column), "value": shown}


def _place(name: str) -> tuple[str, str]:
    """Table (empty: none) and column of a fact."""
    owner, _dot, own = name.partition(".")
    if not own:
        is_column = owner in schema.table("households").by_name
        return ("households" if is_column else "", owner)
    return ("persons", own) if owner == MEMBER else (owner, own)


def _owner(table: str) -> str:
    if not table:
        return _("Rule")
    if table in ("households", "persons"):
        return _("Register")
    label = schema.table(table).label
    return label.zh if is_chinese() else label.en


def _label(own: str, column: Column | None) -> str:
    language = "zh" if is_chinese() else "en"
    if column is not None:
        return column.label.text(language)
    known = pack().parameters.get(own)
    if known is not None:
        return known.label.text(language)
    return _("Age") if own == "age" else own.replace("_", " ")


def _one(column: Column | None, value: Any, unit: str | None) -> str:
    if value is None:
        return "—"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and (column is None or not column.codes):
        return with_unit(value, unit, "zh" if is_chinese() else "en")
    if column is not None:
        return value_text(column, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
