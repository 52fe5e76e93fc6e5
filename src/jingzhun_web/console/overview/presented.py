"""Figures of an area as its page shows them: each with the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.console.grouping import group_name, key_field_name
from jingzhun_web.console.overview import charts, maps
from jingzhun_web.console.overview.asked import Asked, named
from jingzhun_web.console.wording import value_text
from jingzhun_web.registry import figures
from jingzhun_web.registry.figures import Sums
from jingzhun_web.registry.narrowing import INCOME_GROUPS, KEY_FIELDS

HEADLINES = ("registered", "exited", "not_exited", "returned", "exited_this_year", "on_file")
MEASURES = ("exited_share", "not_exited", "registered")
REGISTERED = {"group": "registered"}
SMALLEST_COUNTY_MAP = 4


def dashboard(asked: Asked, *, measure: str = "") -> dict[str, Any]:
    """Everything of an area's page that the summary holds."""
    by_county = asked.level_below == Level.PREFECTURE
    depth = Level.COUNTY.value if by_county else asked.level_below
    lowest = figures.sums_below(asked.digits, asked.period, depth)
    below = figures.rolled_up(lowest, asked.level_below) if by_county else lowest
    sums = figures.total(lowest.values())
    chosen = measure if measure in MEASURES else MEASURES[0]
    return {
        "asked": asked,
        "headlines": headlines(asked, sums),
        "persons": sums["persons"],
        "persons_known": sums["persons_known"],
        "below": areas_below(asked, below),
        "is_lowest": asked.area.level == Level.VILLAGE,
        "map": area_map(asked, lowest, chosen) if depth == Level.COUNTY else None,
        "measures": [(name, measure_name(name)) for name in MEASURES],
        "measure": chosen,
        "trend": trend(asked),
        "causes": causes(asked, sums),
        "statuses": statuses(asked, sums),
        "income": income(asked, sums),
        "quality": quality(asked, sums),
        "load": figures.latest_load(),
    }


def headlines(asked: Asked, sums: Sums) -> list[dict[str, Any]]:
    """The figures on top, the largest group first."""
    return [
        {
            "label": group_name(name),
            "count": sums[name],
            "share": None if name in ("registered", "on_file") else share(sums, name),
            "href": asked.households(**({} if name == "on_file" else {"group": name})),
        }
        for name in HEADLINES
    ]


def share(sums: Sums, name: str) -> float | None:
    """Percent of the registered households; None where there are none."""
    whole = sums["registered"]
    return round(100 * sums[name] / whole, 1) if whole else None


def areas_below(asked: Asked, below: Mapping[int, Sums]) -> list[dict[str, Any]]:
    """One row per area directly below, in order of code."""
    names = Area.objects.in_bulk(below)
    rows = []
    for code, sums in below.items():
        digits = f"{code:012d}"
        rows.append(
            {
                "label": named(names[code]) if code in names else digits,
                "page": asked.page_of(digits),
                "cells": [
                    {"count": sums[name], "href": asked.households(digits, group=name)}
                    for name in ("registered", "exited", "not_exited", "returned")
                ],
                "share": share(sums, "exited"),
            }
        )
    return rows


def measure_name(name: str) -> str:
    """What the map is coloured by, in words."""
    if name == "exited_share":
        return _("Share lifted out of registered households (%)")
    return _("Households: %(group)s") % {"group": group_name(name)}


def area_map(asked: Asked, counties: Mapping[int, Sums], measure: str) -> dict[str, Any] | None:
    """The map of the counties in an area; None where the pack has no shapes of them."""
    prefix = asked.digits[: asked.area.level]
    if not maps.is_drawn(prefix):
        return None
    names = Area.objects.in_bulk(counties)
    rows = []
    for code, sums in counties.items():
        value = share(sums, "exited") if measure == "exited_share" else sums[measure]
        rows.append(
            {
                "code": f"{code:012d}",
                "label": named(names[code]) if code in names else str(code),
                "value": value,
                "told": "—" if value is None else f"{value:,}",
                "href": asked.page_of(f"{code:012d}"),
            }
        )
    label = measure_name(measure)
    option = charts.areas_map(rows, label=label, with_names=asked.area.level >= Level.PREFECTURE)
    return {"option": option, "shapes": reverse("map", args=[prefix]), "label": label}


def trend(asked: Asked) -> dict[str, Any]:
    """Households by state over the years, each with its list."""
    rows = [
        {
            "period": period,
            "cells": [
                {
                    "count": asked.trend[period][name],
                    "href": asked.in_period(period).households(group=name),
                }
                for name in charts.LINES
            ],
        }
        for period in asked.periods
    ]
    heads = [group_name(name) for name in charts.LINES]
    return {"option": charts.trend(asked.trend), "heads": heads, "rows": rows}


def causes(asked: Asked, sums: Sums) -> dict[str, Any]:
    """Registered households by main cause, most first; those whose cause is not known stand last."""
    column = schema.table("households").by_name["main_cause"]
    rows: list[dict[str, Any]] = [
        {
            "label": value_text(column, code),
            "count": sums[f"cause_{code}"],
            "share": share(sums, f"cause_{code}"),
            "href": asked.households(**REGISTERED, cause=code),
        }
        for code in figures.CAUSES
        if sums[f"cause_{code}"]
    ]
    rows.sort(key=lambda row: -row["count"])
    rows += _unknown(asked, sums, "main_cause")
    return {"option": charts.bars(rows), "rows": rows}


def statuses(asked: Asked, sums: Sums) -> list[dict[str, Any]]:
    """Registered households by exit status as recorded."""
    column = schema.table("households").by_name["exit_status"]
    rows = [
        {
            "label": value_text(column, code),
            "count": sums[f"status_{code}"],
            "share": share(sums, f"status_{code}"),
            "href": asked.households(**REGISTERED, status=code),
        }
        for code in figures.STATUSES
        if sums[f"status_{code}"]
    ]
    return rows + _unknown(asked, sums, "exit_status")


def _unknown(asked: Asked, sums: Sums, name: str) -> list[dict[str, Any]]:
    if not sums[f"unknown_{name}"]:
        return []
    return [
        {
            "label": _("not known"),
            "count": sums[f"unknown_{name}"],
            "share": share(sums, f"unknown_{name}"),
            "href": asked.households(**REGISTERED, unknown=name),
        }
    ]


def income(asked: Asked, sums: Sums) -> dict[str, Any]:
    """Income by group as recorded, yuan a year; an average rests on the households for which it is known."""
    rows = []
    for name in INCOME_GROUPS:
        known, yuan = sums[f"known_{name}"], sums[f"yuan_{name}"]
        rows.append(
            {
                "label": key_field_name(name),
                "yuan": yuan,
                "per_household": round(yuan / known) if known else None,
                "known": known,
                "href": asked.households(**REGISTERED, known=name),
            }
        )
    return {"option": charts.bars(rows, "per_household"), "rows": rows}


def quality(asked: Asked, sums: Sums) -> list[dict[str, Any]]:
    """Share of registered households for which a key field is not known, most first."""
    rows = [
        {
            "label": key_field_name(name),
            "count": sums[f"unknown_{name}"],
            "share": share(sums, f"unknown_{name}"),
            "href": asked.households(**REGISTERED, unknown=name),
        }
        for name in KEY_FIELDS
    ]
    return sorted(rows, key=lambda row: -row["count"])
