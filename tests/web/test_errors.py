"""Whoever meets an error reads what it is and what to do; logs tell nothing of people."""

from __future__ import annotations

import logging
import sys

from django.test import Client

from jingzhun_web.access.roles import Role
from jingzhun_web.kit.logs import PrivateFormatter

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
