"""Accounts of the demo: one for each role, invented, with passwords of this installation only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count

from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Role
from jingzhun_web.areas.selectors import ancestors
from jingzhun_web.audit import services as audit
from jingzhun_web.kit import scope
from jingzhun_web.kit.environment import SettingsError, environment
from jingzhun_web.registry.models import Household

PROVINCE = "620000000000"


@dataclass(frozen=True)
class Account:
    """An account that was made."""

    username: str
    password: str
    role: str
    place: str


def demo_accounts(password: Callable[[], str]) -> list[Account]:
    """Make them in the village with most households; none when they are there. SettingsError in production."""
    if environment().mode != "demo":
        raise SettingsError("Accounts of the demo are not made in production mode")
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        if User.objects.exists():
            return []
        village = _busiest_village()
        *_, county, township, _village = (area.code for area in ancestors([village])[village])
        where = {
            Role.VILLAGE: village,
            Role.TOWNSHIP: township,
            Role.COUNTY: county,
            Role.ANALYST: int(PROVINCE),
            Role.AUDITOR: int(PROVINCE),
            Role.ADMINISTRATOR: int(PROVINCE),
        }
        return [_made(role, area, password()) for role, area in where.items()]


def _made(role: Role, area: int, password: str) -> Account:
    user = User(username=role.value, display_name=f"{role.value} (demo)", area=area)
    user.set_password(password)
    user.save()
    Grant.objects.create(user=user, role=role, area=area, given_by=0)
    audit.record(by=0, act="create_user", kind="user", object_id=user.pk, area=area)
    return Account(user.username, password, str(role.value), ancestors([area])[area][-1].name)


def _busiest_village() -> int:
    rows = Household.objects.values("area").annotate(n=Count("id")).order_by("-n", "area")
    found = rows.first()
    if found is None:
        raise SettingsError("No register has been loaded", do="Load one first")
    return int(found["area"])
