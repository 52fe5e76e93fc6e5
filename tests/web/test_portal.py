"""Everybody reads what hangs out, masked, and may object; the answer is read by receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from jingzhun_web.access.roles import Role
from jingzhun_web.dialogue.models import Case, Entry, Objection, Publicity
from jingzhun_web.dialogue.processes import State
from jingzhun_web.kit import scope
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household, Person

from .decided import (
    LATER,
    TODAY,
    do,
    in_publicity,
    judge,
    office,
    on_day,
    poor_household,
    see_everything,
)
from .people import SignedIn, county_of

pytestmark = pytest.mark.usefixtures("same_day")

RECEIPT = re.compile(r"data-receipt>([A-Z0-9-]+)<")


@pytest.fixture
def everybody() -> Client:
    """Somebody without an account."""
    return Client(SERVER_NAME="localhost")


def object_to(everybody: Client, line: Entry, reason: str = "They own a lorry") -> str:
    """An objection; returned is its receipt, or the page where there is none."""
    address = f"/public/lists/{line.publicity_id}/{line.pk}/"
    page = everybody.post(address, {"reason": reason, "contact": "13800000000"})
    see_everything()
    found = RECEIPT.search(page.content.decode())
    return found.group(1) if found else page.content.decode()


def told(everybody: Client, receipt: str) -> str:
    return everybody.post("/public/receipt/", {"receipt": receipt}).content.decode()


def test_everybody_reads_a_list_without_signing_in_and_sees_masked_names_only(
    sign_in: SignedIn, everybody: Client
) -> None:
    home = poor_household()
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    hung = Publicity.objects.get()
    names = _names(home)

    pages = [
        everybody.get(address).content.decode()
        for address in ("/public/", f"/public/lists/{hung.pk}/", f"/public/?area={home.area}")
    ]

    assert f"/public/lists/{hung.pk}/" in pages[0]
    assert Entry.objects.get(case=case).masked_name in pages[1]
    for page in pages:
        assert home.household_id not in page
        for secret in names:
            assert secret not in page


def _names(home: Household) -> set[str]:
    see_everything()
    members = Person.objects.filter(household_id=home.household_id, period=home.period)
    sealed = [getattr(m, name) for m in members for name in ("name", "document_number")]
    return {text for text in registry.opened(sealed) if text}


def test_a_list_is_gone_after_its_last_day(sign_in: SignedIn, everybody: Client) -> None:
    home = poor_household()
    in_publicity(office(sign_in, home.area), home)
    hung = Publicity.objects.get()
    line = Entry.objects.get()

    Publicity.objects.update(starts=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))

    assert everybody.get(f"/public/lists/{hung.pk}/").status_code == 404
    assert everybody.get(f"/public/lists/{hung.pk}/{line.pk}/").status_code == 404


def test_an_objection_stops_the_case_and_upheld_it_refuses_it(
    sign_in: SignedIn, everybody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = poor_household()
    judge(home, "passed")
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    receipt = object_to(everybody, Entry.objects.get())
    on_day(monkeypatch, LATER)

    do(people.county, case, "decide", exit_status="exited")
    assert case.state == State.PUBLISHED

    objection = Objection.objects.get()
    page = people.county.get(f"/decisions/cases/{case.pk}/").content.decode()
    assert "They own a lorry" in page
    people.county.post(
        f"/decisions/objections/{objection.pk}/",
        {"outcome": "upheld", "text": "The lorry is registered with the household"},
    )
    see_everything()
    case.refresh_from_db()
    home.refresh_from_db()
    assert case.state == State.REFUSED
    assert home.exit_status != "exited"  # type: ignore[attr-defined]
    assert "The lorry is registered" in told(everybody, receipt)
    see_everything()
    assert Entry.objects.get().is_withdrawn


def test_an_objection_that_is_rejected_lets_the_case_go_on(
    sign_in: SignedIn, everybody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = poor_household()
    judge(home, "passed")
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    receipt = object_to(everybody, Entry.objects.get())
    on_day(monkeypatch, LATER)

    people.county.post(
        f"/decisions/objections/{Objection.objects.get().pk}/",
        {"outcome": "rejected", "text": "The lorry belongs to a neighbour"},
    )
    do(people.county, case, "decide", exit_status="exited")

    assert case.state == State.DECIDED
    assert "belongs to a neighbour" in told(everybody, receipt)


def test_neither_village_nor_township_answers_or_reads_an_objection(
    sign_in: SignedIn, everybody: Client
) -> None:
    home = poor_household()
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    object_to(everybody, Entry.objects.get())
    objection = Objection.objects.get()

    for client in (people.village, people.township):
        page = client.get(f"/decisions/cases/{case.pk}/").content.decode()
        assert "They own a lorry" not in page
        answer = client.post(
            f"/decisions/objections/{objection.pk}/", {"outcome": "rejected", "text": "nonsense"}
        )
        assert answer.status_code == 403


def test_reason_and_contact_are_sealed_and_the_receipt_is_kept_nowhere(
    sign_in: SignedIn, everybody: Client
) -> None:
    home = poor_household()
    in_publicity(office(sign_in, home.area), home)

    receipt = object_to(everybody, Entry.objects.get())

    row = Objection.objects.get()
    kept = b"".join(bytes(part or b"") for part in (row.reason, row.contact, row.receipt_index))
    assert b"lorry" not in kept
    assert b"13800000000" not in kept
    assert receipt.encode() not in kept


def test_a_wrong_receipt_tells_nothing(sign_in: SignedIn, everybody: Client) -> None:
    home = poor_household()
    in_publicity(office(sign_in, home.area), home)
    receipt = object_to(everybody, Entry.objects.get())

    assert "alert-warning" in told(everybody, "AAAA-BBBB-CCCC")
    assert "alert-warning" not in told(everybody, receipt.lower().replace("-", " "))


def test_one_source_hands_in_five_objections_an_hour(sign_in: SignedIn, everybody: Client) -> None:
    home = poor_household()
    in_publicity(office(sign_in, home.area), home)
    line = Entry.objects.get()

    for _number in range(7):
        object_to(everybody, line)

    assert Objection.objects.count() == 5


def test_a_program_that_fills_in_everything_hands_in_nothing(
    sign_in: SignedIn, everybody: Client
) -> None:
    home = poor_household()
    in_publicity(office(sign_in, home.area), home)
    line = Entry.objects.get()

    answer = everybody.post(
        f"/public/lists/{line.publicity_id}/{line.pk}/",
        {"reason": "They own a lorry", "website": "http://example.invalid"},
    )

    see_everything()
    assert answer.status_code == 422
    assert Objection.objects.count() == 0


def test_raw_sql_without_a_scope_reads_lists_in_force_and_nothing_else(
    sign_in: SignedIn,
) -> None:
    home = poor_household()
    in_publicity(office(sign_in, home.area), home)

    scope.apply(scope.NOTHING)

    assert Publicity.objects.count() == Entry.objects.count() == 1
    assert Case.objects.count() == Objection.objects.count() == Household.objects.count() == 0
    Entry.objects.update(masked_name="changed")
    see_everything()
    assert Entry.objects.get().masked_name != "changed"


def test_raw_sql_can_write_no_objection_past_the_function(raw: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(
            "INSERT INTO dialogue_objection (entry_id, case_id, area, receipt_index, reason,"
            " received_on, state, answer, answered_by)"
            " VALUES (1, 1, 1, 'x', 'x', now()::date, 'open', '', 0)"
        )


def test_a_stranger_of_another_county_sees_the_public_list_but_not_its_case(
    sign_in: SignedIn, villages: list[int]
) -> None:
    home = poor_household()
    case = in_publicity(office(sign_in, home.area), home)
    hung = Publicity.objects.get()
    elsewhere = next(v for v in villages if county_of(v) != county_of(home.area))
    stranger = sign_in(Role.COUNTY, county_of(elsewhere))

    assert stranger.get(f"/public/lists/{hung.pk}/").status_code == 200
    assert stranger.get(f"/decisions/cases/{case.pk}/").status_code == 404
    assert timezone.localdate() == TODAY
