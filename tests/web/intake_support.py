"""Imports in tests: invented households as files, two officers, and a home for what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from jingzhun_web.access.actors import Actor, actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Role
from jingzhun_web.exchange import services
from jingzhun_web.exchange.models import Import
from jingzhun_web.exchange.services import Given
from jingzhun_web.jobs.models import Job
from jingzhun_web.jobs.services import perform
from jingzhun_web.kit import scope

from .people import PROVINCE

DAY = date(2026, 1, 1)
PERIOD = 2019


def officer(name: str, area: int, role: Role = Role.COUNTY) -> Actor:
    """Somebody who may import in an area; the scope is theirs afterwards."""
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.create(username=name, display_name="invented", area=area)
    Grant.objects.create(user=user, role=role, area=area, given_by=0)
    actor = actor_of(user, on=DAY)
    scope.apply(actor.scope)
    return actor


def csv(rows: Iterable[dict[str, object]]) -> bytes:
    return pl.DataFrame(list(rows), infer_schema_length=None).write_csv().encode()


def home(household_id: str, village: int, **more: object) -> dict[str, object]:
    return {
        "household_id": household_id,
        "period": PERIOD,
        "village_code": f"{village:012d}",
        **more,
    }


def uploaded(by: Actor, area: int, *files: tuple[str, bytes], table: str = "") -> Import:
    given = [Given(name, data) for name, data in files]
    return services.upload(by=by, area=area, period=PERIOD, table=table, given=given)


def done(by: Actor, job: Job) -> Job:
    """The job done as its starter; then the scope is theirs again."""
    try:
        perform(job.pk, by.id)
    finally:
        scope.apply(by.scope)
    job.refresh_from_db()
    return job


def checked(by: Actor, batch: Import) -> Import:
    done(by, services.check_import(by=by, batch=batch))
    batch.refresh_from_db()
    return batch


def report(batch: Import) -> dict[str, Any]:
    """What the check found."""
    assert batch.report is not None
    return dict(batch.report)
