"""Long work: what runs, and how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import acts
from jingzhun_web.api.listing import as_json, newest_first, row_of
from jingzhun_web.api.schemas.common import AreaCode, Id, Listed, Newest
from jingzhun_web.jobs.models import Job, State

JobState = Annotated[str, Field(json_schema_extra={"enum": State.values})]
router = Router(tags=["jobs"])
_WATCH = acts(Right.RUN_JOBS, Right.IMPORT)


class JobOut(Schema):
    """Long work on an area. Ask again while `state` is waiting or running."""

    id: int
    kind: str
    area: AreaCode
    state: JobState
    step: str = Field(description="What is being done")
    done: int = Field(description="Steps done, of `total`")
    total: int = Field(description="0: not known yet")
    result: dict[str, Any] | None = Field(description="Counts; null: not done")
    error: str = Field(description="Why it failed")
    created_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


@router.get("/jobs", response=Listed[JobOut], auth=_WATCH)
def jobs(request: HttpRequest, wanted: Query[Newest]) -> HttpResponse:
    """Jobs of your areas, newest first."""
    found = Job.objects.all()
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=job_told)


@router.get("/jobs/{job_id}", response=JobOut, auth=_WATCH)
def job(request: HttpRequest, job_id: Id) -> HttpResponse:  # noqa: ARG001
    """One job and its progress."""
    return as_json(job_told(Job.objects.get(pk=job_id)))


def job_told(job: Job) -> dict[str, Any]:
    """A job as answers tell it."""
    return row_of(job, JobOut)
