"""Programs act through the API as on the pages: once, in their areas, step by step."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.audit import services as audit
from jingzhun_web.dialogue.models import Case, Publicity
from jingzhun_web.dialogue.models import Entry as Line
from jingzhun_web.exchange.models import Import
from jingzhun_web.jobs.models import Job
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Change

from .people import PROVINCE, county_of
from .programs import (
    Program,
    a_household,
    account,
    is_problem,
    program,
    secret_of,
    told,
)

READERS = [role for role in Role if Right.SEE_ARCHIVES in RIGHTS[role]]
DOCUMENT = re.compile(r"\d{17}[\dX]")


def test_a_change_is_proposed_once_by_the_same_key(undone: None, villages: list[int]) -> None:
    home = a_household(villages[0])
    caller = program(Role.VILLAGE, villages[0])
    address = f"households/{home.household_id}/{home.period}/changes"
    content = {"fields": {"trunk_road_km": 7.25}, "reason": "invented: measured again"}

    first = caller.post(address, content, **{"Idempotency-Key": "invented-1"})
    again = caller.post(address, content, **{"Idempotency-Key": "invented-1"})
    other = caller.post(
        address, {**content, "reason": "another reason"}, **{"Idempotency-Key": "invented-1"}
    )

    assert told(first, 201) == told(again, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert is_problem(other, 409)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    assert Change.objects.filter(household_id=home.household_id).count() == 1


def test_a_change_goes_up_the_tree_and_is_refused_to_its_own_proposer(
    undone: None, villages: list[int]
) -> None:
    home = a_household(villages[0])
    village = program(Role.VILLAGE, villages[0])
    township = program(Role.TOWNSHIP, villages[0] // 1000 * 1000)
    officer = program(Role.COUNTY, county_of(villages[0]))
    address = f"households/{home.household_id}/{home.period}"
    proposal = {"fields": {"trunk_road_km": 7.25}, "reason": "invented: measured again"}

    made = told(village.post(f"{address}/changes", proposal), 201)
    assert is_problem(village.post(f"changes/{made['id']}/accept"), 403)
    assert told(township.post(f"changes/{made['id']}/accept"))["standing"] == "open"
    assert told(officer.post(f"changes/{made['id']}/accept"))["standing"] == "applied"

    assert told(village.get(address))["household"]["trunk_road_km"] == 7.25
    latest = told(village.get(f"{address}/history"))[0]
    assert [one["field"] for one in latest["differences"]] == ["trunk_road_km"]


def test_a_refusal_tells_what_why_and_what_to_do(undone: None, villages: list[int]) -> None:
    home = a_household(villages[0])
    caller = program(Role.VILLAGE, villages[0])
    address = f"households/{home.household_id}/{home.period}/changes"

    answer = caller.post(address, {"fields": {"invented": 1}, "reason": "invented reason"})

    assert is_problem(answer, 409)
    assert told(answer, 409)["do"]


def test_an_account_is_made_and_given_a_role_inside_ones_areas_only(
    undone: None, villages: list[int]
) -> None:
    here = county_of(villages[0])
    elsewhere = county_of(next(v for v in villages if county_of(v) != here))
    caller = program(Role.ADMINISTRATOR, here)
    new = {"username": "invented.one", "display_name": "invented"}

    made = told(caller.post("accounts", {**new, "area": f"{here:012d}"}), 201)
    grant = {"role": "village", "area": f"{villages[0]:012d}"}
    given = told(caller.post(f"accounts/{made['id']}/grants", grant), 201)

    assert made["password"]
    assert given["role"] == "village"
    assert is_problem(caller.post("accounts", {**new, "area": f"{elsewhere:012d}"}), 403)
    wrong = {"role": "village", "area": f"{elsewhere:012d}"}
    assert is_problem(caller.post(f"accounts/{made['id']}/grants", wrong), 403)
    assert caller.post(f"grants/{given['id']}/revoke").status_code == 204
    assert told(caller.get(f"accounts/{made['id']}"))["grants"] == []


def test_public_lists_need_no_token_and_hold_no_names(undone: None, villages: list[int]) -> None:
    home = a_household(villages[0])
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    case = Case.objects.create(
        kind="exit",
        area=villages[0],
        household_id=home.household_id,
        subject=home.household_id,
        period=home.period,
        state="published",
        persons=3,
        reason="invented",
        opened_by=0,
        opened_on=timezone.localdate(),
        since=timezone.localdate(),
    )
    hung = Publicity.objects.create(
        area=villages[0],
        kind="exit",
        state="published",
        starts=timezone.localdate(),
        until=timezone.localdate(),
        published_by=0,
    )
    Line.objects.create(publicity=hung, case=case, area=villages[0], masked_name="张*", persons=3)

    client = Program("").client
    listed = told(client.get(f"/api/public/lists?area={villages[0]:012d}"))["items"]
    whole = told(client.get(f"/api/public/lists/{hung.pk}"))

    assert [one["id"] for one in listed] == [hung.pk]
    assert whole["lines"] == [{"id": whole["lines"][0]["id"], "masked_name": "张*", "persons": 3}]


def something_everywhere(area: int) -> None:
    """A row of every list in an area."""
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    home = a_household(area)
    about = {"household_id": home.household_id, "period": home.period, "area": area}
    today = timezone.localdate()
    dates = {"opened_on": today, "since": today}
    Change.objects.create(**about, version=1, reason="invented", proposed_by=0)
    Case.objects.create(
        **about, **dates, kind="exit", subject=f"{area}", persons=1, reason="invented", opened_by=0
    )
    Import.objects.create(
        area=area, period=2019, kind="register", digest=f"{area}", mapping={}, uploaded_by=0
    )
    audit.record(by=0, act="invented", kind="invented", object_id=area, area=area)
    made = account(Role.VILLAGE, area, f"invented{area}")
    scope.apply(scope.Scope(actor=made.pk))
    Job.objects.create(kind="x", area=area, right="run_jobs", arguments={}, started_by=made.pk)


LISTS = ("households", "findings", "changes", "cases?which=open", "imports", "jobs", "evaluations")


@pytest.mark.parametrize("role", list(Role))
def test_no_list_shows_anything_of_a_sibling_area(
    role: Role, undone: None, villages: list[int]
) -> None:
    here = villages[0]
    elsewhere = next(v for v in villages if county_of(v) != county_of(here))
    for area in (here, elsewhere):
        something_everywhere(area)
    caller = program(role, county_of(here))

    seen: set[str] = set()
    for address in (*LISTS, "accounts", "log"):
        answer = caller.get(address)
        assert answer.status_code in {200, 403}, address
        if answer.status_code == 200:
            seen |= {row["area"] for row in told(answer)["items"] if row["area"]}

    inside = f"{here:012d}"[:6]
    assert {area for area in seen if not area.startswith(inside)} == set()
    assert seen


def test_a_forgotten_password_and_a_lost_device_are_reset_in_ones_own_areas_only(
    undone: None, villages: list[int]
) -> None:
    county = county_of(villages[0])
    administrator = account(Role.ADMINISTRATOR, county, "resets")
    caller = Program(secret_of(administrator))
    theirs = account(Role.VILLAGE, villages[0], "forgot")

    reset = told(caller.post(f"accounts/{theirs.pk}/password"))
    assert caller.post(f"accounts/{theirs.pk}/reset-second-factor").status_code == 204
    assert is_problem(caller.post(f"accounts/{administrator.pk}/password"), 403)

    scope.apply(scope.Scope(actor=theirs.pk))
    theirs.refresh_from_db()
    assert theirs.check_password(reset["password"])
    assert theirs.must_change_password
    elsewhere = next(v for v in villages if county_of(v) != county)
    stranger = program(Role.ADMINISTRATOR, county_of(elsewhere), "stranger")
    assert is_problem(stranger.post(f"accounts/{theirs.pk}/password"), 404)
