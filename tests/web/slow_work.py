"""A worker of the platform that knows a slow kind of job; run by `test_installation` in processes of its own."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.utils import timezone

from jingzhun_web import inside
from jingzhun_web.access.actors import actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.jobs import services
from jingzhun_web.jobs.models import Job
from jingzhun_web.jobs.work import KINDS, Work
from jingzhun_web.kit import scope

from .people import PROVINCE

COUNTY = 621126000000


def slow(work: Work) -> dict[str, Any]:
    """Takes as long as the process was told to."""
    work.tell("sleeping")
    time.sleep(float(sys.argv[2]))
    return {"slept": sys.argv[2]}


def start() -> None:
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        user = User.objects.create(username="slow", display_name="invented", area=COUNTY)
        Grant.objects.create(user=user, role=Role.COUNTY, area=COUNTY, given_by=0)
        actor = actor_of(user, on=timezone.localdate())
        scope.apply(actor.scope)
        services.start(by=actor, kind="slow", right=Right.RUN_JOBS, area=COUNTY, arguments={})


def state() -> None:
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        print(Job.objects.get().state, Job.objects.get().result)  # noqa: T201


if __name__ == "__main__":
    KINDS["slow"] = slow
    {"start": start, "state": state, "work": inside.worker}[sys.argv[1]]()
