"""Objections to lists: handed in without an account, answered by the county, asked for by receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.dialogue import services
from jingzhun_web.dialogue.errors import ObjectionError
from jingzhun_web.dialogue.models import Answer, Case, Entry, Objection, Step
from jingzhun_web.kit.keys import seals
from jingzhun_web.kit.reasons import SHORTEST_REASON, must_hold_no_number
from jingzhun_web.kit.spoken import LETTERS, random_code

GROUPS = 3
MOST_AN_HOUR = 5
"""DEFAULT: objections of one source in an hour."""


@dataclass(frozen=True)
class Told:
    """What whoever holds a receipt may know."""

    state: Answer
    answer: str
    received_on: date
    answered_on: date | None


@transaction.atomic
def hand_in(*, entry_id: int, reason: str, contact: str, source: str) -> str:
    """Object to a line of a list that hangs out; returned is the receipt, which is kept nowhere.

    `source` tells where it comes from, for the limit; only its blind index is kept, for a day.
    ObjectionError when the line does not hang out, or the source has handed in too many.
    """
    receipt = random_code(GROUPS).upper()
    keys = seals()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dialogue_object(%s, %s, %s, %s, %s, %s)",
            [
                entry_id,
                _index(receipt),
                keys.seal(reason.strip()),
                keys.seal(contact.strip()) if contact.strip() else None,
                keys.index(f"source {source}"),
                MOST_AN_HOUR,
            ],
        )
        found = cursor.fetchone()
    became = found[0] if found else "closed"
    if became == "too_many":
        raise ObjectionError(
            _("Too many objections came from your connection within an hour"),
            do=_("Try again in an hour, or call the number of the list"),
        )
    if became != "taken":
        raise ObjectionError(
            _("This list does not take objections any more"),
            do=_("Turn to the county office"),
        )
    line = Entry.objects.get(pk=entry_id)
    audit.record(by=0, act="hand_in_objection", kind="entry", object_id=entry_id, area=line.area)
    return receipt


def told(receipt: str) -> Told | None:
    """What became of an objection; None when there is no such receipt."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, answer, received_on, answered_on FROM dialogue_answer(%s)",
            [_index(receipt)],
        )
        row = cursor.fetchone()
    return None if row is None else Told(Answer(row[0]), row[1], row[2], row[3])


@dataclass(frozen=True)
class Opened:
    """An objection with what is sealed in it."""

    objection: Objection
    reason: str
    contact: str
    """Empty where none was left."""


@transaction.atomic
def opened(*, by: Actor, case: Case) -> list[Opened]:
    """The objections to a case, oldest first, for those who answer them; that they were read is logged."""
    by.must(Right.APPROVE_CHANGES, case.area)
    open_ = seals().open
    found = [
        Opened(row, open_(bytes(row.reason)), open_(bytes(row.contact)) if row.contact else "")
        for row in case.objections.order_by("id")
    ]
    if found:
        audit.record(
            by=by.id, act="read_objections", kind="case", object_id=case.pk, area=case.area
        )
    return found


@transaction.atomic
def answer_objection(
    *, by: Actor, objection: Objection, is_upheld: bool, text: str, on: date
) -> Objection:
    """Answer with a reason that the objector reads: upheld, the case is refused; rejected, it goes on."""
    by.must(Right.APPROVE_CHANGES, objection.area)
    case: Case = services.locked(objection.case_id)
    found = Objection.objects.select_for_update().get(pk=objection.pk)
    if found.state != Answer.OPEN:
        raise ObjectionError(_("This objection has been answered"), do=_("Open the case again"))
    if len(text.strip()) < SHORTEST_REASON:
        raise ObjectionError(_("An answer needs its reason"), do=_("Write it in a sentence"))
    must_hold_no_number(text)
    found.state = Answer.UPHELD if is_upheld else Answer.REJECTED
    found.answer, found.answered_by, found.answered_on = text.strip(), by.id, on
    found.save(update_fields=["state", "answer", "answered_by", "answered_on"])
    Step.objects.create(
        case=case,
        area=case.area,
        by=by.id,
        on=on,
        from_state=case.state,
        to_state=case.state,
        note=found.answer,
        detail={"objection": found.pk, "answer": found.state},
    )
    audit.record(
        by=by.id,
        act=f"objection_{found.state}",
        kind="objection",
        object_id=found.pk,
        area=found.area,
    )
    if is_upheld:
        _refuse(by, case, found, on)
    return found


def _refuse(by: Actor, case: Case, upheld: Objection, on: date) -> None:
    """Refuse the case; other objections to it have reached their goal with it."""
    others = Objection.objects.filter(case=case, state=Answer.OPEN).exclude(pk=upheld.pk)
    others.update(state=Answer.UPHELD, answer=upheld.answer, answered_by=by.id, answered_on=on)
    services.refuse_after_objection(by=by, case=case, on=on, reason=upheld.answer)


def _index(receipt: str) -> bytes:
    plain = "".join(letter for letter in receipt.lower() if letter in LETTERS).upper()
    return seals().index(f"receipt {plain}")
