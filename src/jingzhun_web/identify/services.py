"""Identification of a household as poor, step by step. Persons decide, in public; the household can object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.dialogue import publicities, services, statuses
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Case, Publicity
from jingzhun_web.dialogue.processes import Kind, State
from jingzhun_web.identify.models import Visit
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import identifiers
from jingzhun_web.registry import services as registry
from jingzhun_web.registry.models import Household, Person
from jingzhun_web.registry.subjects import count_current
from jingzhun_web.registry.values import PERSON, checked

NOT_EXITED = "not_exited"


@dataclass(frozen=True)
class Newcomer:
    """A household that is not on file: its village, its head, and how many they are."""

    area: int
    head_name: str
    document_number: str
    persons: int


def apply_on_file(*, by: Actor, household_id: str, period: int, reason: str, on: date) -> Case:
    """A household on file that is not registered applies. CaseError when it is registered and has not exited."""
    home = Household.objects.get(household_id=household_id, period=period)
    if getattr(home, "is_registered") is not False:  # noqa: B009
        raise CaseError(_("The household is registered as poor already"))
    about = services.About(
        area=home.area,
        household_id=household_id,
        subject=household_id,
        period=period,
        head_name=None if home.head_name is None else bytes(home.head_name),
        persons=count_current(household_id, period),
    )
    return services.open_case(by=by, kind=Kind.IDENTIFICATION, about=about, reason=reason, on=on)


def apply_new(*, by: Actor, newcomer: Newcomer, period: int, reason: str, on: date) -> Case:
    """A household that is not on file applies. CaseError when its head's document is on file.

    ChangeError when name or number can't be a person's.
    """
    name = checked(PERSON["name"], newcomer.head_name)
    number = checked(PERSON["document_number"], newcomer.document_number)
    if not name or not number:
        raise CaseError(_("The head's name and document number are needed"))
    index = identifiers.search_indexes(number)["document_index"]
    known = Person.objects.filter(document_index=index, period=period).first()
    if known is not None:
        raise CaseError(
            _("This document belongs to household %s") % known.household_id,
            do=_("Apply with the number of that household"),
        )
    about = services.About(
        area=newcomer.area,
        household_id="",
        subject=f"new:{index.hex()}",
        period=period,
        head_name=seals().seal(name),
        persons=newcomer.persons,
    )
    return services.open_case(by=by, kind=Kind.IDENTIFICATION, about=about, reason=reason, on=on)


@transaction.atomic
def record_visit(*, by: Actor, case: Case, on: date, note: str, statement: str) -> Visit:
    """The first of two persons records the visit to the home and what the household says."""
    by.must(Right.PROPOSE_CHANGES, case.area)
    found = services.locked(case.pk)
    _must_be_at(found, State.ENTERED)
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                case_id=found.pk,
                area=found.area,
                on=on,
                first_by=by.id,
                note=note.strip(),
                statement=statement.strip(),
            )
    except IntegrityError:
        raise CaseError(
            _("The visit is recorded already"), do=_("Let the second person sign it")
        ) from None
    services.add_entry(by=by, case=found, on=on, note=note, detail={"visit": visit.pk})
    return visit


@transaction.atomic
def sign_visit(*, by: Actor, case: Case, on: date) -> Case:
    """The second person who was there signs; with that the home check is done."""
    visit = Visit.objects.select_for_update().filter(case_id=case.pk).first()
    if visit is None:
        raise CaseError(_("No visit is recorded"), do=_("Record it first"))
    if visit.first_by == by.id:
        raise CaseError(
            _("A home check is signed by two persons"),
            do=_("Let the other one sign with their own account"),
        )
    moved = services.move(
        by=by, case=_identification(case), to=State.CHECKED, on=on, detail={"visit": visit.pk}
    )
    visit.second_by, visit.signed_at = by.id, timezone.now()
    visit.save(update_fields=["second_by", "signed_at"])
    return moved


def first_visitor(case: Case) -> int | None:
    """The account that recorded the visit; None when there is none yet."""
    found = Visit.objects.filter(case_id=case.pk).first()
    return None if found is None else found.first_by


def appraise(
    *,
    by: Actor,
    case: Case,
    on: date,
    meeting_on: date,
    present: int,
    votes_for: int,
    votes_against: int,
    note: str,
) -> Case:
    """Record the appraisal of the village meeting. Goes on when more than half of those present are for it.

    DEFAULT: the majority is our own choice; no regulation that we know tells the quorum.
    """
    if votes_for + votes_against > present:
        raise CaseError(_("More votes than people present"))
    if meeting_on > on:
        raise CaseError(_("The meeting or the signature lies in the future"))
    if 2 * votes_for <= present:
        raise CaseError(
            _("The meeting was not for it: more than half of those present must be"),
            do=_("Refuse the case with the meeting's reason"),
        )
    detail = {
        "meeting_on": meeting_on.isoformat(),
        "present": present,
        "votes_for": votes_for,
        "votes_against": votes_against,
    }
    return services.move(
        by=by, case=_identification(case), to=State.APPRAISED, on=on, note=note, detail=detail
    )


def review(*, by: Actor, case: Case, on: date, note: str) -> Case:
    """The township confirms, after the first publicity."""
    return services.move(by=by, case=_identification(case), to=State.REVIEWED, on=on, note=note)


@transaction.atomic
def put_on_file(*, by: Actor, case: Case, household_id: str, on: date) -> Case:
    """Tell the number under which a newcomer has come on file meanwhile, by import or entry."""
    by.must(Right.PROPOSE_CHANGES, case.area)
    found = services.locked(_identification(case).pk)
    if found.household_id or found.has_ended:
        raise CaseError(_("The household is on file already"))
    home = Household.objects.filter(household_id=household_id, period=found.period, area=found.area)
    if not home.exists():
        raise CaseError(_("There is no such household in this village"))
    found.household_id = household_id
    found.save(update_fields=["household_id"])
    services.add_entry(
        by=by, case=found, on=on, note=household_id, detail={"household": household_id}
    )
    return found


@transaction.atomic
def recognise(*, by: Actor, case: Case, on: date, note: str) -> Publicity:
    """The county re-checks and recognises the household: it is registered, and that is announced."""
    found = _identification(case)
    if not found.household_id:
        raise CaseError(
            _("The household is not on file yet"),
            do=_("Let its archive be imported or entered, then tell its number in the case"),
        )
    hung = publicities.announce_decided_now(by=by, cases=[found], on=on, note=note)
    moved = services.locked(found.pk)
    statuses.apply_decision(by=by, case=moved, on=on, is_registered=True, identified_date=on)
    home = Household.objects.get(household_id=moved.household_id, period=moved.period)
    if getattr(home, "exit_status") != NOT_EXITED:  # noqa: B009
        registry.set_status(
            by=by,
            household_id=moved.household_id,
            period=moved.period,
            exit_status=NOT_EXITED,
            on=on,
            reason=note.strip() or moved.reason,
            source=statuses.source_of(moved),
        )
    audit.record(by=by.id, act="recognise", kind="case", object_id=found.pk, area=found.area)
    return hung


def _identification(case: Case) -> Case:
    if case.kind != Kind.IDENTIFICATION:
        raise CaseError(_("This step belongs to another kind of case"))
    return case


def _must_be_at(case: Case, state: State) -> None:
    if _identification(case).at is not state:
        raise CaseError(
            _("The case is not where this step begins"),
            why=_("It is now: %s") % case.get_state_display(),
            do=_("Open it again and look"),
        )
