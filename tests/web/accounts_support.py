"""Accounts in tests: made in the pages, signed in, and what the log says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django_otp import oath

from jingzhun_web.access import second_factor
from jingzhun_web.access.models import User
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.kit.environment import Environment

from .people import PASSWORD, PROVINCE, county_of

_code: Any = oath.totp
NEW = "another invented one 8"
ONCE = re.compile(r'<code class="user-select-all">([a-z2-9-]{19})</code>')


@dataclass(frozen=True)
class Places:
    """A county, one of its villages, and a county beside it."""

    county: int
    village: int
    beside: int


@pytest.fixture
def places(villages: list[int]) -> Places:
    county = county_of(villages[0])
    beside = county_of(next(v for v in villages if county_of(v) != county))
    return Places(county, villages[0], beside)


def everywhere() -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))


def account(name: str) -> User:
    everywhere()
    return User.objects.get(username=name)


def make(client: Client, area: int, name: str = "invented.cadre") -> str:
    """Make an account; the temporary password, or nothing when it was not made."""
    given = {"username": name, "display_name": "invented", "area": f"{area:012d} somewhere"}
    found = ONCE.search(client.post("/accounts/new/", given).content.decode())
    return found[1] if found else ""


def signed_in(name: str, password: str = PASSWORD) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"username": name, "password": password})
    return client


def acts_of(user: User) -> list[str]:
    everywhere()
    found = Entry.objects.filter(kind="user", object_id=str(user.pk)).order_by("id")
    return [entry.act for entry in found]


def code_of(device: Any, *, steps: int = 0) -> str:
    return f"{_code(device.bin_key, drift=steps):06d}"


def demanding(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    settings = Environment(second_factor=mode)  # type: ignore[arg-type]
    monkeypatch.setattr(second_factor, "environment", lambda: settings)
