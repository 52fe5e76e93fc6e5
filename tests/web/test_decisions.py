"""From proposal to announcement: persons decide, in public, nobody their own entry, no score alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.roles import Role
from jingzhun_web.dialogue import publicities, services
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Case, Entry, Publicity
from jingzhun_web.dialogue.processes import PROCESSES, State
from jingzhun_web.evaluate import exits
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household, Person

from .decided import (
    LATER,
    PERIOD,
    TODAY,
    actor,
    do,
    in_publicity,
    judge,
    office,
    on_day,
    poor_household,
    proposed,
)
from .people import PROVINCE, SignedIn, county_of, township_of

pytestmark = pytest.mark.usefixtures("same_day")

CLIENTS = 16


def test_no_process_has_more_than_eight_states() -> None:
    for process in PROCESSES.values():
        assert len({*process.moves, *process.moves.values(), State.REFUSED}) <= 8


def test_a_household_exits_step_by_step(sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    home = poor_household()
    judge(home, "passed")
    people = office(sign_in, home.area)
    case = in_publicity(people, home)

    on_day(monkeypatch, LATER)
    do(people.county, case, "decide", exit_status="exited")
    home.refresh_from_db()
    assert case.state == State.DECIDED
    assert (home.exit_status, home.exit_year) == ("exited", LATER.year)  # type: ignore[attr-defined]

    do(people.county, case, "announce")
    assert case.state == State.ANNOUNCED
    assert [list_.state for list_ in Publicity.objects.order_by("pk")] == [
        State.PUBLISHED,
        State.ANNOUNCED,
    ]


def test_nothing_is_decided_while_the_list_hangs_out(
    sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = poor_household()
    judge(home, "passed")
    people = office(sign_in, home.area)
    case = in_publicity(people, home)

    on_day(monkeypatch, TODAY + timedelta(days=6))
    page = do(people.county, case, "decide", exit_status="exited")

    assert case.state == State.PUBLISHED
    assert "decide/" not in page


def test_a_condition_that_nothing_outweighs_blocks_the_exit_and_is_named(
    sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = poor_household()
    judge(home, "failed", vetoes=["safe_housing"])
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    on_day(monkeypatch, LATER)

    page = do(
        people.county, case, "decide", exit_status="exited", note="They are well known to us all"
    )

    home.refresh_from_db()
    assert case.state == State.PUBLISHED
    assert home.exit_status != "exited"  # type: ignore[attr-defined]
    assert "不能退出" in page or "can&#x27;t exit" in page


def test_an_exit_against_the_stricter_profile_needs_a_written_reason(
    sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = poor_household()
    judge(home, "not_assessable")
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    on_day(monkeypatch, LATER)

    do(people.county, case, "decide", exit_status="exited", note="is fine")
    assert case.state == State.PUBLISHED

    reason = "Water was tested on the spot: safe"
    do(people.county, case, "decide", exit_status="exited", note=reason)
    assert case.state == State.DECIDED


def test_a_household_that_was_never_evaluated_does_not_exit(
    sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = poor_household()
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    on_day(monkeypatch, LATER)

    do(people.county, case, "decide", exit_status="exited")

    assert case.state == State.PUBLISHED


def test_nobody_approves_their_own_entry(undone: None) -> None:
    home = poor_household()
    township = actor(1001, Role.TOWNSHIP, township_of(home.area))
    case = exits.propose_exit(
        by=township, household_id=home.household_id, period=PERIOD, reason="invented", on=TODAY
    )
    exits.accept_exit(
        by=township,
        case=case,
        on=TODAY,
        meeting_on=TODAY,
        present=3,
        signed_on=TODAY,
        statement="yes",
    )

    with pytest.raises(CaseError, match=r"yourself|本人"):
        exits.review_exit(by=township, case=case, on=TODAY, note="")

    other = actor(1002, Role.TOWNSHIP, township_of(home.area))
    assert exits.review_exit(by=other, case=case, on=TODAY, note="").at is State.REVIEWED


def test_whose_turn_it_is_may_refuse_with_a_reason_and_others_may_not(undone: None) -> None:
    home = poor_household()
    village = actor(1001, Role.VILLAGE, home.area)
    auditor = actor(1002, Role.AUDITOR, county_of(home.area))
    case = exits.propose_exit(
        by=village, household_id=home.household_id, period=PERIOD, reason="invented", on=TODAY
    )

    with pytest.raises(PermissionDenied):
        services.refuse(by=auditor, case=case, on=TODAY, reason="not our turn")
    with pytest.raises(CaseError):
        services.refuse(by=village, case=case, on=TODAY, reason="")
    assert services.refuse(by=village, case=case, on=TODAY, reason="withdrawn").has_ended


def test_a_step_can_be_made_once(undone: None) -> None:
    home = poor_household()
    village = actor(1001, Role.VILLAGE, home.area)
    case = exits.propose_exit(
        by=village, household_id=home.household_id, period=PERIOD, reason="invented", on=TODAY
    )

    with pytest.raises(CaseError):
        services.move(by=village, case=case, to=State.ANNOUNCED, on=TODAY)
    with pytest.raises(CaseError):
        publicities.begin_publicity(by=village, cases=[case], on=TODAY)


def test_a_case_of_another_area_is_not_there(sign_in: SignedIn, villages: list[int]) -> None:
    home = poor_household()
    people = office(sign_in, home.area)
    case = proposed(people, home)
    elsewhere = next(v for v in villages if county_of(v) != county_of(home.area))
    stranger = sign_in(Role.COUNTY, county_of(elsewhere))

    assert stranger.get(f"/decisions/cases/{case.pk}/").status_code == 404
    assert stranger.post(f"/decisions/cases/{case.pk}/refuse/", {"note": "no"}).status_code == 404
    assert str(case.pk) not in stranger.get("/decisions/").content.decode().split("main")[0]
    assert stranger.post("/decisions/lists/", {"case": case.pk}).status_code == 404
    assert home.household_id not in stranger.get("/decisions/").content.decode()


def test_the_queue_holds_what_waits_for_whoever_looks(sign_in: SignedIn) -> None:
    home = poor_household()
    people = office(sign_in, home.area)
    case = proposed(people, home)
    link = f"/decisions/cases/{case.pk}/"

    assert link in people.village.get("/decisions/").content.decode()
    assert link not in people.township.get("/decisions/").content.decode()
    assert link not in people.county.get("/decisions/").content.decode()


def test_an_auditor_sees_the_case_without_names(sign_in: SignedIn) -> None:
    home = poor_household()
    people = office(sign_in, home.area)
    case = proposed(people, home)
    page = people.village.get(f"/decisions/cases/{case.pk}/").content.decode()
    auditor = sign_in(Role.AUDITOR, county_of(home.area))
    masked = auditor.get(f"/decisions/cases/{case.pk}/").content.decode()

    name = page.split("<h1")[1].split(">")[1].split(" ·")[0]
    assert len(name) >= 2
    assert name not in masked
    assert "Works all year" not in masked


def test_cases_of_a_village_hang_out_as_one_list(undone: None) -> None:
    first = poor_household()
    village = actor(1001, Role.VILLAGE, county_of(first.area))
    township = actor(1002, Role.TOWNSHIP, county_of(first.area))
    homes = list(
        Household.objects.filter(area=first.area, period=PERIOD).exclude(exit_status="exited")[:2]
    )
    Household.objects.filter(pk__in=[home.pk for home in homes]).update(
        is_registered=True, exit_status="not_exited"
    )
    cases = [_reviewed(village, township, home) for home in homes]

    hung = publicities.begin_publicity(by=township, cases=cases, on=TODAY)

    assert hung.until == TODAY + timedelta(days=6)
    lines = Entry.objects.filter(publicity=hung)
    assert lines.count() == len(homes)
    for line in lines:
        assert line.masked_name[1:] == "*" * (len(line.masked_name) - 1)
        assert (
            line.persons
            == Person.objects.filter(household_id=line.case.household_id, period=PERIOD).count()
        )


def _reviewed(village: object, township: object, home: Household) -> Case:
    case = exits.propose_exit(
        by=village,  # type: ignore[arg-type]
        household_id=home.household_id,
        period=PERIOD,
        reason="invented",
        on=TODAY,
    )
    day: date = TODAY
    exits.accept_exit(
        by=village,  # type: ignore[arg-type]
        case=case,
        on=day,
        meeting_on=day,
        present=3,
        signed_on=day,
        statement="yes",
    )
    return exits.review_exit(by=township, case=case, on=day, note="")  # type: ignore[arg-type]


def test_sixteen_who_propose_the_same_at_once_make_one_case(
    province: Workspace, owner: psycopg.Connection
) -> None:
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        home = poor_household()

    def propose(number: int) -> int:
        by = actor(2000 + number, Role.VILLAGE, home.area)
        try:
            with scope.entered(by.scope):
                made = exits.propose_exit(
                    by=by,
                    household_id=home.household_id,
                    period=PERIOD,
                    reason="invented",
                    on=TODAY,
                )
            return made.pk
        finally:
            connections.close_all()

    try:
        with ThreadPoolExecutor(CLIENTS) as pool:
            made = set(pool.map(propose, range(CLIENTS)))
        assert len(made) == 1
    finally:
        owner.execute("DELETE FROM dialogue_step; DELETE FROM dialogue_case")
        owner.commit()
