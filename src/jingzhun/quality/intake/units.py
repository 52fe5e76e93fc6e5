"""Factors from a source's unit to the unit of the standard; the table is data (`data/units.yaml`)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from jingzhun.standard.schema import Column

MONTHS = 12


@cache
def _table() -> dict[str, Any]:
    text = files("jingzhun.quality.intake").joinpath("data/units.yaml").read_text("utf-8")
    table: dict[str, Any] = YAML(typ="safe").load(text)
    return table


@cache
def _sizes() -> dict[str, tuple[str, float]]:
    """Every spelling of a unit, in lower case -> its dimension and size."""
    found = {}
    for dimension, units in _table()["dimensions"].items():
        for name, unit in units.items():
            for spelling in (name, *unit["also"]):
                found[spelling.lower()] = (dimension, float(unit["size"]))
    return found


def _standard_unit(column: Column) -> tuple[str, float] | None:
    for start, unit in _table()["standard"].items():
        if (column.unit or "").startswith(start):
            return _sizes()[unit]
    return None


def unit_factor(column: Column, unit: str) -> float | None:
    """What a number in `unit` is multiplied by for this column; null when it can't be converted."""
    source, target = _sizes().get(unit.strip().lower()), _standard_unit(column)
    if source is None or target is None or source[0] != target[0]:
        return None
    return round(source[1] / target[1], 12)


def known_units(column: Column) -> list[str]:
    """The units a column can be read from, as the table names them first."""
    target = _standard_unit(column)
    return [] if target is None else list(_table()["dimensions"][target[0]])


def span_factor(column: Column, per: str) -> float | None:
    """Factor from an amount `per` month or year to the column's own span; null without a span."""
    unit = column.unit or ""
    own = next((span for span in ("month", "year") if unit.endswith(span)), None)
    if own is None or "yuan" not in unit:
        return None
    if own == per:
        return 1.0
    return float(MONTHS) if own == "year" else 1 / MONTHS
