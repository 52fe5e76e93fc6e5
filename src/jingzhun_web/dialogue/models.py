"""Cases, their steps, lists that hang out in public, and objections."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingzhun_web.dialogue.processes import ENDED, PROCESSES, Kind, Process, State


class Case(models.Model):
    """One row per household and decision to be made on it. `area` is its village.

    `subject` tells who it is about: the household's number, or for a household that is not on file a blind
    index of its head's document. Only one case of a kind is open for a subject.
    """

    kind = models.CharField(max_length=20, choices=Kind)
    area = models.BigIntegerField()
    household_id = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=80)
    period = models.SmallIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.ENTERED)
    head_name = models.BinaryField(null=True)
    """Sealed."""
    persons = models.PositiveSmallIntegerField()
    reason = models.TextField()
    """Why it is proposed or applied for."""
    evidence = models.JSONField(default=dict)
    """What the engine said when it was entered and when it was decided: run, outcomes."""
    opened_by = models.BigIntegerField()
    opened_on = models.DateField()
    since = models.DateField()
    """The day of the last step."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject"),
                condition=~models.Q(state__in=("announced", "refused")),
                name="case_once_open",
            ),
        )
        indexes = (
            models.Index(fields=("area", "state", "id"), name="case_queue"),
            models.Index(fields=("household_id", "period"), name="case_of_household"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"

    @property
    def process(self) -> Process:
        """Its moves."""
        return PROCESSES[Kind(self.kind)]

    @property
    def at(self) -> State:
        """Its state."""
        return State(self.state)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.at in ENDED


class Step(models.Model):
    """Something done in a case: who, when, from where to where, why. Only added to."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    area = models.BigIntegerField()
    by = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    from_state = models.CharField(max_length=20, choices=State, blank=True)
    to_state = models.CharField(max_length=20, choices=State, blank=True)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    """Figures of the step: votes, dates of signatures."""

    class Meta:
        indexes = (models.Index(fields=("case", "id"), name="step_of_case"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.to_state}"


class Publicity(models.Model):
    """A list of a village that hangs out from `starts` to `until`, both days included.

    Everybody may read it while it is in force; it holds no person.
    """

    area = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=20, choices=State)
    """Which step of the process hangs out."""
    starts = models.DateField()
    until = models.DateField()
    published_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("until", "area"), name="publicity_in_force"),)

    def __str__(self) -> str:
        return f"{self.area} {self.kind} {self.starts}"

    @property
    def takes_objections(self) -> bool:
        """Whether one may object to it: announcements tell of what is decided."""
        return self.state in (State.PUBLISHED, State.PUBLISHED_AGAIN)

    def is_over(self, *, on: date) -> bool:
        """Whether its last day has passed."""
        return on > self.until


class Entry(models.Model):
    """One line of a list, masked: everybody may read it while the list is in force and it is not withdrawn."""

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    area = models.BigIntegerField()
    masked_name = models.CharField(max_length=60)
    persons = models.PositiveSmallIntegerField()
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("publicity", "case"), name="entry_once_in_list"),
        )

    def __str__(self) -> str:
        return f"{self.publicity_id} {self.pk}"


class Answer(models.TextChoices):
    """What became of an objection."""

    OPEN = "open", _("being examined")
    UPHELD = "upheld", _("upheld")
    REJECTED = "rejected", _("rejected")


class Objection(models.Model):
    """What somebody objects to a line of a list. It stops the case until it is answered.

    Written by a function of the database (see the migration): who objects has no account. Reason and contact
    are sealed; the receipt stands as a blind index only.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="objections")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="objections")
    area = models.BigIntegerField()
    receipt_index = models.BinaryField(unique=True)
    reason = models.BinaryField()
    contact = models.BinaryField(null=True)
    received_on = models.DateField()
    state = models.CharField(max_length=20, choices=Answer, default=Answer.OPEN)
    answer = models.TextField(blank=True, default="")
    """What whoever holds the receipt reads."""
    answered_by = models.BigIntegerField(default=0)
    answered_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("case", "state"), name="objection_of_case"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Knock(models.Model):
    """How often an unknown source objected in an hour; against floods. Only the database's function sees it."""

    source_index = models.BinaryField()
    hour = models.DateTimeField()
    times = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source_index", "hour"), name="knock_once_an_hour"),
        )

    def __str__(self) -> str:
        return f"{self.hour} {self.times}"
