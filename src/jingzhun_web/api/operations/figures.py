"""Figures of areas: the same counts as the lists behind them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json
from jingzhun_web.api.schemas.common import AreaCode, Year
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.registry import selectors as registry

router = Router(tags=["figures"])
BELOW = {Level.PROVINCE: 4, Level.PREFECTURE: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}


class Counts(Schema):
    """Households of an area in a year."""

    area: AreaCode
    name: str | None
    on_file: int = Field(description="Households on file")
    registered: int = Field(description="Of these registered as poor, or not known")
    exited: int = Field(description="Registered and exited")


class Figures(Schema):
    """An area by the areas directly below it."""

    area: AreaCode
    period: int
    rows: list[Counts]


@router.get("/periods", response=list[int], auth=acts(Right.SEE_FIGURES, Right.SEE_ARCHIVES))
def periods(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Years for which there are archives in your areas, latest first."""
    return as_json(registry.periods())


@router.get("/figures/{area}/{period}", response=Figures, auth=acts(Right.SEE_FIGURES))
def figures(request: HttpRequest, area: AreaCode, period: Year) -> HttpResponse:
    """Households of an area of yours in a year, by the areas directly below it."""
    if not actor_of(request).scope.contains(area):
        raise Http404
    place = Area.objects.get(code=int(area))
    digits = BELOW.get(Level(place.level), Level.VILLAGE.value)
    found = registry.counts_below(registry.Filters(period=period, area=area), digits)
    names = Area.objects.in_bulk(found)
    rows = [
        {
            "area": f"{code:012d}",
            "name": names[code].name if code in names else None,
            **counts,
        }
        for code, counts in sorted(found.items())
    ]
    return as_json({"area": area, "period": period, "rows": rows})
