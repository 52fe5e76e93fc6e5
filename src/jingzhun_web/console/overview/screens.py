"""What the page for a wall shows: sums of areas, nothing of a household, no step to a list."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jingzhun_web.areas.models import Area, Level
from jingzhun_web.console.overview import charts, presented
from jingzhun_web.console.overview.asked import Asked, named
from jingzhun_web.registry import figures

HEADLINES = 4
CAUSES = 8
AREAS = 12


def screen(asked: Asked) -> dict[str, Any]:
    """Headlines, map (or the areas below), trend and causes of an area."""
    has_map = asked.level_below <= Level.COUNTY
    depth = Level.COUNTY.value if has_map else asked.level_below
    lowest = figures.sums_below(asked.digits, asked.period, depth)
    sums = figures.total(lowest.values())
    causes = presented.causes(asked, sums)["rows"][:CAUSES]
    return {
        "asked": asked,
        "name": named(asked.area),
        "headlines": presented.headlines(asked, sums)[:HEADLINES],
        "persons": sums["persons"],
        "map": presented.area_map(asked, lowest, "exited_share") if has_map else None,
        "areas": charts.bars(_areas(lowest), "count"),
        "trend": charts.trend(asked.trend),
        "causes": charts.bars([{**row, "href": None} for row in causes]),
        "now": timezone.localtime(),
        "back": asked.page_of(asked.digits),
    }


def _areas(sums: dict[int, figures.Sums]) -> list[dict[str, Any]]:
    names = Area.objects.in_bulk(sums)
    rows: list[dict[str, Any]] = [
        {"label": named(names[code]), "count": part["registered"]}
        for code, part in sums.items()
        if code in names
    ]
    return sorted(rows, key=lambda row: -row["count"])[:AREAS]
