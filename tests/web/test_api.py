"""Programs do through the API what their owner may do, in the owner's areas, and are told why when not."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta

import pytest
from django.utils import timezone
from ninja import Schema

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.api.urls import TOPICS
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household
from jingzhun_web.tokens.models import Token

from .people import PROVINCE, SignedIn, county_of
from .programs import Program, a_household, account, is_problem, program, secret_of, told

READERS = [role for role in Role if Right.SEE_ARCHIVES in RIGHTS[role]]
DOCUMENT = re.compile(r"\d{17}[\dX]")


def test_without_a_token_nobody_gets_in(undone: None) -> None:
    assert is_problem(Program("jz_invented").get("me"), 401)
    assert is_problem(Program("").get("households"), 401)
    assert is_problem(Program("").client.get("/api/households"), 401)


def test_somebody_signed_in_may_ask_the_api_too(sign_in: SignedIn, villages: list[int]) -> None:
    client = sign_in(Role.VILLAGE, villages[0])

    assert told(client.get("/api/me"))["held"] == [
        {"role": "village", "area": f"{villages[0]:012d}"}
    ]


def test_a_session_changes_nothing_without_the_csrf_token(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.VILLAGE, villages[0])
    client.handler.enforce_csrf_checks = True
    home = a_household(villages[0])

    answer = client.post(f"/api/households/{home.household_id}/{home.period}/reveal", {})

    assert is_problem(answer, 403)


def test_every_refusal_is_a_problem(undone: None, villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0])

    assert is_problem(village.get("nothing/here"), 404)
    assert is_problem(village.get("households/none/2019"), 404)
    assert is_problem(village.get("log"), 403)
    assert is_problem(village.post("households"), 405)
    assert village.post("households").headers["Allow"] == "GET"
    assert is_problem(village.get("households?after=invented"), 400)
    found = told(village.get("households?size=0&area=x"), 422)
    assert {one["where"] for one in found["errors"]} == {"query.size", "query.area"}


def test_an_unexpected_error_tells_nothing_of_what_was_asked(
    undone: None, villages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    village = program(Role.VILLAGE, villages[0])

    def broken() -> list[int]:
        raise RuntimeError("a name that must not be shown")

    monkeypatch.setattr("jingzhun_web.registry.figures.periods", broken)
    answer = village.get("periods")

    assert is_problem(answer, 500)
    assert b"name" not in answer.content


@pytest.mark.parametrize("role", READERS)
def test_a_list_holds_the_households_of_the_area_and_no_others(
    role: Role, undone: None, villages: list[int], province: Workspace
) -> None:
    expected = {home.household_id for home in Household.objects.none()}
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    latest = province.latest_period
    mine = Household.objects.filter(area=villages[0], period=latest)
    expected = set(mine.values_list("household_id", flat=True))
    caller = program(role, villages[0])

    found: list[str] = []
    address: str | None = "/api/households?size=7"
    while address:
        answer = told(caller.get(address.removeprefix("/api/")))
        found += [row["household_id"] for row in answer["items"]]
        address = answer["next"]

    assert len(found) == len(set(found))
    assert set(found) == expected


@pytest.mark.parametrize("role", READERS)
def test_nothing_of_a_sibling_area_is_there(role: Role, undone: None, villages: list[int]) -> None:
    elsewhere = next(v for v in villages if county_of(v) != county_of(villages[0]))
    stranger = a_household(elsewhere)
    caller = program(role, villages[0])
    key = f"{stranger.household_id}/{stranger.period}"

    assert is_problem(caller.get(f"households/{key}"), 404)
    assert told(caller.get(f"households?text={stranger.household_id}"))["items"] == []
    assert told(caller.get(f"households?area={elsewhere:012d}"))["items"] == []
    assert is_problem(caller.get(f"figures/{elsewhere:012d}/{stranger.period}"), 404)


def test_an_archive_shows_no_document_number_in_full(undone: None, villages: list[int]) -> None:
    home = a_household(villages[0])
    caller = program(Role.VILLAGE, villages[0])

    answer = caller.get(f"households/{home.household_id}/{home.period}")

    found = told(answer)
    assert found["household"]["household_id"] == home.household_id
    assert found["members"]
    assert "*" in found["members"][0]["document_number"]
    assert not DOCUMENT.search(answer.content.decode())


def test_who_may_not_see_names_gets_none(undone: None, villages: list[int]) -> None:
    home = a_household(villages[0])
    caller = program(Role.ANALYST, villages[0])

    found = told(caller.get(f"households/{home.household_id}/{home.period}"))

    assert found["household"]["head_name"] is None
    assert {member["name"] for member in found["members"]} == {None}
    assert {member["document_number"] for member in found["members"]} == {None}


def test_identifiers_in_full_need_a_reason_which_the_log_keeps(
    undone: None, villages: list[int]
) -> None:
    home = a_household(villages[0])
    address = f"households/{home.household_id}/{home.period}/reveal"
    caller = program(Role.VILLAGE, villages[0])

    assert is_problem(caller.post(address, {"reason": "  "}), 422)
    found = told(caller.post(address, {"reason": "invented: certificate is due"}))

    assert DOCUMENT.fullmatch(found["members"][0]["document_number"])
    entry = Entry.objects.get(act="reveal_identifiers", object_id=home.household_id)
    assert entry.detail["reason"] == "invented: certificate is due"


def test_an_archive_that_has_not_changed_is_not_sent_again(
    undone: None, villages: list[int]
) -> None:
    home = a_household(villages[0])
    caller = program(Role.VILLAGE, villages[0])
    address = f"households/{home.household_id}/{home.period}"
    tag = caller.get(address).headers["ETag"]

    again = caller.get(address, **{"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_figures_equal_the_list_behind_them(undone: None, villages: list[int]) -> None:
    home = a_household(villages[0])
    caller = program(Role.VILLAGE, villages[0])

    figures = told(caller.get(f"figures/{villages[0]:012d}/{home.period}"))
    listed = told(caller.get(f"households?period={home.period}&size=200"))

    assert figures["sums"]["on_file"] == len(listed["items"])
    assert [row["sums"] for row in figures["rows"]] == [figures["sums"]]


def test_areas_are_found_by_name_by_code_and_below_one(undone: None, villages: list[int]) -> None:
    caller = program(Role.VILLAGE, villages[0])
    found = told(caller.get(f"areas/{villages[0]:012d}"))

    assert next(one["level"] for one in found["path"]) == "province"
    assert told(caller.get(f"areas?text={found['code']}"))["items"][0]["code"] == found["code"]
    siblings = told(caller.get(f"areas?parent={found['parent']}&text={found['name']}"))["items"]
    assert found["code"] in {one["code"] for one in siblings}


def test_a_token_gives_no_more_than_was_chosen_for_it(undone: None, villages: list[int]) -> None:
    here = villages[0]
    officer = account(Role.COUNTY, county_of(here))
    caller = Program(secret_of(officer, rights=[Right.SEE_ARCHIVES], areas=[here]))
    home = a_household(here)

    listed = told(caller.get("households?size=200"))["items"]

    assert {row["area"] for row in listed} == {f"{here:012d}"}
    assert {row["head_name"] for row in listed} == {None}
    assert is_problem(caller.get(f"figures/{here:012d}/{home.period}"), 403)


def test_evaluations_are_listed_by_the_right_that_their_page_asks(
    undone: None, villages: list[int]
) -> None:
    officer = account(Role.COUNTY, county_of(villages[0]))
    figures = Program(secret_of(officer, rights=[Right.SEE_FIGURES]))
    archives = Program(secret_of(officer, rights=[Right.SEE_ARCHIVES]))

    assert "items" in told(figures.get("evaluations"))
    assert is_problem(archives.get("evaluations"), 403)


def test_a_token_ends_with_its_owners_grants(undone: None, villages: list[int]) -> None:
    user = account(Role.VILLAGE, villages[0])
    caller = Program(secret_of(user))
    assert told(caller.get("households"))["items"]
    scope.apply(scope.Scope.of_areas([PROVINCE]))

    Grant.objects.filter(user=user).update(revoked_at=timezone.now())

    assert is_problem(caller.get("households"), 403)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert is_problem(caller.get("me"), 401)


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_a_token_that_is_over_opens_nothing(change: str, undone: None, villages: list[int]) -> None:
    user = account(Role.VILLAGE, villages[0])
    caller = Program(secret_of(user))
    scope.apply(scope.Scope(actor=user.pk))

    Token.objects.update(**{change: timezone.now() - timedelta(minutes=1)})

    assert is_problem(caller.get("me"), 401)


def test_a_token_is_not_kept_in_clear(undone: None, villages: list[int]) -> None:
    user = account(Role.VILLAGE, villages[0])
    secret = secret_of(user)
    scope.apply(scope.Scope(actor=user.pk))

    kept = Token.objects.get()

    assert secret.encode() not in bytes(kept.hash)
    assert secret not in str(kept.__dict__)


def test_the_description_and_its_page_come_from_here(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.VILLAGE, villages[0])

    page = client.get("/api/docs")
    described = told(client.get("/api/openapi.json"))

    text = page.content.decode()
    assert page.status_code == 200
    assert "http://" not in text
    assert "https://" not in text
    assert not re.search(r"<script>|<style>|\son\w+=|\sstyle=", text)
    for address in re.findall(r'(?:src|href)="(/static/ninja/[^"]+)"', text):
        with closing(client.get(address)) as file:
            assert file.status_code == 200, address
    assert "/api/households/{household_id}/{period}" in described["paths"]


def test_no_two_forms_of_answers_have_one_name(undone: None) -> None:
    found = {one for topic in TOPICS for one in vars(topic).values() if isinstance(one, type)}
    forms = [one for one in found if issubclass(one, Schema) and one.__name__ != "Wanted"]

    names = [one.__name__ for one in forms]

    assert len(names) == len(set(names))


def test_every_operation_has_a_name_of_its_own_and_is_described(
    sign_in: SignedIn, villages: list[int]
) -> None:
    described = told(sign_in(Role.VILLAGE, villages[0]).get("/api/openapi.json"))
    operations = [one for path in described["paths"].values() for one in path.values()]

    names = [one["operationId"] for one in operations]

    assert len(names) == len(set(names))
    assert [one["operationId"] for one in operations if not one.get("description")] == []
