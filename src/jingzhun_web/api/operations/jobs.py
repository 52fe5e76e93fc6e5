"""Long work: what runs, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import acts
from jingzhun_web.api.listing import as_json, plain_list
from jingzhun_web.api.schemas.common import AreaCode, Id, Listed
from jingzhun_web.jobs.models import Job, State

router = Router(tags=["jobs"])
_WATCH = acts(Right.RUN_JOBS, Right.IMPORT)


class JobOut(Schema):
    """Long work on an area. Ask again while `state` is waiting or running."""

    id: int
    kind: str
    area: AreaCode
    state: State
    step: str = Field(description="What is being done")
    done: int = Field(description="Steps done, of `total`")
    total: int = Field(description="0: not known yet")
    result: dict[str, Any] | None = Field(description="Counts; null: not done")
    error: str = Field(description="Why it failed")
    created_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


class Wanted(Schema):
    """Where the list begins."""

    after: Id | None = Field(None, description="Jobs before this one: the cursor of `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/jobs", response=Listed[JobOut], auth=_WATCH)
def jobs(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Jobs of your areas, newest first."""
    found = Job.objects.order_by("-id")
    if wanted.after:
        found = found.filter(id__lt=wanted.after)
    rows = list(found[: wanted.size + 1])
    shown = rows[: wanted.size]
    has_more = len(rows) > wanted.size
    return plain_list(request, list(_told(shown)), str(shown[-1].pk) if has_more else None)


@router.get("/jobs/{job_id}", response=JobOut, auth=_WATCH)
def job(request: HttpRequest, job_id: Id) -> HttpResponse:  # noqa: ARG001
    """One job and its progress."""
    return as_json(job_told(Job.objects.get(pk=job_id)))


def _told(rows: Sequence[Job]) -> Iterable[dict[str, Any]]:
    return map(job_told, rows)


def job_told(job: Job) -> dict[str, Any]:
    """A job as answers tell it."""
    row = {name: getattr(job, name) for name in JobOut.model_fields}
    return {**row, "area": f"{job.area:012d}"}
