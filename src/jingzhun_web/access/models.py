"""Accounts, grants, sign-ins and second factors."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingzhun_web.access.roles import Role
from jingzhun_web.kit.keys import seals

MOST_FAILURES = 5
LOCK_MINUTES = 15
SEALED = "sealed:"
"""Begins every key of a second factor in the database, whose own constraint refuses any other."""


class UserManager(BaseUserManager["User"]):
    """Accounts by user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of a user name."""
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser):
    """An account of a person at work. `area` is where the account belongs, for its administration."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=100)
    area = models.BigIntegerField()
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    temporary_until = models.DateTimeField(null=True)
    """When a password that somebody else has given stops opening the account; null: it is one's own."""
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.BigIntegerField(default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = UserManager()

    class Meta:
        indexes = (models.Index(fields=("area",), name="user_area"),)

    def __str__(self) -> str:
        return self.username

    def is_locked(self, *, at: datetime) -> bool:
        """Whether signing in is refused for now, after too many failures."""
        return self.locked_until is not None and self.locked_until > at

    def is_password_over(self, *, at: datetime) -> bool:
        """Whether the password is a temporary one whose time has passed."""
        return self.temporary_until is not None and self.temporary_until <= at


class Grant(models.Model):
    """A role that somebody holds in an area, until a day (that day included; null: until revoked)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    area = models.BigIntegerField()
    until = models.DateField(null=True)
    given_by = models.BigIntegerField()
    given_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "area"),
                condition=models.Q(revoked_at=None),
                name="grant_once",
            ),
        )
        indexes = (models.Index(fields=("area",), name="grant_area"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area}"

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on a day."""
        return self.revoked_at is None and (self.until is None or day <= self.until)


class SignIn(models.Model):
    """One signing in: one row per session. Seen by its owner only; `key` names the session while it lasts."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    key = models.CharField(max_length=40)
    agent = models.CharField(max_length=60)
    """Browser and system in a few words, as the browser says."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "started_at"), name="sign_in_of_user"),)

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"


class Authenticator(TOTPDevice):
    """A second factor of the library, whose key stands encrypted in the library's own table."""

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The key itself; SettingsError when no data key opens it."""
        return opened_key(self.key)


def sealed_key(key: bytes) -> str:
    """A key of a second factor as it stands in the database: 20 bytes fit into the library's column."""
    return SEALED + b64encode(seals().seal_bytes(key)).decode()


def opened_key(text: str) -> bytes:
    """The key of a second factor again."""
    return seals().open_bytes(b64decode(text.removeprefix(SEALED)))


class RecoveryCode(models.Model):
    """A code that serves once in place of a second factor. Seen by its owner only; the code itself is not kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    device = models.BigIntegerField()
    """The authenticator it stands in for; without it the code opens nothing."""
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When it was used, or others were made in its place."""

    class Meta:
        indexes = (models.Index(fields=("user", "device"), name="recovery_code_of"),)

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"
