"""Killed workers leave the archive as it was before or as it is after; many at once are one import."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from jingzhun_web.access.actors import Actor
from jingzhun_web.exchange import services
from jingzhun_web.exchange.models import Import, State
from jingzhun_web.jobs.models import Job
from jingzhun_web.jobs.services import perform
from jingzhun_web.kit import scope
from jingzhun_web.kit.postgres import Addresses
from jingzhun_web.registry.models import Household, Person

from .intake_support import PERIOD, csv, home, officer, uploaded

COUNTY = 620825000000
VILLAGE = 620825100201
HOUSEHOLDS = 1_500
LONGEST = 120
CHILD = (
    "import sys, django; django.setup();"
    "from jingzhun_web.jobs.services import perform; perform(int(sys.argv[1]), int(sys.argv[2]))"
)
TABLES = (
    "registry_household",
    "registry_person",
    "exchange_importfile",
    "exchange_import",
    "jobs_job",
)


@pytest.fixture
def child_environment(home_folder: Path, addresses: Addresses) -> dict[str, str]:
    given = {"DATABASE_URL": addresses.app, "JINGZHUN_DB_ROLE": "app"}
    return {**os.environ, **given, "DJANGO_SETTINGS_MODULE": "jingzhun_web.settings"}


@pytest.fixture
def officers(addresses: Addresses) -> Iterator[tuple[Actor, Actor]]:
    """Two officers of a county without households, in earnest; everything of theirs goes at the end."""
    with scope.entered(scope.NOTHING):
        found = officer("killed-one", COUNTY), officer("killed-two", COUNTY)
    yield found
    with psycopg.connect(addresses.owner) as connection:
        for table in TABLES:
            connection.execute(
                psycopg.sql.SQL("DELETE FROM {} WHERE area BETWEEN %s AND %s").format(
                    psycopg.sql.Identifier(table)
                ),
                [COUNTY, COUNTY + 999_999],
            )
        for event, of in (("registry_householdevent", "area"), ("registry_personevent", "area")):
            connection.execute(
                psycopg.sql.SQL("DELETE FROM {} WHERE {} BETWEEN %s AND %s").format(
                    psycopg.sql.Identifier(event), psycopg.sql.Identifier(of)
                ),
                [COUNTY, COUNTY + 999_999],
            )
        ids = [actor.id for actor in found]
        connection.execute("DELETE FROM access_grant WHERE user_id = ANY(%s)", [ids])
        connection.execute("DELETE FROM access_user WHERE id = ANY(%s)", [ids])


def stands(actor: Actor, batch: Import) -> tuple[int, int, str]:
    """Households, persons and the import's state, as everybody sees them."""
    with scope.entered(actor.scope):
        batch.refresh_from_db()
        households = Household.objects.filter(area=VILLAGE)
        return households.count(), Person.objects.filter(area=VILLAGE).count(), str(batch.state)


def killed(job: Job, by: Actor, given: dict[str, str], when: Callable[[], bool]) -> None:
    """Run the job in a process of its own and kill that as soon as `when` says so."""
    command = [sys.executable, "-c", CHILD, str(job.pk), str(by.id)]
    with subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + LONGEST
        while process.poll() is None and time.monotonic() < until and not when():
            time.sleep(0.01)
        process.kill()


def told(job: Job, by: Actor, *steps: str) -> Callable[[], bool]:
    """Whether the job tells of one of some steps."""

    def when() -> bool:
        with scope.entered(by.scope):
            job.refresh_from_db()
        return job.step in steps

    return when


def after(seconds: float) -> Callable[[], bool]:
    begun = time.monotonic()
    return lambda: time.monotonic() - begun > seconds


def people() -> bytes:
    return csv(
        {
            "person_id": f"K{number}",
            "household_id": f"K{number}",
            "period": PERIOD,
            "name": "样例甲",
            "relation": "户主",
        }
        for number in range(HOUSEHOLDS)
    )


def test_killed_while_checking_and_while_taking_over(
    officers: tuple[Actor, Actor], child_environment: dict[str, str]
) -> None:
    one, two = officers
    homes = csv(home(f"K{number}", VILLAGE, debt_yuan=number) for number in range(HOUSEHOLDS))
    with scope.entered(one.scope):
        batch = uploaded(one, COUNTY, ("h.csv", homes), ("p.csv", people()))
        check = services.check_import(by=one, batch=batch)
    killed(check, one, child_environment, told(check, one, "Comparing", "正在比对"))
    assert stands(one, batch) in ((0, 0, State.CHECKING), (0, 0, State.CHECKED))
    perform(check.pk, one.id)
    assert stands(one, batch) == (0, 0, State.CHECKED)
    with scope.entered(one.scope):
        services.propose_import(by=one, batch=batch)
    with scope.entered(two.scope):
        job = services.approve_import(by=two, batch=batch)

    for when in (told(job, two, "Taking over", "正在写入"), after(1.0), after(2.0)):
        killed(job, two, child_environment, when)
        found = stands(two, batch)
        assert found in (
            (0, 0, State.APPROVED),
            (HOUSEHOLDS, HOUSEHOLDS, State.APPLIED),
        )

    perform(job.pk, two.id)
    assert stands(two, batch) == (HOUSEHOLDS, HOUSEHOLDS, State.APPLIED)
    with scope.entered(two.scope):
        versions = Household.objects.filter(area=VILLAGE).values_list("version", flat=True)
        assert set(versions) == {1}


CLIENTS = 16


def at_once(act: Callable[[], object]) -> list[object]:
    """What came of an act that many do at the same time; an error counts as what it is."""

    def one(_number: int) -> object:
        try:
            return act()
        except services.IntakeError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def test_sixteen_clients_at_once_hand_in_one_import_and_approve_it_once(
    officers: tuple[Actor, Actor], child_environment: dict[str, str]
) -> None:
    one, two = officers
    data = csv(home(f"K{number}", VILLAGE) for number in range(3))

    def hand_in() -> int:
        with scope.entered(one.scope):
            return uploaded(one, COUNTY, ("h.csv", data)).pk

    numbers = at_once(hand_in)
    assert len(set(numbers)) == 1
    with scope.entered(one.scope):
        batch = Import.objects.get(pk=int(str(numbers[0])))
        check = services.check_import(by=one, batch=batch)
    perform(check.pk, one.id)
    with scope.entered(one.scope):
        services.propose_import(by=one, batch=batch)

    def approve() -> int:
        with scope.entered(two.scope):
            return services.approve_import(by=two, batch=batch).pk

    approved = [answer for answer in at_once(approve) if isinstance(answer, int)]
    assert len(approved) == 1
    perform(approved[0], two.id)
    assert stands(two, batch) == (3, 0, State.APPLIED)
