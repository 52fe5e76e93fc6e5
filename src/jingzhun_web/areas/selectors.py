"""Reads of areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from jingzhun_web.areas.models import Area, Level
from jingzhun_web.kit.scope import DIGITS, span


def ancestors(codes: Iterable[int]) -> dict[int, list[Area]]:
    """Area code -> the areas that contain it, widest first, itself last. One query."""
    wanted = {code: _prefixes(f"{code:012d}") for code in set(codes)}
    needed = {prefix for prefixes in wanted.values() for prefix in prefixes}
    known = Area.objects.in_bulk(needed)
    return {
        code: [known[prefix] for prefix in prefixes if prefix in known]
        for code, prefixes in wanted.items()
    }


def children(area: Area) -> QuerySet[Area]:
    """Areas directly below, in order of code."""
    return Area.objects.filter(parent=area)


def matching(
    *, text: str = "", parent: int | None = None, level: Level | None = None
) -> QuerySet[Area]:
    """Areas whose name holds a text or whose code begins with it, directly below one, of a level."""
    found = Area.objects.all()
    if parent is not None:
        found = found.filter(parent=parent)
    if level is not None:
        found = found.filter(level=level)
    if text.strip().isascii() and text.strip().isdigit():
        low, high = span(text.strip()[:DIGITS])
        return found.filter(code__gte=low, code__lte=high)
    return found.filter(name__contains=text.strip()) if text.strip() else found


def _prefixes(code: str) -> Sequence[int]:
    cuts = (code[:size].ljust(12, "0") for size in (2, 4, 6, 9, 12))
    return [int(cut) for cut in dict.fromkeys(cuts)]
