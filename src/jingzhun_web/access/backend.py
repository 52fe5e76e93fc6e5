"""Signing in: one password, a lock after failures, nothing told about which part was wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from jingzhun_web.access.models import LOCK_MINUTES, MOST_FAILURES, User
from jingzhun_web.audit import services as audit


class PasswordBackend(BaseBackend):
    """Accounts of this platform."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002  (Django's signature)
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The account, when name and password are right and it is neither locked nor ended."""
        if not username or not password:
            return None
        with transaction.atomic():
            signing_in(username)
            user = (
                User.objects.select_for_update().filter(username=username.strip().lower()).first()
            )
            now = timezone.now()
            if user is None or not user.is_active or user.is_locked(at=now):
                # Takes as long as a check, so that nobody can tell which names there are.
                make_password(password)
                return None
            if check_password(password, user.password):
                if user.failures:
                    User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
                return user
            failures = user.failures + 1
            locked = now + timedelta(minutes=LOCK_MINUTES) if failures >= MOST_FAILURES else None
            User.objects.filter(pk=user.pk).update(
                failures=0 if locked else failures, locked_until=locked
            )
            audit.record(
                by=user.pk,
                act="lock_user" if locked else "sign_in_failed",
                kind="user",
                object_id=user.pk,
                area=user.area,
            )
        return None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session."""
        acting(user_id)
        return User.objects.filter(pk=user_id, is_active=True).first()


def signing_in(username: str) -> None:
    """Let the rest of the transaction see the one account that signs in."""
    _set(login=username.strip().lower())


def acting(user_id: int) -> None:
    """Let the rest of the transaction see the account that acts, and its grants; nobody signs in any more."""
    _set(actor=str(user_id), login="")


def _set(**values: str) -> None:
    each = ", ".join(f"set_config('jingzhun.{name}', %s, true)" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", list(values.values()))
