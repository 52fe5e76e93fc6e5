"""Long work runs for whoever started it, in its area, and says how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor, actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.console.jobs.kinds import KINDS as NAMES
from jingzhun_web.jobs import services
from jingzhun_web.jobs.models import Job, State
from jingzhun_web.jobs.work import KINDS, Work
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .people import PROVINCE, SignedIn, county_of

DAY = date(2026, 1, 1)


def counted(work: Work) -> dict[str, Any]:
    """Counts the households that the job sees."""
    with work.entered():
        return {"households": Household.objects.count(), "address": "/households/"}


def refused(work: Work) -> dict[str, Any]:
    raise UserError("There is nothing to count", do="Load a register first")


def broken(work: Work) -> dict[str, Any]:
    raise RuntimeError("a name that must not be shown")


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    KINDS.update(counting=counted, refusing=refused, breaking=broken)
    yield
    for name in ("counting", "refusing", "breaking"):
        del KINDS[name]


@pytest.fixture
def officer(undone: None, villages: list[int]) -> Actor:
    """A county officer of the county of the first village."""
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.create(
        username="jobs", display_name="invented", area=county_of(villages[0])
    )
    Grant.objects.create(user=user, role=Role.COUNTY, area=county_of(villages[0]), given_by=0)
    actor = actor_of(user, on=DAY)
    scope.apply(actor.scope)
    return actor


def start(by: Actor, kind: str, area: int, key: str = "") -> Job:
    return services.start(by=by, kind=kind, right=Right.RUN_JOBS, area=area, arguments={}, key=key)


def test_a_job_sees_its_own_area_and_no_more_of_what_its_starter_sees(
    officer: Actor, villages: list[int]
) -> None:
    expected = Household.objects.filter(area=villages[0]).count()
    job = start(officer, "counting", villages[0])

    services.perform(job.pk, officer.id)

    job.refresh_from_db()
    assert job.state == State.DONE
    assert job.result == {"households": expected, "address": "/households/"}


def test_the_same_work_is_started_once_while_it_waits(officer: Actor, villages: list[int]) -> None:
    first = start(officer, "counting", villages[0], key="same")
    second = start(officer, "counting", villages[0], key="same")
    services.perform(first.pk, officer.id)
    third = start(officer, "counting", villages[0], key="same")

    assert first.pk == second.pk != third.pk


def test_nobody_starts_work_on_an_area_of_others(officer: Actor, villages: list[int]) -> None:
    elsewhere = next(v for v in villages if county_of(v) != county_of(villages[0]))

    with pytest.raises(PermissionDenied):
        start(officer, "counting", elsewhere)


def test_work_of_somebody_who_lost_the_role_is_not_done(
    officer: Actor, villages: list[int]
) -> None:
    job = start(officer, "counting", villages[0])
    Grant.objects.filter(user_id=officer.id).update(revoked_at="2026-01-01T00:00:00Z")

    services.perform(job.pk, officer.id)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.result is None


def test_an_anticipated_error_is_told_in_a_sentence(officer: Actor, villages: list[int]) -> None:
    job = start(officer, "refusing", villages[0])

    services.perform(job.pk, officer.id)

    job.refresh_from_db()
    assert "Load a register first" in job.error


def test_an_unexpected_error_is_told_by_number_only(officer: Actor, villages: list[int]) -> None:
    job = start(officer, "breaking", villages[0])

    with pytest.raises(RuntimeError):
        services.perform(job.pk, officer.id)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert str(job.pk) in job.error
    assert "name" not in job.error


def test_a_job_of_another_area_is_not_there(
    officer: Actor, sign_in: SignedIn, villages: list[int]
) -> None:
    job = start(officer, "counting", villages[0])
    elsewhere = next(v for v in villages if county_of(v) != county_of(villages[0]))

    stranger = sign_in(Role.COUNTY, county_of(elsewhere))
    colleague = sign_in(Role.COUNTY, county_of(villages[0]), "colleague")

    assert stranger.get(f"/jobs/{job.pk}/").status_code == 404
    assert colleague.get(f"/jobs/{job.pk}/").status_code == 200
    assert colleague.get("/jobs/").status_code == 200


def test_every_kind_of_work_has_a_name_that_people_use() -> None:
    ours = {name for name, act in KINDS.items() if act.__module__.startswith("jingzhun_web.")}

    assert ours == set(NAMES)
    with override("en"):
        assert all(" " in str(name) for name in NAMES.values())
