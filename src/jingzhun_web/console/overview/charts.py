"""Options of charts: plain data for the script that draws them; a table with the same figures stands beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jingzhun_web.console.grouping import group_name

Option = dict[str, Any]
LINES = ("registered", "exited", "not_exited", "returned")
# Light to dark: few to many.
FEW, MANY = "#d6e6f5", "#0b4f8a"


def trend(rows: Mapping[int, Mapping[str, int]]) -> Option:
    """Households by state over the years."""
    years = sorted(rows)
    return {
        "legend": {"data": [group_name(name) for name in LINES]},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [str(year) for year in years]},
        "yAxis": {"type": "value", "min": 0},
        "series": [
            {
                "type": "bar" if len(years) == 1 else "line",
                "name": group_name(name),
                "data": [rows[year][name] for year in years],
            }
            for name in LINES
        ],
    }


def bars(rows: Sequence[Mapping[str, Any]], value: str = "count") -> Option:
    """One bar a row (`label`, `href`, the value), the first on top."""
    shown = list(reversed(rows))
    return {
        "tooltip": {"trigger": "item"},
        "grid": {"left": 8, "right": 48, "top": 4, "bottom": 4, "outerBoundsMode": "same"},
        "xAxis": {"type": "value", "min": 0},
        "yAxis": {
            "type": "category",
            "data": [row["label"] for row in shown],
            "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "data": [
                    {"value": row[value], "href": row.get("href"), "title": row["label"]}
                    for row in shown
                ],
            }
        ],
    }


def parts(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[int], str]],
    links: Sequence[str] = (),
) -> Option:
    """Bars of several parts each: a label a bar, and (name, values, colour) a part."""
    last = len(labels) - 1
    return {
        "legend": {"data": [name for name, _values, _colour in series]},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "grid": {"left": 8, "right": 16, "top": 32, "bottom": 4, "outerBoundsMode": "same"},
        "xAxis": {"type": "value", "min": 0},
        "yAxis": {"type": "category", "data": list(reversed(labels))},
        "series": [
            {
                "type": "bar",
                "stack": "whole",
                "name": name,
                "itemStyle": {"color": colour},
                "data": [
                    {"value": value, "href": links[last - place] if links else None}
                    for place, value in enumerate(reversed(values))
                ],
            }
            for name, values, colour in series
        ],
    }


def areas_map(rows: Sequence[Mapping[str, Any]], *, label: str, with_names: bool) -> Option:
    """Counties coloured by a value; rows have `code`, `label`, `value`, `told`, `href`."""
    values = [row["value"] for row in rows if row["value"] is not None]
    return {
        "tooltip": {"trigger": "item"},
        "visualMap": {
            "type": "continuous",
            "min": min(values, default=0),
            "max": max(values, default=0) or 1,
            "text": [f"{max(values, default=0):,}", f"{min(values, default=0):,}"],
            "inRange": {"color": [FEW, MANY]},
            "left": 0,
            "bottom": 0,
            "itemHeight": 90,
        },
        "series": [
            {
                "type": "map",
                "name": label,
                "label": {"show": with_names},
                "data": [
                    {
                        "name": row["code"],
                        "title": row["label"],
                        "value": row["value"],
                        "told": row["told"],
                        "href": row["href"],
                    }
                    for row in rows
                ],
            }
        ],
    }
