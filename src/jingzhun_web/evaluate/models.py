"""Evaluation runs, and what they say of villages and counties. What they say of households: `registry.Verdict`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class EvaluationRun(models.Model):
    """One row per evaluation of an area and period: with what it was computed, and what it came to."""

    area = models.BigIntegerField()
    period = models.SmallIntegerField()
    on = models.DateField()
    """The date of the parameters."""
    run_id = models.CharField(max_length=80)
    """The engine's number of the computation: the same inputs, the same number."""
    snapshot_id = models.CharField(max_length=80)
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=60)
    pack_hash = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    profiles = ArrayField(models.CharField(max_length=60))
    counts = models.JSONField()
    """Profile (and "stricter") -> outcome -> households."""
    started_by = models.BigIntegerField()
    job_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run_id", "area"), name="evaluation_run_once"),
        )
        indexes = (models.Index(fields=("area", "period"), name="evaluation_run_of_area"),)

    def __str__(self) -> str:
        return f"{self.area} {self.period} {self.run_id}"


class AreaVerdict(models.Model):
    """What the latest run says of a village or county, by its exit profile. `area` is that of it."""

    area = models.BigIntegerField()
    period = models.SmallIntegerField()
    profile = models.CharField(max_length=60)
    run_id = models.CharField(max_length=80)
    on = models.DateField()
    outcome = models.CharField(max_length=20)
    detail = models.JSONField()
    """`indicators`: id -> met and value; `facts`: what was counted and recorded; `missing`, `vetoes`."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("area", "period", "profile"), name="area_verdict_once"),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.period} {self.profile} {self.outcome}"
