"""Income and expenses of a household over the years: a chart by group, a table by item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jingzhun.standard import schema
from jingzhun_web.console.grouping import key_field_name
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.registry.narrowing import INCOME_GROUPS, income_items

EXPENSE = "expense"
Years = Mapping[int, Mapping[str, int | None]]


def over_years(years: Years) -> dict[str, Any]:
    """Rows of items known in some year (yuan a year; None: not known) and the option of their chart."""
    known = schema.table("households").by_name
    rows = [
        {
            "label": known[item].label.zh if is_chinese() else known[item].label.en,
            "is_expense": known[item].income_group == EXPENSE,
            "amounts": [years[year][item] for year in years],
        }
        for item in _items(years)
    ]
    return {"years": list(years), "rows": rows, "chart": _chart(years) if rows else None}


def _items(years: Years) -> list[str]:
    """Items that are known and not zero in some year, in the standard's order."""
    columns = [c.name for c in schema.table("households").columns if c.income_group]
    return [item for item in columns if any(year[item] for year in years.values())]


def _chart(years: Years) -> dict[str, Any]:
    """Bars of the groups of income, expenses below zero; a group not known in a year has no bar."""
    return {
        "legend": {"data": [key_field_name(group) for group in INCOME_GROUPS]},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": [str(year) for year in years]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "stack": "income",
                "name": key_field_name(group),
                "data": [_sum(year, group) for year in years.values()],
            }
            for group in INCOME_GROUPS
        ],
    }


def _sum(year: Mapping[str, int | None], group: str) -> int | None:
    amounts = [amount for item in income_items(group) if (amount := year[item]) is not None]
    if not amounts:
        return None
    return -sum(amounts) if group == EXPENSE else sum(amounts)
