"""Findings of cross-checks with the work on them. The engine finds; persons look, judge and act."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun_web.crosscheck.states import WAITING, State


class Run(models.Model):
    """One row per cross-check of an area and period: with what it was computed, and what it came to."""

    area = models.BigIntegerField()
    period = models.SmallIntegerField()
    on = models.DateField()
    """The date of the parameters."""
    engine_run = models.CharField(max_length=80)
    """The engine's number of the computation: the same inputs, the same number."""
    snapshot_id = models.CharField(max_length=80)
    data_hash = models.CharField(max_length=80)
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=60)
    pack_hash = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    rules = ArrayField(models.CharField(max_length=10))
    """Rules that were asked; those whose records were not delivered were not."""
    counts = models.JSONField()
    quality = models.JSONField()
    """What the engine says of each rule by the verdicts so far: rows of `rule_quality`."""
    started_by = models.BigIntegerField()
    job_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("area", "period"), name="crosscheck_run_of_area"),)

    def __str__(self) -> str:
        return f"{self.area} {self.period} {self.engine_run}"


class Finding(models.Model):
    """One row per suspicion and period. The first part is the engine's, the second the work on it.

    `area` is that of the village, or of the county where only that is known (people who are not on file);
    their `household_id` is empty. Empty `person_id`: the finding is about the household.
    """

    finding_id = models.CharField(max_length=160)
    """The engine's number: the same suspicion has the same in every run."""
    period = models.SmallIntegerField()
    area = models.BigIntegerField()
    rule = models.CharField(max_length=10)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    rank = models.SmallIntegerField()
    household_id = models.CharField(max_length=60, blank=True)
    person_id = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=120)
    county_code = models.CharField(max_length=12)
    village_code = models.CharField(max_length=12, blank=True)
    record_ids = ArrayField(models.CharField(max_length=120))
    link_band = models.CharField(max_length=20)
    compared = models.TextField()
    """JSON, as the engine wrote it: fact -> value, never a direct identifier."""
    message_en = models.TextField()
    message_zh = models.TextField()
    verdict_path = models.CharField(max_length=120)
    """What may follow if it is true, in order, with commas."""
    deadline = models.DateField()
    evidence_hash = models.CharField(max_length=20)
    parameter_date = models.DateField()
    data_hash = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    pack_hash = models.CharField(max_length=80)
    engine_state = models.CharField(max_length=20)
    """open, updated, or withdrawn: no longer so."""
    first_on = models.DateField()
    last_on = models.DateField()

    state = models.CharField(max_length=20, choices=State, db_default=State.FOUND)
    due = models.DateField()
    """Until when the next step is to be done; at first the engine's deadline."""
    assigned_area = models.BigIntegerField(null=True)
    assigned_to = models.BigIntegerField(db_default=0)
    """The account that took it on; 0: nobody."""
    verdict = models.CharField(max_length=20, blank=True, db_default="")
    explanation = models.TextField(blank=True, db_default="")
    """The lawful explanation of the rule that applies, in English as in the pack."""
    proposed_by = models.BigIntegerField(db_default=0)
    confirmed_by = models.BigIntegerField(db_default=0)
    judged_on = models.DateField(null=True)
    handling = models.CharField(max_length=20, blank=True, db_default="")
    handled_by = models.BigIntegerField(db_default=0)
    is_sampled = models.BooleanField(db_default=False)
    """Whether it must be re-checked before it is closed."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("finding_id", "period"), name="finding_once"),
        )
        indexes = (
            models.Index(fields=("period", "rank", "due", "id"), name="finding_queue"),
            # A rare state or rule is found without passing all others; in the queue's order.
            models.Index(fields=("period", "state", "rank", "due", "id"), name="finding_by_state"),
            models.Index(fields=("period", "rule", "rank", "due", "id"), name="finding_by_rule"),
            models.Index(fields=("area", "period", "rule"), name="finding_of_area"),
            models.Index(fields=("household_id", "period"), name="finding_of_household"),
        )

    def __str__(self) -> str:
        return f"{self.finding_id} {self.period}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether the latest cross-check no longer found it."""
        return self.engine_state == WITHDRAWN

    @property
    def is_placed(self) -> bool:
        """Whether the village is known, not the county alone."""
        return self.area % 10**6 != 0

    def is_overdue(self, *, on: date) -> bool:
        """Whether its deadline has passed while it still waits."""
        return self.state in WAITING and not self.is_withdrawn and self.due < on


class Event(models.Model):
    """Something that happened to a finding: who, when, which move, and why. Never changed, never removed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events")
    area = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField()
    """The account; 0: a cross-check."""
    act = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, choices=State, blank=True)
    to_state = models.CharField(max_length=20, choices=State, blank=True)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("finding", "id"), name="event_of_finding"),)

    def __str__(self) -> str:
        return f"{self.finding_id} {self.act}"


class HomeCheck(models.Model):
    """A visit by two persons; it counts once the second has signed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="home_checks")
    area = models.BigIntegerField()
    on = models.DateField()
    first_by = models.BigIntegerField()
    second_by = models.BigIntegerField(null=True)
    note = models.TextField()
    statement = models.TextField()
    """What the household itself says."""
    recorded_at = models.DateTimeField(auto_now_add=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("finding",),
                condition=models.Q(second_by=None),
                name="home_check_one_unsigned",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("first_by")),
                name="home_check_two_persons",
            ),
        )

    def __str__(self) -> str:
        return f"{self.finding_id} {self.on}"
