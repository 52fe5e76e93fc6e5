"""Places with one of everything in them, for the walk through every address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from jingzhun_web.access.models import Grant, SignIn, User
from jingzhun_web.areas.packs import pack
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.dialogue import objections
from jingzhun_web.dialogue.models import Case, Entry, Objection, Publicity
from jingzhun_web.evaluate.models import EvaluationRun
from jingzhun_web.exchange.models import Agreement, Import
from jingzhun_web.jobs.models import Job
from jingzhun_web.kit import files, scope
from jingzhun_web.registry.models import Attachment, Change, Household, Person, SavedFilter
from jingzhun_web.tokens.models import Token

from .people import PROVINCE

PERIOD = 2019


def everywhere(actor: int = 0) -> None:
    """Let the test itself see the whole province."""
    scope.apply(scope.Scope.of_areas([PROVINCE], actor=actor))


# -- one of everything in a place -----------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A village with a household, and one of everything that pages show. `mark` stands in all free texts."""

    village: int
    household_id: str
    person_id: str
    mark: str
    ids: dict[str, int] = field(default_factory=dict)
    period: int = PERIOD

    @property
    def village_code(self) -> str:
        return f"{self.village:012d}"

    def __getattr__(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError as error:
            raise AttributeError(name) from error


def settle(household: Household, mark: str = "walkmark") -> Place:
    """A place around a household, filled."""
    person = Person.objects.filter(
        household_id=household.household_id, period=household.period
    ).first()
    assert person is not None
    made = Place(
        household.area, household.household_id, person.person_id, f"{mark}{household.area}"
    )
    _people(made)
    _work(made)
    _decisions(made)
    everywhere()
    return made


def _people(place: Place) -> None:
    user = User.objects.create(username=place.mark, display_name=place.mark, area=place.village)
    grant = Grant.objects.create(user=user, role="village", area=place.village, given_by=0)
    everywhere(actor=user.pk)
    sign_in = _row(SignIn, place, user=user, key=place.mark, ended_at=None)
    token = _row(Token, place, user=user, hash=place.mark.encode(), name=place.mark)
    kept = _row(SavedFilter, place, user_id=user.pk, name=place.mark)
    everywhere()
    place.ids.update(
        user=user.pk, grant=grant.pk, sign_in=sign_in.pk, token=token.pk, saved_filter=kept.pk
    )


def _work(place: Place) -> None:
    home = {"household_id": place.household_id, "person_id": place.person_id}
    rule = next(iter(pack().crosschecks))
    finding = _row(Finding, place, **home, rule=rule, kind="", compared="{}", severity="high")
    job = _row(Job, place, kind="crosscheck", right="run_jobs", result={}, state="done")
    change = _row(Change, place, household_id=place.household_id, waits_for="review", version=1)
    data = files.keep(place.mark.encode())
    attachment = _row(
        Attachment,
        place,
        household_id=place.household_id,
        kind="household",
        object_id=place.household_id,
        sha256=data.sha256,
        size=data.size,
        media_type="application/pdf",
    )
    batch = _row(Import, place, mapping={"tables": []}, state="uploaded", kind="register")
    agreement = _row(Agreement, place, area_last=place.village, tables=["vehicles"])
    place.ids.update(
        finding=finding.pk,
        job=job.pk,
        change=change.pk,
        attachment=attachment.pk,
        batch=batch.pk,
        agreement=agreement.pk,
    )


def _decisions(place: Place) -> None:
    today = timezone.localdate()
    case = _row(
        Case,
        place,
        kind="exit",
        household_id=place.household_id,
        subject=place.household_id,
        state="published",
        persons=1,
        evidence={},
    )
    hung = _row(Publicity, place, kind="exit", state="published", starts=today, until=today)
    # Masked and public while it hangs out: without the mark.
    entry = _row(Entry, place, publicity=hung, case=case, masked_name="某", persons=1)
    objections.hand_in(entry_id=entry.pk, reason=place.mark, contact=place.mark, source=place.mark)
    objection = Objection.objects.get(entry=entry)
    run = _row(EvaluationRun, place, counts={}, profiles=[], on=today)
    place.ids.update(
        case=case.pk, publicity=hung.pk, entry=entry.pk, objection=objection.pk, run=run.pk
    )


def _row(model: type[models.Model], place: Place, **given: Any) -> Any:
    """A row with something in every field: the mark in free texts, the place's area and period."""
    given.setdefault("area", place.village)
    given.setdefault("period", place.period)
    names = {found.name for found in model._meta.concrete_fields}
    values = {name: value for name, value in given.items() if name in names}
    for found in model._meta.concrete_fields:
        is_open = found.name not in values and found.name + "_id" not in given
        needed = not (found.primary_key or found.null or found.has_default())
        if is_open and needed and found.db_default is models.NOT_PROVIDED:
            values[found.name] = _filler(found, place)
    return model._default_manager.create(**values)


def _filler(found: models.Field[Any, Any], place: Place) -> Any:
    if isinstance(found, models.CharField | models.TextField):
        return found.choices[0][0] if found.choices else place.mark[: found.max_length or None]
    plain: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, False),
        (models.DateTimeField, timezone.now()),
        (models.DateField, timezone.localdate() + timedelta(days=30)),
        (models.IntegerField, 0),
        (models.JSONField, {}),
        (models.BinaryField, place.mark.encode()),
    ]
    return next((value for kind, value in plain if isinstance(found, kind)), [])
