"""Invented officers and households for the tests of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jingzhun_web.access.actors import Actor, Held
from jingzhun_web.access.roles import Role
from jingzhun_web.dialogue.models import Case
from jingzhun_web.dialogue.processes import State
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household, Verdict
from jingzhun_web.registry.narrowing import EXITED, STRICTER

from .people import PROVINCE, SignedIn, county_of, township_of

PERIOD = 2019
RUN = "2019-12-31-2019-invented00"
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=7)


def see_everything() -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))


def actor(id_: int, role: Role, area: int) -> Actor:
    return Actor(id_, "invented", (Held(role, f"{area:012d}"),))


def poor_household() -> Household:
    """A registered household that has not exited."""
    see_everything()
    found = Household.objects.filter(period=PERIOD).exclude(exit_status__in=EXITED)
    home = found.exclude(is_registered=False).order_by("household_id").first()
    assert home is not None
    return home


def other_household() -> Household:
    """A household on file that is not registered."""
    see_everything()
    home = Household.objects.filter(period=PERIOD).order_by("-household_id").first()
    assert home is not None
    Household.objects.filter(pk=home.pk).update(is_registered=False)
    home.refresh_from_db()
    return home


def judge(home: Household, outcome: str, *, vetoes: Iterable[str] = ()) -> None:
    """What an evaluation would have said."""
    see_everything()
    detail = {"indicators": {}, "missing": [], "vetoes": list(vetoes)}
    rows = {"paper-weighted": detail, STRICTER: {"paper-weighted": outcome}}
    for profile, told in rows.items():
        Verdict.objects.create(
            household_id=home.household_id,
            period=PERIOD,
            area=home.area,
            profile=profile,
            run_id=RUN,
            outcome=outcome,
            detail=told,
        )


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let the pages think that it is another day."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)


@pytest.fixture
def same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the tests were begun, even when midnight passes meanwhile."""
    on_day(monkeypatch, TODAY)


@dataclass
class Office:
    """People of one village, its township and county, signed in."""

    village: Client
    neighbour: Client
    """A second person of the village."""
    township: Client
    county: Client


def office(sign_in: SignedIn, village: int) -> Office:
    return Office(
        sign_in(Role.VILLAGE, village),
        sign_in(Role.VILLAGE, village, "neighbour"),
        sign_in(Role.TOWNSHIP, township_of(village)),
        sign_in(Role.COUNTY, county_of(village)),
    )


def do(client: Client, case: Case, act: str, **data: object) -> str:
    """An act through its page; returned is what the case's page says then."""
    answer = client.post(f"/decisions/cases/{case.pk}/{act}/", data, follow=True)
    see_everything()
    case.refresh_from_db()
    return answer.content.decode()


def proposed(people: Office, home: Household) -> Case:
    address = f"/decisions/households/{home.household_id}/{PERIOD}/exit/"
    answer = people.village.post(address, {"reason": "Works all year and has a safe house"})
    assert answer.status_code == 302, answer.content.decode()
    see_everything()
    return Case.objects.get()


def in_publicity(people: Office, home: Household) -> Case:
    """An exit whose list hangs out since today."""
    case = proposed(people, home)
    do(
        people.village,
        case,
        "accept",
        meeting_on=TODAY,
        signed_on=TODAY,
        present=30,
        statement="We agree",
    )
    do(people.township, case, "review")
    do(people.township, case, "publish")
    assert case.state == State.PUBLISHED
    return case
