"""Invented people at work, for the tests of the platform."""

from __future__ import annotations

from typing import Protocol

import psycopg
from django.test import Client

from jingzhun_web.access.roles import Role
from jingzhun_web.kit.scope import Scope

PROVINCE = "620000000000"
PASSWORD = "invented for the tests 7"  # noqa: S105


class SignedIn(Protocol):
    """Makes an account with a role in an area and signs it in."""

    def __call__(self, role: Role, area: int, name: str = "") -> Client: ...


def county_of(village: int) -> int:
    """Code of the county that a village lies in."""
    return village // 10**6 * 10**6


def township_of(village: int) -> int:
    """Code of the township that a village lies in."""
    return village // 10**3 * 10**3


def see(connection: psycopg.Connection, *areas: str) -> None:
    """Let raw SQL of this transaction see some areas."""
    seen = Scope.of_areas(areas)
    low, high = (seen.spans[0][0], seen.spans[-1][1]) if seen.spans else (1, 0)
    settings = {"low": str(low), "high": str(high), "areas": seen.multirange}
    for name, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, true)", [f"jingzhun.{name}", value])
