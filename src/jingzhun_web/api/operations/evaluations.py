"""Evaluations by the engine: started as jobs, listed with what they were computed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, newest_first, row_of
from jingzhun_web.api.once import once
from jingzhun_web.api.operations.crosschecks import RunIn
from jingzhun_web.api.operations.jobs import JobOut, job_told
from jingzhun_web.api.schemas.common import AreaCode, Listed, Newest
from jingzhun_web.evaluate import selectors as evaluations
from jingzhun_web.evaluate import services as evaluating
from jingzhun_web.evaluate.models import EvaluationRun

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


@router.get("/evaluations", response=Listed[EvaluationOut], auth=acts(Right.SEE_ARCHIVES))
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


def _run(found: EvaluationRun) -> dict[str, Any]:
    return row_of(found, EvaluationOut)
