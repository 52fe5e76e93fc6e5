"""Acts on cases: opening one, and its moves. Nobody approves what they entered; no score moves a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Answer, Case, Entry, Objection, Publicity, Step
from jingzhun_web.dialogue.processes import ENDED, IN_PUBLIC, PROCESSES, Kind, State
from jingzhun_web.kit.reasons import SHORTEST_REASON, must_hold_no_number


@dataclass(frozen=True)
class About:
    """Whom a case is about. Empty `household_id`: not on file. `head_name` is sealed."""

    area: int
    household_id: str
    subject: str
    period: int
    head_name: bytes | None
    persons: int


@transaction.atomic
def open_case(
    *,
    by: Actor,
    kind: Kind,
    about: About,
    reason: str,
    on: date,
    evidence: Mapping[str, Any] | None = None,
) -> Case:
    """Enter a case; while one of the kind is open for the same household, it is that one.

    CaseError when it is open where the actor can't see it.
    """
    by.must(PROCESSES[kind].rights[State.ENTERED], about.area)
    _must_say_why(reason)
    try:
        with transaction.atomic():
            case = Case.objects.create(
                kind=kind,
                reason=reason.strip(),
                evidence=dict(evidence or {}),
                opened_by=by.id,
                opened_on=on,
                since=on,
                **asdict(about),
            )
    except IntegrityError:
        found = Case.objects.filter(kind=kind, subject=about.subject).exclude(state__in=ENDED)
        there = found.first()
        if there is None:
            raise CaseError(
                _("This is being decided in another area already"),
                do=_("Ask the county office"),
            ) from None
        return there
    _note(case, by=by, on=on, to=State.ENTERED)
    return case


@transaction.atomic
def move(
    *,
    by: Actor,
    case: Case,
    to: State,
    on: date,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Case:
    """Bring a case to its next state, or refuse it. The only way a state changes.

    CaseError when the step is not the next one, is one's own to approve, or a list hangs out still.
    """
    found = locked(case.pk)
    right = found.process.right_after(found.at)
    if right is None or to not in found.process.may_follow(found.at):
        raise CaseError(
            _("The case is not where this step begins"),
            why=_("It is now: %s") % found.get_state_display(),
            do=_("Open it again and look"),
        )
    by.must(right, found.area)
    _must_be_another(found, by, to)
    _must_not_hang(found, to, on)
    return _moved(found, by=by, to=to, on=on, note=note, detail=detail)


def refuse(*, by: Actor, case: Case, on: date, reason: str) -> Case:
    """End a case without what was proposed, for a reason that the household is told."""
    return move(by=by, case=case, to=State.REFUSED, on=on, note=reason)


def refuse_after_objection(*, by: Actor, case: Case, on: date, reason: str) -> Case:
    """End a case because an objection was upheld: the county does, whoever's turn it is."""
    by.must(Right.APPROVE_CHANGES, case.area)
    if case.at not in IN_PUBLIC:
        raise CaseError(_("The case is not where this step begins"))
    return _moved(case, by=by, to=State.REFUSED, on=on, note=reason, detail={"objection": True})


def _moved(
    case: Case,
    *,
    by: Actor,
    to: State,
    on: date,
    note: str,
    detail: Mapping[str, Any] | None,
) -> Case:
    if to is State.REFUSED:
        _must_say_why(note)
        Entry.objects.filter(case=case).update(is_withdrawn=True)
    before = case.at
    case.state, case.since = to, on
    case.save(update_fields=["state", "since"])
    _note(case, by=by, on=on, origin=before, to=to, note=note, detail=detail)
    return case


def add_entry(
    *, by: Actor, case: Case, on: date, note: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Something done in a case that does not move it. Who did it can't approve the case."""
    _note(case, by=by, on=on, origin=case.at, to=case.at, note=note, detail=detail)


def locked(case_id: int) -> Case:
    """The case, held until the transaction ends. Case.DoesNotExist outside the scope."""
    return Case.objects.select_for_update().get(pk=case_id)


def last_list(case: Case) -> Publicity | None:
    """The list in which the case hangs, or hung last."""
    found = Publicity.objects.filter(entries__case=case).order_by("-starts", "-id")
    return found.first()


def is_own(case: Case, by: Actor) -> bool:
    """Whether somebody made an entry in a case; answering an objection is none."""
    own = Step.objects.filter(case=case, by=by.id).exclude(detail__has_key="objection")
    return own.exists()


def is_objected(case: Case) -> bool:
    """Whether an objection waits for its answer."""
    return Objection.objects.filter(case=case, state=Answer.OPEN).exists()


def _must_say_why(text: str) -> None:
    if len(text.strip()) < SHORTEST_REASON:
        raise CaseError(_("A reason is needed"), do=_("Write it in a sentence"))
    must_hold_no_number(text)


def _must_be_another(case: Case, by: Actor, to: State) -> None:
    if to not in case.process.approvals:
        return
    if is_own(case, by):
        raise CaseError(
            _("You made an entry in this case yourself"),
            why=_("Nobody approves their own entry"),
            do=_("Let another person do this step"),
        )


def _must_not_hang(case: Case, to: State, on: date) -> None:
    if case.at not in IN_PUBLIC:
        return
    if is_objected(case):
        raise CaseError(
            _("Somebody objects to this case"),
            why=_("It stands still until the county has answered"),
            do=_("Answer the objection first"),
        )
    hung = last_list(case)
    if to is not State.REFUSED and hung is not None and not hung.is_over(on=on):
        raise CaseError(
            _("The list hangs out until %s, that day included") % hung.until.isoformat(),
            do=_("Come back when its time is over"),
        )


def _note(
    case: Case,
    *,
    by: Actor,
    on: date,
    to: State,
    origin: State | None = None,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    Step.objects.create(
        case=case,
        area=case.area,
        by=by.id,
        on=on,
        from_state=origin or "",
        to_state=to,
        note=note.strip(),
        detail=dict(detail or {}),
    )
    audit.record(
        by=by.id,
        act=f"{case.kind}_{to}",
        kind="case",
        object_id=case.pk,
        area=case.area,
        origin=origin or "",
    )
