"""Tokens of people for their programs, and the answers to requests that carried a key."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

LONGEST_DAYS = 366
"""A token lasts this long at most. DEFAULT: our own."""


class Token(models.Model):
    """Lets a program act as its owner: some of their rights, in some of their areas, until a moment.

    Kept is only the SHA-256 of the secret, which is shown once. What the owner may not do now, the token may not
    do either.
    """

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    hash = models.BinaryField(unique=True)
    rights = ArrayField(models.CharField(max_length=40))
    areas = ArrayField(models.BigIntegerField())
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    """Exact to the hour."""

    class Meta:
        indexes = (models.Index(fields=("user", "id"), name="token_of_user"),)

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"

    def is_valid(self, *, at: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and at < self.expires_at


class Answer(models.Model):
    """What a request with an idempotency key was answered: one row per account and key, for a day."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    request = models.BinaryField()
    """SHA-256 of method, address and body: the same key does not serve another request."""
    status = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField(default=b"")
    """The answer, sealed: it may speak of people."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="answer_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.status}"
