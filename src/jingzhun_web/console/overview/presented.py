"""Figures as pages show them."""

from __future__ import annotations

from typing import Any

from jingzhun_web.areas.models import Area, Level
from jingzhun_web.registry import selectors as registry

NEXT_LEVEL = {2: 4, 4: 6, 6: 9, 9: 12}


def figures(area: Area, filters: registry.Filters) -> dict[str, Any]:
    """Households by the areas below one, and their totals: the same counts as the list behind each."""
    digits = NEXT_LEVEL.get(area.level, Level.VILLAGE.value)
    counts = registry.counts_below(filters, digits)
    names = Area.objects.in_bulk(counts)
    rows = [
        {"area": names[code], **row, "share": _share(row["exited"], row["registered"])}
        for code, row in sorted(counts.items())
        if code in names
    ]
    names_of_counts = ("on_file", "registered", "exited")
    total = {key: sum(row[key] for row in counts.values()) for key in names_of_counts}
    return {
        "area": area,
        "period": filters.period,
        "rows": rows,
        "total": {**total, "share": _share(total["exited"], total["registered"])},
        "is_lowest": area.level == Level.VILLAGE,
    }


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
