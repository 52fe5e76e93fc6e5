"""Evaluations by the engine: started, listed, a household's reasons, exit sheets of villages and counties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, listed, newest_first, row_of
from jingzhun_web.api.once import once
from jingzhun_web.api.operations.crosschecks import RunIn
from jingzhun_web.api.operations.jobs import JobOut, job_told
from jingzhun_web.api.schemas.common import AreaCode, Cursor, HouseholdId, Listed, Newest, Year
from jingzhun_web.evaluate import explaining, sheets
from jingzhun_web.evaluate import selectors as evaluations
from jingzhun_web.evaluate import services as evaluating
from jingzhun_web.evaluate.models import AreaVerdict, EvaluationRun
from jingzhun_web.registry import figures
from jingzhun_web.registry.models import Household

router = Router(tags=["evaluations"])


class EvaluationOut(Schema):
    """An evaluation by the engine, with what it was computed."""

    id: int
    area: AreaCode
    period: int
    on: date = Field(description="Date of the parameters")
    run_id: str
    pack: str
    pack_version: str
    engine_version: str
    profiles: list[str]
    counts: dict[str, Any] = Field(description="Profile, and `stricter`: outcome: households")
    created_at: datetime


@router.get("/evaluations", response=Listed[EvaluationOut], auth=acts(Right.SEE_FIGURES))
def list_evaluations(request: HttpRequest, wanted: Query[Newest]) -> HttpResponse:
    """Evaluations of your areas, newest first."""
    found = evaluations.runs()
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=_run)


@router.post("/evaluations", response={201: JobOut}, auth=acts(Right.RUN_JOBS))
@once
def start_evaluation(request: HttpRequest, given: RunIn) -> HttpResponse:
    """Let the engine judge an area's archives; watch the job."""
    job = evaluating.start_evaluation(
        by=actor_of(request), area=int(given.area), period=given.period, on=given.on
    )
    return as_json(job_told(job), status=201)


class Label(Schema):
    """Words in both languages."""

    en: str
    zh: str


class JudgedOut(Schema):
    """What a profile says of a household, out of the latest evaluation."""

    profile: str = Field(description="`stricter`: the one that counts")
    outcome: str = Field(description="passed, failed or not_assessable")
    score: float | None
    run_id: str


class EvaluationWhole(Schema):
    """A household's outcomes, and the reasons out of its archive as it now is."""

    on: date = Field(description="Date of the parameters")
    verdicts: list[JudgedOut] = Field(description="Empty: not evaluated yet")
    explained: list[dict[str, Any]] = Field(
        description=(
            "By profile: outcome, score, indicators with value, threshold, unit, points, weight, veto, source and"
            " parameters; what is missing; what would make it pass; and `text`, the lines in en and zh"
        )
    )


@router.get(
    "/households/{household_id}/{period}/evaluation",
    response=EvaluationWhole,
    auth=acts(Right.SEE_ARCHIVES),
)
def household_evaluation(
    request: HttpRequest,  # noqa: ARG001
    household_id: HouseholdId,
    period: Year,
) -> HttpResponse:
    """A household's outcomes with their reasons, and what would change them. No score decides."""
    home = Household.objects.get(household_id=household_id, period=period)
    verdicts = list(evaluations.verdicts(household_id, period))
    on = evaluations.rules_on(verdicts, period)
    return as_json(
        {
            "on": on,
            "verdicts": [row_of(row, JudgedOut) for row in verdicts],
            "explained": [told.data for told in explaining.explained(home, on=on)],
        }
    )


class SheetRow(Schema):
    """What a profile says of a village or county."""

    area: AreaCode
    period: int
    profile: str
    on: date
    run_id: str
    outcome: str


class SheetIndicator(Schema):
    """One indicator of an exit sheet."""

    id: str
    label: Label
    state: str = Field(description="met, not_met or not_assessable")
    value: Any
    threshold: Any
    unit: str | None
    source: str
    is_default: bool = Field(description="Our own choice: no regulation that we know says so")


class Sheet(SheetRow):
    """The exit sheet of a village or county."""

    indicators: list[SheetIndicator]


class SheetsWanted(Schema):
    """Of which year."""

    period: Year | None = Field(None, description="Year; the latest when left out")
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/exit-sheets", response=Listed[SheetRow], auth=acts(Right.SEE_FIGURES))
def exit_sheets(request: HttpRequest, wanted: Query[SheetsWanted]) -> HttpResponse:
    """Villages and counties of your areas with their outcomes, a county before its villages."""
    period = wanted.period or next(iter(figures.periods()), 0)
    return listed(
        request,
        evaluations.area_verdicts(period),
        by=("area", "profile"),
        after=wanted.after,
        size=wanted.size,
        told=lambda rows: [row_of(row, SheetRow) for row in rows],
    )


@router.get("/exit-sheets/{area}/{period}", response=list[Sheet], auth=acts(Right.SEE_FIGURES))
def exit_sheet(request: HttpRequest, area: AreaCode, period: Year) -> HttpResponse:  # noqa: ARG001
    """The exit sheets of a village or county, one a profile."""
    found = list(evaluations.area_verdicts(period).filter(area=int(area)))
    if not found:
        raise Http404
    return as_json([{**row_of(row, SheetRow), "indicators": _judged(row)} for row in found])


def _judged(found: AreaVerdict) -> list[dict[str, Any]]:
    return [
        {
            "id": one.indicator.id,
            "label": one.indicator.label.model_dump(),
            "state": one.state,
            "value": one.value,
            "threshold": one.threshold,
            "unit": one.indicator.unit,
            "source": one.indicator.source,
            "is_default": one.indicator.default,
        }
        for one in sheets.judged(found)
    ]


def _run(found: EvaluationRun) -> dict[str, Any]:
    return row_of(found, EvaluationOut)
