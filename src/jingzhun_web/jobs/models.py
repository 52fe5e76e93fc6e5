"""One row per piece of long work. Procrastinate's own tables only say when it is its turn."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


ENDED = (State.DONE, State.FAILED)


class Job(models.Model):
    """Long work on an area, started by somebody. `done` of `total` steps; total 0: not known yet.

    `right` is what the starter must still hold in the area when the work begins. `result` holds counts, and
    `address`, where its result is looked at. `error` is a sentence for whoever started it.
    """

    kind = models.CharField(max_length=60)
    area = models.BigIntegerField()
    right = models.CharField(max_length=40)
    arguments = models.JSONField()
    key = models.CharField(max_length=120, blank=True)
    """Two jobs of a kind with the same key never wait or run at the same time."""
    started_by = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "key"),
                condition=models.Q(state__in=("waiting", "running")) & ~models.Q(key=""),
                name="job_once_at_a_time",
            ),
        )
        indexes = (models.Index(fields=("area", "id"), name="job_of_area"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """How much is done; None while it is not known."""
        return None if not self.total else min(100, 100 * self.done // self.total)
