"""A second factor beside the password: set up, asked for, lost, given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test import Client

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access import second_factor
from jingzhun_web.access.models import Authenticator, RecoveryCode, SignIn
from jingzhun_web.access.roles import Role
from jingzhun_web.kit import scope

from .accounts_support import Places, account, acts_of, code_of, demanding, everywhere, signed_in
from .people import PASSWORD, SignedIn


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Codes live for 30 seconds and failures wait for one: neither passes while a slow machine works."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        yield clock


def enrolled(client: Client, name: str) -> Any:
    client.get("/account/second-factor/")
    everywhere()
    device = Authenticator.objects.get(user__username=name)
    client.post("/account/second-factor/", {"code": code_of(device)})
    everywhere()
    device.refresh_from_db()
    return device


def test_a_second_factor_is_set_up_by_picture_and_asked_for_at_the_next_sign_in(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")

    page = client.get("/account/second-factor/")
    assert 'src="data:image/svg+xml' in page.content.decode()
    device = enrolled(client, "invented.cadre")
    assert device.confirmed
    assert client.get("/households/").status_code == 200

    again = signed_in("invented.cadre")
    asked = again.get("/households/")
    assert asked.headers["Location"] == "/sign-in/code/?next=%2Fhouseholds%2F"
    assert again.get("/account/").status_code == 302
    given = {"code": code_of(device, steps=1), "next": "/households/"}
    assert again.post("/sign-in/code/", given).headers["Location"] == "/households/"
    assert again.get("/households/").status_code == 200


def test_a_code_serves_once_and_wrong_ones_make_wait(
    sign_in: SignedIn, places: Places, clock: time_machine.Traveller
) -> None:
    device = enrolled(
        sign_in(Role.VILLAGE, places.village, name="invented.cadre"), "invented.cadre"
    )
    again = signed_in("invented.cadre")

    again.post("/sign-in/code/", {"code": code_of(device)})
    right_but_too_soon = again.post("/sign-in/code/", {"code": code_of(device, steps=1)})

    assert right_but_too_soon.status_code == 200
    assert again.get("/households/").status_code == 302
    assert acts_of(account("invented.cadre")).count("second_factor_failed") == 2

    clock.shift(30)
    assert again.post("/sign-in/code/", {"code": code_of(device)}).status_code == 302
    assert again.get("/households/").status_code == 200


@pytest.mark.parametrize(
    ("mode", "role", "is_sent"),
    [
        ("off", Role.VILLAGE, False),
        ("optional", Role.VILLAGE, False),
        ("identifiers", Role.VILLAGE, True),
        ("identifiers", Role.ANALYST, False),
        ("everybody", Role.ANALYST, True),
    ],
)
def test_who_must_have_a_second_factor_is_a_setting(
    mode: str,
    role: Role,
    is_sent: bool,
    sign_in: SignedIn,
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demanding(monkeypatch, mode)
    client = sign_in(role, places.village)

    answer = client.get("/households/")

    assert answer.status_code == (302 if is_sent else 200)
    if is_sent:
        assert answer.headers["Location"].startswith("/account/second-factor/")
        assert client.get("/account/second-factor/").status_code == 200


def test_an_administrator_helps_who_lost_the_device(sign_in: SignedIn, places: Places) -> None:
    owner = sign_in(Role.ADMINISTRATOR, places.county)
    enrolled(sign_in(Role.VILLAGE, places.village, name="invented.cadre"), "invented.cadre")
    other = account("invented.cadre")
    waiting = signed_in("invented.cadre")
    assert waiting.get("/households/").status_code == 302

    owner.post(f"/accounts/{other.pk}/second-factor/remove/")

    assert waiting.get("/sign-in/code/?next=/households/").headers["Location"] == "/households/"
    assert waiting.get("/households/").status_code == 200
    assert "reset_second_factor" in acts_of(other)


def test_one_gives_up_ones_own_device_only_with_the_password(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    enrolled(client, "invented.cadre")
    user = account("invented.cadre")

    client.post("/account/second-factor/remove/", {"password": "wrong"})
    assert second_factor.has_device(user)
    client.post("/account/second-factor/remove/", {"password": PASSWORD})

    assert not second_factor.has_device(user)


def test_second_factors_and_sign_ins_are_closed_to_raw_sql_of_others(
    sign_in: SignedIn, places: Places, province: Workspace
) -> None:
    enrolled(sign_in(Role.VILLAGE, places.village, name="invented.cadre"), "invented.cadre")

    scope.apply(scope.Scope.of_areas([str(places.beside)], actor=-1))

    assert Authenticator.objects.count() == 0
    assert RecoveryCode.objects.count() == 0
    assert SignIn.objects.count() == 0


# -- at rest --------------------------------------------------------------------------------------


def test_the_key_of_a_second_factor_stands_encrypted(sign_in: SignedIn, places: Places) -> None:
    device = enrolled(
        sign_in(Role.VILLAGE, places.village, name="invented.cadre"), "invented.cadre"
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM otp_totp_totpdevice WHERE id = %s", [device.pk])
        stands = cursor.fetchone()[0]

    assert stands.startswith("sealed:")
    assert device.bin_key.hex() not in stands
    assert len(device.bin_key) == 20


def test_the_database_refuses_a_key_in_clear(owner: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(
            "INSERT INTO otp_totp_totpdevice"
            " (user_id, name, confirmed, key, step, t0, digits, tolerance, drift, last_t,"
            " throttling_failure_count) VALUES (0, 'x', true, %s, 30, 0, 6, 1, 0, -1, 0)",
            ["ab" * 20],
        )


def test_an_administrator_can_not_remove_their_own_second_factor_as_if_it_were_lost(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.ADMINISTRATOR, places.county, name="owner")
    enrolled(client, "owner")
    own = account("owner")

    answer = client.post(f"/accounts/{own.pk}/second-factor/remove/")

    assert answer.status_code == 403
    everywhere()
    assert second_factor.has_device(own)
