"""Passwords that an administrator has given open an account for some days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jingzhun_web.access import services
from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Role
from jingzhun_web.kit.environment import Environment

from .accounts_support import NEW, ONCE, Places, account, acts_of, make, signed_in
from .people import SignedIn


@pytest.mark.parametrize("given", ["made", "reset"])
def test_a_temporary_password_whose_time_has_passed_is_told_to_who_knows_it(
    given: str, sign_in: SignedIn, places: Places
) -> None:
    owner = sign_in(Role.ADMINISTRATOR, places.county)
    password = make(owner, places.village)
    other = account("invented.cadre")
    if given == "reset":
        page = owner.post(f"/accounts/{other.pk}/password/").content.decode()
        password = ONCE.findall(page)[0]
    assert timedelta(days=6) < account("invented.cadre").temporary_until - timezone.now()  # type: ignore[operator]
    User.objects.filter(pk=other.pk).update(temporary_until=timezone.now())

    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
    right = client.post("/sign-in/", {"username": "invented.cadre", "password": password})
    wrong = client.post("/sign-in/", {"username": "invented.cadre", "password": "wrong"})

    told = "Ask your account administrator for a new one"
    assert told in right.content.decode()
    assert told not in wrong.content.decode()
    assert client.get("/account/").status_code == 302
    assert acts_of(other)[-2:] == ["password_over", "sign_in_failed"]


def test_an_open_session_does_not_make_a_temporary_password_good_again(
    sign_in: SignedIn, places: Places
) -> None:
    password = make(sign_in(Role.ADMINISTRATOR, places.county), places.village)
    client = signed_in("invented.cadre", password)
    other = account("invented.cadre")
    User.objects.filter(pk=other.pk).update(temporary_until=timezone.now())

    given = {"old": password, "new": NEW, "again": NEW}
    page = client.post("/account/password/", given, headers={"Accept-Language": "en"})

    assert page.status_code == 409
    assert "Ask your account administrator for a new one" in page.content.decode()
    assert account("invented.cadre").check_password(password)
    assert "change_password" not in acts_of(other)


def test_a_password_of_ones_own_has_no_end(sign_in: SignedIn, places: Places) -> None:
    password = make(sign_in(Role.ADMINISTRATOR, places.county), places.village)
    client = signed_in("invented.cadre", password)

    client.post("/account/password/", {"old": password, "new": NEW, "again": NEW})

    assert account("invented.cadre").temporary_until is None


def test_how_long_a_temporary_password_lasts_is_a_setting(
    sign_in: SignedIn, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Environment(temporary_password_days=2)
    monkeypatch.setattr(services, "environment", lambda: settings)

    make(sign_in(Role.ADMINISTRATOR, places.county), places.village)

    until = account("invented.cadre").temporary_until
    assert until is not None
    assert timedelta(days=1) < until - timezone.now() <= timedelta(days=2)
