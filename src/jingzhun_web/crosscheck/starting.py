"""Starting a cross-check in the background."""

from __future__ import annotations

from datetime import date

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.crosscheck.running import must_be_county
from jingzhun_web.crosscheck.tasks import KIND
from jingzhun_web.jobs import services as jobs
from jingzhun_web.jobs.models import Job


def start_crosscheck(*, by: Actor, area: int, period: int, on: date) -> Job:
    """Let a county or more be cross-checked; the one that waits or runs for the same year is that one."""
    by.must(Right.RUN_JOBS, area)
    must_be_county(area)
    return jobs.start(
        by=by,
        kind=KIND,
        right=Right.RUN_JOBS,
        area=area,
        arguments={"period": period, "on": on.isoformat()},
        key=f"{area} {period}",
    )
