"""The audit log. Entries name things by kind and id, without foreign keys: they outlive what they speak of."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act, or one reading of an identifier. Never changed, never deleted.

    `area`: where it concerns somebody (0: the whole installation). `detail` holds ids, counts and reasons,
    never a name, a number or an amount. `hash` covers the entry and the hash before it.
    """

    at = models.DateTimeField()
    actor = models.BigIntegerField()
    act = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120)
    area = models.BigIntegerField()
    detail = models.JSONField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("kind", "object_id", "id"), name="audit_of_object"),
            models.Index(fields=("area", "id"), name="audit_of_area"),
            models.Index(
                fields=("actor", "at"),
                condition=models.Q(act="reveal_identifiers"),
                name="audit_reveals",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.act} {self.kind} {self.object_id}"
