"""Areas to choose from in forms, by name: nobody has to know a code by heart."""

from __future__ import annotations

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.kit.scope import span

Choices = list[tuple[int, str]]


def villages(actor: Actor, right: Right) -> Choices:
    """Villages in which somebody holds a right, each after its township where there are several."""
    found: dict[int, Area] = {}
    for held in actor.areas_of(right):
        inside = Area.objects.filter(level=Level.VILLAGE, code__range=span(held))
        found |= {area.code: area for area in inside.select_related("parent").order_by("code")}
    is_one = len({area.parent_id for area in found.values()}) == 1
    return [
        (area.code, area.name if is_one or area.parent is None else f"{area.parent} {area}")
        for area in found.values()
    ]


def counties(actor: Actor, right: Right) -> Choices:
    """Areas in which somebody holds a right, with those below them down to counties."""
    own = _held(actor, right)
    below = [child for area in own if area.level < Level.COUNTY for child in areas.children(area)]
    further = [c for area in below if area.level < Level.COUNTY for c in areas.children(area)]
    return [
        (area.code, f"{area.name} {area.digits[:6]}")
        for area in (*own, *below, *further)
        if area.level <= Level.COUNTY
    ]


def with_below(actor: Actor, right: Right) -> Choices:
    """Areas in which somebody holds a right, each followed by those directly below it."""
    found = [near for area in _held(actor, right) for near in (area, *areas.children(area))]
    return [(area.code, area.name) for area in found]


def _held(actor: Actor, right: Right) -> list[Area]:
    codes = [int(code) for code in actor.areas_of(right)]
    return [path[-1] for path in areas.ancestors(codes).values() if path]
