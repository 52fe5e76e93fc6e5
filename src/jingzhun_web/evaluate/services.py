"""Starting an evaluation."""

from __future__ import annotations

from datetime import date

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.jobs import services as jobs
from jingzhun_web.jobs.models import Job

KIND = "evaluate"


def start_evaluation(*, by: Actor, area: int, period: int, on: date) -> Job:
    """Let the engine judge an area's archives of a period by the profiles that hold on a date."""
    arguments = {"period": period, "on": on.isoformat()}
    key = f"{area} {period} {on.isoformat()}"
    return jobs.start(
        by=by,
        kind=KIND,
        right=Right.RUN_JOBS,
        area=area,
        arguments=arguments,
        key=key,
    )
