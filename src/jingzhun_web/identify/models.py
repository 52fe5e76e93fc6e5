"""What an identification needs besides its case: the visit to the home."""

from __future__ import annotations

from django.db import models


class Visit(models.Model):
    """A home check of a case of `dialogue` by two persons; it counts once the second has signed."""

    case_id = models.BigIntegerField()
    area = models.BigIntegerField()
    on = models.DateField()
    first_by = models.BigIntegerField()
    second_by = models.BigIntegerField(null=True)
    note = models.TextField()
    """What was seen."""
    statement = models.TextField()
    """What the household itself says."""
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case_id",), name="visit_once"),
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("first_by")),
                name="visit_two_persons",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.on}"
