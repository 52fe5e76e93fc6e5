"""Pages of jobs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jingzhun_web.access.roles import Right
from jingzhun_web.console.doors import acts
from jingzhun_web.console.jobs.kinds import KINDS
from jingzhun_web.jobs.models import Job

SHOWN = 50


@acts(Right.RUN_JOBS, Right.IMPORT)
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The latest jobs of one's areas."""
    found = list(Job.objects.order_by("-id")[:SHOWN])
    return render(request, "jobs/jobs.html", {"jobs": [_shown(job) for job in found]})


@acts(Right.RUN_JOBS, Right.IMPORT)
@require_GET
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job; its part that changes is asked for again while it runs."""
    found = get_object_or_404(Job, pk=job_id)
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "jobs/state.html" if is_part else "jobs/job.html", _shown(found))


def _shown(job: Job) -> dict[str, Any]:
    result = dict(job.result or {})
    address = result.pop("address", None)
    counts = [
        (_(name.replace("_", " ")), value)
        for name, value in result.items()
        if isinstance(value, int | str)
    ]
    return {"job": job, "kind": KINDS.get(job.kind, job.kind), "counts": counts, "address": address}
