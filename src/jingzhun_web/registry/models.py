"""Households and persons as of a period. Columns come from the data standard; null means not known.

Direct identifiers are sealed (`kit.seals`): names, document numbers, telephones and accounts stand as bytes,
found by blind indexes only.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now

from jingzhun_web.registry.chain import Standing
from jingzhun_web.registry.columns import add_fields

HOUSEHOLD_KEYS = ("household_id", "period", "village_code")
PERSON_KEYS = ("person_id", "household_id", "period")


class Household(models.Model):
    """One row per household and period (year). `area` is the code of its village."""

    household_id = models.CharField(max_length=60)
    period = models.SmallIntegerField()
    village_code = models.CharField(max_length=12)
    area = models.BigIntegerField()
    head_name = models.BinaryField(null=True)
    """Sealed name of the head, so that lists need no second table."""
    version = models.PositiveIntegerField(default=1)
    """Grows with every change, so that two people who edit at once notice."""
    source = models.CharField(max_length=80, blank=True)
    """The import or act that this row comes from."""
    recorded_at = models.DateTimeField(db_default=Now())
    """Since when the row reads as it does."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("household_id", "period"), name="household_once"),
        )
        indexes = (
            models.Index(fields=("period", "area", "household_id"), name="household_list"),
            # A rare status or cause is found without passing all others; in the lists' order.
            models.Index(
                fields=("period", "exit_status", "area", "household_id"), name="household_by_status"
            ),
            models.Index(
                fields=("period", "main_cause", "area", "household_id"), name="household_by_cause"
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.period}"


class Person(models.Model):
    """One row per person and period (year), of a household of the same period."""

    person_id = models.CharField(max_length=60)
    household_id = models.CharField(max_length=60)
    period = models.SmallIntegerField()
    area = models.BigIntegerField()
    name_index = models.BinaryField(null=True)
    pinyin_index = models.BinaryField(null=True)
    document_index = models.BinaryField(null=True)
    source = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person_id", "period"), name="person_once"),)
        indexes = (
            models.Index(fields=("household_id", "period"), name="person_of_household"),
            models.Index(fields=("document_index",), name="person_by_document"),
            models.Index(fields=("name_index",), name="person_by_name"),
            models.Index(fields=("pinyin_index",), name="person_by_pinyin"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.period}"


add_fields(Household, "households", without=HOUSEHOLD_KEYS)
add_fields(Person, "persons", without=PERSON_KEYS)


class Verdict(models.Model):
    """What an evaluation run of the engine says of a household, by profile. Never computed here."""

    household_id = models.CharField(max_length=60)
    period = models.SmallIntegerField()
    area = models.BigIntegerField()
    profile = models.CharField(max_length=60)
    run_id = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20)
    score = models.FloatField(null=True)
    detail = models.JSONField()
    """Indicator -> met, points, value; what is missing; vetoes."""

    class Meta:
        constraints = (
            # An evaluation replaces what the one before it said. That PostgreSQL knows it makes lists by
            # outcome quick: it may start from either table and keep their order.
            models.UniqueConstraint(
                fields=("household_id", "period", "profile"), name="verdict_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("period", "profile", "outcome", "area", "household_id"),
                name="verdict_list",
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.profile} {self.outcome}"


class Upload(models.Model):
    """One load of a workspace's register into the platform: what came in, and that it came once."""

    data_hash = models.CharField(max_length=80, unique=True)
    period = models.SmallIntegerField()
    households = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.BigIntegerField()

    def __str__(self) -> str:
        return self.data_hash


class StatusEntry(models.Model):
    """One row per decided status of a household: from what to what, since when, why and on whose decision."""

    household_id = models.CharField(max_length=60)
    period = models.SmallIntegerField()
    area = models.BigIntegerField()
    old_status = models.CharField(max_length=20, blank=True)
    """Empty: was not known."""
    new_status = models.CharField(max_length=20)
    on = models.DateField()
    reason = models.TextField()
    source = models.CharField(max_length=80)
    """What it was decided in, as in `case 12`."""
    by = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=("household_id", "id"), name="status_of_household"),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.period} {self.new_status}"


class Change(models.Model):
    """A proposal to change one household's archive of a period; nothing changes before it is applied.

    `version` is the household's when the proposal was made. `waits_for` is the step of the chain whose turn
    it is, empty once it is decided.
    """

    household_id = models.CharField(max_length=60)
    period = models.SmallIntegerField()
    area = models.BigIntegerField()
    version = models.PositiveIntegerField()
    reason = models.TextField()
    standing = models.CharField(max_length=20, choices=Standing, default=Standing.OPEN)
    waits_for = models.CharField(max_length=20, blank=True)
    joins = models.JSONField(default=list)
    """Numbers of the people whom the change puts on file."""
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(fields=("household_id", "period", "id"), name="change_of_household"),
            models.Index(
                fields=("waits_for", "area", "id"),
                condition=models.Q(standing="open"),
                name="change_queue",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.household_id} {self.period} {self.standing}"


class ChangeItem(models.Model):
    """One field of a change, with its value at the time and the proposed one; null: not known.

    Empty `person_id`: a field of the household. Direct identifiers stand sealed, and `old`, `new` are null.
    """

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="items")
    area = models.BigIntegerField()
    person_id = models.CharField(max_length=60, blank=True)
    field = models.CharField(max_length=60)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    old_sealed = models.BinaryField(null=True)
    new_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("change", "person_id", "field"), name="change_item_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.change_id} {self.person_id} {self.field}"


class ChangeStep(models.Model):
    """What somebody did to a change: accepted a step of its chain, refused it, or applied it."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="steps")
    area = models.BigIntegerField()
    act = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    kept = models.JSONField(default=list)
    """Fields whose value in the register was kept, because it had changed in the meantime."""
    by = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.change_id} {self.act}"


class Attachment(models.Model):
    """A photo or document of a household, a finding or an objection; its content is in `kit.files`."""

    area = models.BigIntegerField()
    household_id = models.CharField(max_length=60, blank=True)
    """Empty where it belongs to somebody who is not on file."""
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    """Bytes."""
    by = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "object_id", "sha256"), name="attachment_once"),
        )
        indexes = (
            models.Index(fields=("kind", "object_id", "id"), name="attachment_of_object"),
            models.Index(fields=("household_id", "id"), name="attachment_of_household"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.object_id}"


class SavedFilter(models.Model):
    """A filter of lists that an account keeps under a name; seen by that account only.

    `query` holds no searched text: that may be a name or a number.
    """

    user_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    query = models.JSONField()
    is_kept = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user_id", "name"), name="saved_filter_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"


# What a row was before each change, by trigger, so that bulk loads can't forget it. A first version needs
# no copy: it is the row itself, or what the first change kept.
for _model in (Household, Person):
    _kept = (pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old))
    pghistory.track(*_kept, level=pgtrigger.Statement)(_model)
