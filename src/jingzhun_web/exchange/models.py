"""Imports on their way into the register or among other departments' records, and the agreements behind them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    PROPOSED = "proposed", _("waits for a second person")
    APPROVED = "approved", _("approved")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


MOVES: Mapping[State, frozenset[State]] = {
    State.UPLOADED: frozenset({State.CHECKING, State.WITHDRAWN}),
    # A check that fails leads back; so does a new mapping.
    State.CHECKING: frozenset({State.CHECKED, State.UPLOADED}),
    State.CHECKED: frozenset({State.PROPOSED, State.UPLOADED, State.WITHDRAWN}),
    State.PROPOSED: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN}),
    # What changed in the register since the check asks for another one.
    State.APPROVED: frozenset({State.APPLIED, State.UPLOADED}),
    State.APPLIED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
OPEN = tuple(state for state, moves in MOVES.items() if moves)


class Kind(models.TextChoices):
    """What an import brings."""

    REGISTER = "register", _("households and persons")
    DELIVERY = "delivery", _("records of another department")


class Import(models.Model):
    """Files of one area and period that are to become rows. Nothing is taken over before a second person agrees.

    `mapping` is the engine's mapping as plain data; `report`, what the dry run counted; `parts`, kept files by
    name (rejected rows, lineage): name -> SHA-256.
    """

    area = models.BigIntegerField()
    period = models.SmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    digest = models.CharField(max_length=64)
    """Over the content of its files, whatever their names."""
    mapping = models.JSONField()
    state = models.CharField(max_length=20, choices=State, default=State.UPLOADED)
    report = models.JSONField(null=True)
    parts = models.JSONField(default=dict)
    engine_id = models.CharField(max_length=40, blank=True)
    """What the engine calls the import; deliveries carry it."""
    note = models.TextField(blank=True)
    """Why it was refused or withdrawn, or must be checked again."""
    uploaded_by = models.BigIntegerField()
    uploaded_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # The same files handed in by many at once are one import.
            models.UniqueConstraint(
                fields=("area", "period", "digest"),
                condition=models.Q(state__in=OPEN),
                name="import_open_once",
            ),
        )
        indexes = (models.Index(fields=("area", "id"), name="import_of_area"),)

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return bool(MOVES[State(self.state)])


class ImportFile(models.Model):
    """One file of an import; `name` as it was handed in, `number` from 0 in the order of the names."""

    batch = models.ForeignKey(Import, models.PROTECT, related_name="files")
    area = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("batch", "number"), name="import_file_once"),
        )

    def __str__(self) -> str:
        return self.name


class Agreement(models.Model):
    """What a department may deliver to, or read from, an area: for which purpose, from when until when.

    `area_last` is the last code inside the area: an agreement is seen by all whose areas it touches.
    """

    area = models.BigIntegerField()
    area_last = models.BigIntegerField()
    department = models.CharField(max_length=100)
    tables = ArrayField(models.CharField(max_length=40))
    may_deliver = models.BooleanField(default=True)
    may_read = models.BooleanField(default=False)
    """Recorded only: nobody is given or refused anything by it."""
    purpose = models.CharField(max_length=500)
    legal_basis = models.CharField(max_length=500)
    valid_from = models.DateField()
    valid_until = models.DateField()
    """The first day on which it holds no longer."""
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("area", "id"), name="agreement_of_area"),)

    def __str__(self) -> str:
        return f"agreement {self.pk}"
