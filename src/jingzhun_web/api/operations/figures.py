"""Figures of areas: the same counts as the lists behind them, out of the sums that the pages read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json
from jingzhun_web.api.schemas.common import AreaCode, Year
from jingzhun_web.areas.models import Area
from jingzhun_web.crosscheck import selectors as crosscheck
from jingzhun_web.registry import figures as sums

router = Router(tags=["figures"])
_SEE = acts(Right.SEE_FIGURES)
Sums = Annotated[
    dict[str, int],
    Field(
        description=(
            "Registered households (`on_file`: all on file): by state; `status_` and `cause_` by code;"
            " `unknown_`, `known_`: of which a field or a group of income is not, or is, known; `yuan_`: the"
            " group's recorded income, yuan a year, of those for which it is known; `persons`: at the year's"
            " end, of the `persons_known` households that tell it"
        )
    ),
]


class Counts(Schema):
    """An area directly below."""

    area: AreaCode
    name: str | None
    sums: Sums


class Figures(Schema):
    """An area in a year, and by the areas directly below it."""

    area: AreaCode
    period: int
    sums: Sums
    rows: list[Counts]


class OfYear(Schema):
    """Households of an area in one year, by state."""

    period: int
    sums: dict[str, int]


class Trend(Schema):
    """An area over the years, the earliest first."""

    area: AreaCode
    changed_at: datetime | None = Field(description="Last change of an archive; null: never")
    years: list[OfYear]


class Work(Schema):
    """Findings that stand, and outcomes of the latest evaluation, of an area in a year."""

    area: AreaCode
    period: int
    findings: dict[str, int] = Field(
        description="`all`, `overdue`, by state, and by severity (`severity_high`)"
    )
    outcomes: dict[str, dict[str, int]] = Field(
        description="Profile, and `stricter`: outcome: households"
    )


@router.get("/periods", response=list[int], auth=acts(Right.SEE_FIGURES, Right.SEE_ARCHIVES))
def periods(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Years for which there are archives in your areas, latest first."""
    return as_json(sums.periods())


@router.get("/figures/{area}", response=Trend, auth=_SEE)
def trend(request: HttpRequest, area: AreaCode) -> HttpResponse:
    """Households of an area of yours over the years."""
    _own(request, area)
    found = sums.history(area)
    years = [{"period": period, "sums": row} for period, row in sorted(found.trend.items())]
    return as_json({"area": area, "changed_at": found.changed_at, "years": years})


@router.get("/figures/{area}/{period}", response=Figures, auth=_SEE)
def figures(request: HttpRequest, area: AreaCode, period: Year) -> HttpResponse:
    """Households of an area of yours in a year, and by the areas directly below it."""
    place = _own(request, area)
    below = sums.sums_below(area, period, place.level_below)
    return as_json(
        {
            "area": area,
            "period": period,
            "sums": sums.total(below.values()),
            "rows": _rows(below),
        }
    )


@router.get("/figures/{area}/{period}/work", response=Work, auth=_SEE)
def work(request: HttpRequest, area: AreaCode, period: Year) -> HttpResponse:
    """Findings and outcomes of an area of yours in a year, counted like their lists."""
    _own(request, area)
    filters = crosscheck.Filters(period=period, area=area, on=timezone.localdate())
    return as_json(
        {
            "area": area,
            "period": period,
            "findings": crosscheck.counts(filters),
            "outcomes": sums.outcomes(area, period),
        }
    )


def _own(request: HttpRequest, area: str) -> Area:
    if not actor_of(request).scope.contains(area):
        raise Http404
    return Area.objects.get(code=int(area))


def _rows(below: Mapping[int, sums.Sums]) -> list[dict[str, object]]:
    names = Area.objects.in_bulk(below)
    return [
        {
            "area": f"{code:012d}",
            "name": names[code].name if code in names else None,
            "sums": row,
        }
        for code, row in below.items()
    ]
