"""Programs of invented people: clients of the API with a token."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.test import Client

from jingzhun_web.access.actors import actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household
from jingzhun_web.tokens import services as tokens

from .people import PROVINCE

DAY = date(2026, 1, 1)


class Program:
    """Calls the API with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(SERVER_NAME="localhost")
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}

    def get(self, address: str, **headers: str) -> Any:
        return self.client.get(f"/api/{address}", headers={**self.headers, **headers})

    def post(self, address: str, content: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/{address}",
            json.dumps(content or {}),
            content_type="application/json",
            headers={**self.headers, **headers},
        )


def account(role: Role, area: int, name: str = "") -> User:
    """Somebody with a role in an area, who has not signed in."""
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.create(
        username=name or f"{role.value}{area}", display_name="invented", area=area
    )
    Grant.objects.create(user=user, role=role, area=area, given_by=0)
    return user


def secret_of(
    user: User,
    *,
    rights: Collection[Right] = (),
    areas: Collection[int] = (),
    days: int = 30,
) -> str:
    """A token of somebody: all they may, where they may, unless it says less."""
    scope.apply(scope.Scope(actor=user.pk))
    actor = actor_of(user, on=DAY)
    scope.apply(actor.scope)
    held = {right for one in actor.held for right in RIGHTS[one.role]}
    made = tokens.make_token(
        by=actor,
        name="invented",
        rights=rights or held,
        areas=areas or [int(one.area) for one in actor.held],
        days=days,
    )
    return made.secret


def program(role: Role, area: int, name: str = "") -> Program:
    """A program of somebody with a role in an area."""
    return Program(secret_of(account(role, area, name)))


def told(response: Any, status: int = 200) -> Any:
    """The answer's content, when it has that status."""
    assert response.status_code == status, (response.status_code, response.content[:300])
    return json.loads(response.content)


def a_household(village: int) -> Household:
    """A household of a village, as of its latest year."""
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    home = Household.objects.filter(area=village).order_by("-period", "household_id").first()
    assert home is not None
    return home


def is_problem(response: object, status: int) -> bool:
    """Whether an answer tells an error of that status as problem+json."""
    found = told(response, status)
    kind = response.headers["Content-Type"]  # type: ignore[attr-defined]
    return bool(found["status"] == status and found["title"]) and kind == "application/problem+json"
