"""Accounts and first work of the demo: people of each role, invented, with passwords of this installation only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Least

from jingzhun_web.access.actors import actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Role
from jingzhun_web.areas.selectors import ancestors
from jingzhun_web.audit import services as audit
from jingzhun_web.crosscheck.starting import start_crosscheck
from jingzhun_web.evaluate.services import start_evaluation
from jingzhun_web.jobs.models import Job
from jingzhun_web.kit import scope
from jingzhun_web.kit.environment import SettingsError, environment
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import EXITED

PROVINCE = "620000000000"
ENOUGH = 3
"""Households of the demo's village that have yet to exit; more are no better."""


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
        province = int(PROVINCE)
        people = (
            ("village", Role.VILLAGE, village),
            # Nobody signs or approves their own: home checks, imports and verdicts need a colleague.
            ("village2", Role.VILLAGE, village),
            ("neighbour", Role.VILLAGE, _next_village(village)),
            ("township", Role.TOWNSHIP, township),
            ("county", Role.COUNTY, county),
            ("county2", Role.COUNTY, county),
            ("analyst", Role.ANALYST, province),
            ("auditor", Role.AUDITOR, province),
            ("administrator", Role.ADMINISTRATOR, province),
        )
        return [_made(name, role, area, password()) for name, role, area in people]


def first_work(*, today: date) -> int:
    """Let cross-check and evaluation of the latest year begin, as the analyst; how many were started.

    None in a demo in which something was started before.
    """
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        analyst = User.objects.filter(username="analyst").first()
        periods = registry.periods()
        if analyst is None or not periods or Job.objects.exists():
            return 0
        by, period = actor_of(analyst, on=today), periods[0]
        on = min(date(period, 12, 31), today)
        scope.apply(by.scope)
        start_evaluation(by=by, area=int(PROVINCE), period=period, on=on)
        start_crosscheck(by=by, area=int(PROVINCE), period=period, on=on)
    return 2


def _made(name: str, role: Role, area: int, password: str) -> Account:
    user = User(username=name, display_name=f"{name} (demo)", area=area)
    user.set_password(password)
    user.save()
    Grant.objects.create(user=user, role=role, area=area, given_by=0)
    audit.record(by=0, act="create_user", kind="user", object_id=user.pk, area=area)
    return Account(user.username, password, str(role.value), ancestors([area])[area][-1].name)


def _busiest_village() -> int:
    """The village with most households among those where every journey can be made: somebody has yet to exit."""
    to_exit = Count("id", filter=~Q(is_registered=False) & ~Q(exit_status__in=EXITED))
    rows = (
        Household.objects.filter(period=max(registry.periods(), default=0))
        .values("area")
        .annotate(n=Count("id"), to_exit=Least(to_exit, ENOUGH))
        .order_by("-to_exit", "-n", "area")
    )
    found = rows.first()
    if found is None:
        raise SettingsError("No register has been loaded", do="Load one first")
    return int(found["area"])


def _next_village(village: int) -> int:
    """Another village with households, as near as there is one."""
    others = Household.objects.exclude(area=village).values_list("area", flat=True).distinct()
    return min(others, key=lambda area: (abs(area - village), area), default=village)
