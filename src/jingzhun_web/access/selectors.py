"""Reads of accounts. Which accounts there are, the database's row security decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q, QuerySet

from jingzhun_web.access.models import Grant, SignIn, User
from jingzhun_web.access.roles import Role
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area
from jingzhun_web.kit.scope import Scope

MOST_AREAS = 20


@dataclass(frozen=True)
class Anywhere:
    """A role that an account holds, and whether outside the areas of whoever asks."""

    role: Role
    is_outside: bool


def held_anywhere(user: User, *, on: date) -> list[Anywhere]:
    """Every role that an account of one's areas holds on a day, wherever; which areas is not told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, is_outside FROM access_held(%s, %s)", [user.pk, on])
        return [Anywhere(Role(role), is_outside) for role, is_outside in cursor.fetchall()]


def accounts(*, text: str = "", ended: bool = False) -> QuerySet[User]:
    """Accounts of one's areas whose user name or name holds a text; those in use, or the ended ones."""
    found = User.objects.filter(is_active=not ended)
    wanted = text.strip()
    if wanted:
        found = found.filter(
            Q(username__contains=wanted.lower()) | Q(display_name__contains=wanted)
        )
    return found


def grants_of(users: Iterable[User], *, on: date) -> Mapping[int, Sequence[Grant]]:
    """Account -> the grants it holds on a day, as far as they lie in one's areas. One query."""
    found: dict[int, list[Grant]] = defaultdict(list)
    wanted = [user.pk for user in users]
    for grant in Grant.objects.filter(user__in=wanted, revoked_at=None).order_by("area", "role"):
        if grant.holds_on(on):
            found[grant.user_id].append(grant)
    return found


def areas_inside(scope: Scope, text: str) -> list[Area]:
    """Areas of a scope whose name holds a text or whose code begins with it, widest first; the first few."""
    inside = Q(pk__in=[])
    for low, high in scope.spans:
        inside |= Q(code__gte=low, code__lte=high)
    found = areas.matching(text=text).filter(inside)
    return list(found.order_by("level", "code")[:MOST_AREAS])


def open_sign_ins(user: User, *, at: datetime) -> list[SignIn]:
    """Sessions of an account that still last, latest first."""
    since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = SignIn.objects.filter(user=user, ended_at=None, started_at__gt=since)
    lasting = Session.objects.filter(expire_date__gt=at).values("session_key")
    return list(found.filter(key__in=lasting).order_by("-started_at"))
