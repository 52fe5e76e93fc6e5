"""Sixteen clients who submit the same verdict at once leave one; on the real database, each in its own session."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import connection

from jingzhun.errors import UserError
from jingzhun.frames.workspace import Workspace
from jingzhun.run.job import Result
from jingzhun_web.access.actors import Actor
from jingzhun_web.crosscheck import services
from jingzhun_web.crosscheck.models import Event, Finding
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit import scope
from jingzhun_web.kit.postgres import Addresses
from jingzhun_web.kit.scope import Scope

from .findings import Team, first, keep, make_team
from .people import county_of

CLIENTS = 16
TABLES = ("event", "homecheck", "finding", "run")


@pytest.fixture
def committed(
    province: Workspace, computed: Result, villages: list[int], addresses: Addresses
) -> Iterator[tuple[Team, int]]:
    """A finding that was checked, and its team, committed; all of it is taken away afterwards."""
    county = Scope.of_areas([str(county_of(villages[0]))])
    keep(province, computed, county_of(villages[0]))
    with scope.entered(county):
        team = make_team(villages[0])
        finding = first(villages[0])
        Finding.objects.filter(pk=finding.pk).update(state=State.CHECKED)
    yield team, finding.pk
    with psycopg.connect(addresses.owner) as owner:
        for table in TABLES:
            owner.execute(f"DELETE FROM crosscheck_{table}")  # noqa: S608
        ids = [who.id for who in vars(team).values()]
        owner.execute("DELETE FROM access_grant WHERE user_id = ANY(%s)", [ids])
        owner.execute("DELETE FROM access_user WHERE id = ANY(%s)", [ids])


def submitted(by: Actor, pk: int, verdict: str, barrier: Barrier) -> bool:
    """Whether one client's verdict was taken."""
    try:
        with scope.entered(by.scope):
            barrier.wait()
            services.propose_verdict(by=by, pk=pk, verdict=verdict)
    except UserError:
        return False
    finally:
        connection.close()
    return True


def test_the_same_verdict_sixteen_times_at_once_is_one(
    committed: tuple[Team, int], villages: list[int]
) -> None:
    team, pk = committed
    barrier = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        jobs = [pool.submit(submitted, team.township, pk, "true", barrier) for _ in range(CLIENTS)]
        taken = [job.result() for job in jobs]

    with scope.entered(team.county.scope):
        assert Event.objects.filter(finding_id=pk, act="propose").count() == 1
        assert Finding.objects.get(pk=pk).verdict == "true"
    assert all(taken)


def test_of_different_verdicts_at_once_one_is_taken(
    committed: tuple[Team, int], villages: list[int]
) -> None:
    team, pk = committed
    barrier = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        jobs = [
            pool.submit(
                submitted,
                team.township if place % 2 else team.second,
                pk,
                "true" if place % 2 else "not_true",
                barrier,
            )
            for place in range(CLIENTS)
        ]
        taken = sum(job.result() for job in jobs)

    with scope.entered(team.county.scope):
        assert Event.objects.filter(finding_id=pk, act="propose").count() == 1
    # The others of the same person said the same, which changes nothing.
    assert taken == CLIENTS // 2
