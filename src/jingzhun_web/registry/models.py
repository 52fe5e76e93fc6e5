"""Households and persons as of a period. Columns come from the data standard; null means not known.

Direct identifiers are sealed (`kit.seals`): names, document numbers, telephones and accounts stand as bytes,
found by blind indexes only.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now

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
        indexes = (models.Index(fields=("period", "area", "household_id"), name="household_list"),)

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
    document_tail = models.CharField(max_length=4, blank=True)
    """The last characters of the document number, for the masked display."""
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
            models.UniqueConstraint(
                fields=("run_id", "profile", "household_id"), name="verdict_once"
            ),
        )
        indexes = (models.Index(fields=("household_id", "period"), name="verdict_of_household"),)

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


# What a row was before each change, by trigger, so that bulk loads can't forget it. A first version needs
# no copy: it is the row itself, or what the first change kept.
for _model in (Household, Person):
    _kept = (pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old))
    pghistory.track(*_kept, level=pgtrigger.Statement)(_model)
