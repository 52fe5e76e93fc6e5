"""Signing in and out as acts: each is in the log, and one's own sessions can be seen and ended."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.backend import acting
from jingzhun_web.access.models import SignIn, User
from jingzhun_web.audit import services as audit

# The first that a browser's own description holds: most of them name others too.
_BROWSERS: Mapping[str, str] = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: Mapping[str, str] = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@transaction.atomic
def note_sign_in(*, user: User, key: str, agent: str) -> SignIn:
    """Keep that somebody signed in; the rest of the transaction sees their own account."""
    acting(user.pk)
    made = SignIn.objects.create(
        user=user, key=key, agent=short_agent(agent), started_at=timezone.now()
    )
    audit.record(by=user.pk, act="sign_in", kind="user", object_id=user.pk, area=user.area)
    return made


@transaction.atomic
def note_password_over(*, user: User) -> None:
    """Keep that somebody came with a temporary password whose time had passed, and was not let in."""
    audit.record(by=user.pk, act="password_over", kind="user", object_id=user.pk, area=user.area)


@transaction.atomic
def note_sign_out(*, user: User, key: str) -> None:
    """Keep that somebody signed out."""
    SignIn.objects.filter(user=user, key=key, ended_at=None).update(ended_at=timezone.now())
    audit.record(by=user.pk, act="sign_out", kind="user", object_id=user.pk, area=user.area)


@transaction.atomic
def note_new_key(*, user: User, old: str, new: str) -> None:
    """Keep that a session goes on under another key."""
    SignIn.objects.filter(user=user, key=old).update(key=new)


@transaction.atomic
def end_sign_in(*, by: Actor, sign_in: SignIn) -> None:
    """Sign one of one's own sessions out."""
    if sign_in.user_id != by.id:
        raise PermissionDenied("session")
    Session.objects.filter(session_key=sign_in.key).delete()
    SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=timezone.now())
    _note_ended(by, 1)


@transaction.atomic
def end_other_sign_ins(*, by: Actor, key: str) -> int:
    """Sign all of one's own sessions out but the one of a key. Returns how many."""
    others = SignIn.objects.filter(user=by.id, ended_at=None).exclude(key=key)
    keys = list(others.values_list("key", flat=True))
    ended, _each = Session.objects.filter(session_key__in=keys).delete()
    others.update(ended_at=timezone.now())
    if ended:
        _note_ended(by, ended)
    return ended


def _note_ended(by: Actor, sessions: int) -> None:
    area = User.objects.values_list("area", flat=True).get(pk=by.id)
    audit.record(
        by=by.id, act="end_sign_in", kind="user", object_id=by.id, area=area, sessions=sessions
    )


def short_agent(text: str) -> str:
    """Browser and system in two words; nothing more of what browsers tell is kept."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in text), "?")
    system = next((name for mark, name in _SYSTEMS.items() if mark in text), "?")
    return f"{browser}, {system}"
