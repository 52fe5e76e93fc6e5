"""Whoever meets an error reads what it is and what to do; logs tell nothing of people."""

from __future__ import annotations

import logging
import sys

import pytest
from django.test import Client

from jingzhun_web.access.roles import Role
from jingzhun_web.kit.logs import PrivateFormatter

from .accounts_support import everywhere
from .archives import home_of
from .people import SignedIn


def test_a_page_that_is_not_there_says_so_in_the_language_of_the_page(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.VILLAGE, villages[0])

    answer = client.get("/nowhere/", headers={"Accept-Language": "zh-hans"})

    assert answer.status_code == 404
    assert "页面不存在" in answer.content.decode()


def test_a_page_without_the_right_says_whom_to_ask(sign_in: SignedIn, villages: list[int]) -> None:
    client = sign_in(Role.ADMINISTRATOR, villages[0])

    answer = client.get("/households/", headers={"Accept-Language": "en"})

    assert answer.status_code == 403
    assert "account administrator" in answer.content.decode()


def test_a_form_from_elsewhere_changes_nothing(province: object) -> None:
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)

    answer = client.post("/sign-in/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_logs_of_errors_hold_the_calls_and_no_message() -> None:
    told = f"Key (document_number)=({620500 * 10**12}) exists"
    try:
        try:
            raise ValueError(told)
        except ValueError as error:
            raise RuntimeError(told) from error
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, sys.exc_info())

    text = PrivateFormatter("%(message)s").format(record)

    assert "builtins.ValueError" in text
    assert "builtins.RuntimeError" in text
    assert "test_errors.py" in text
    assert told not in text


@pytest.mark.parametrize(
    "address",
    [
        "/log/?since=9999-12-31&until=9999-12-31",
        "/log/?since=0001-01-01&until=0001-01-01",
        "/households/{home}/2019/?on=9999-12-31",
        "/households/{home}/2019/?on=0001-01-01",
        "/households/%00/2019/",
        "/decisions/households/%00/2019/",
        "/api/log?until=9999-12-31",
        "/api/log?since=0001-01-01",
        "/api/households/{home}/2019/as-of?at=0001-01-01",
        "/api/households/{home}/2019/as-of?at=9999-12-31T23:59:59%2B14:00",
        "/api/households/%00/2019",
    ],
)
def test_days_at_the_ends_of_the_calendar_and_unprintable_numbers_break_nothing(
    address: str, sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.AUDITOR, villages[0])
    everywhere()
    home = home_of(villages[0], 2019).household_id

    answer = client.get(address.format(home=home))

    assert answer.status_code in {200, 404, 422}


def test_no_browser_keeps_a_page_or_an_answer_that_tells_of_people(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.VILLAGE, villages[0])
    everywhere()
    home = home_of(villages[0], 2019).household_id

    pages = ["/households/", f"/households/{home}/2019/", f"/households/{home}/2019/sheet/"]
    kept = [client.get(page).headers["Cache-Control"] for page in [*pages, "/api/households"]]

    assert kept == ["private, no-store"] * 4
    # A program asks again, with the tag of the copy that it has.
    assert (
        client.get(f"/api/households/{home}/2019").headers["Cache-Control"] == "private, no-cache"
    )
