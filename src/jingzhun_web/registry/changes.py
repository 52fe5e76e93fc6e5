"""Changes of archives: somebody proposes, others accept step by step, the last step applies.

Nothing is lost: a proposal names the values it was made on, and where the register reads otherwise by then,
whoever applies it sees both and decides.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.kit.keys import seals
from jingzhun_web.kit.reasons import SHORTEST_REASON, must_hold_no_number
from jingzhun_web.registry import chain, membership, proposals, subjects
from jingzhun_web.registry.chain import Standing
from jingzhun_web.registry.columns import is_sealed
from jingzhun_web.registry.errors import ChangeError, ConflictError
from jingzhun_web.registry.models import Change, ChangeItem, ChangeStep
from jingzhun_web.registry.subjects import Subject
from jingzhun_web.registry.values import column_of

SALT = "jingzhun.registry.changes"


@dataclass(frozen=True)
class Compared:
    """A field of a change beside the register: what it was, is to be, and now is; None: not known."""

    item: ChangeItem
    old: Any
    new: Any
    now: Any
    follows: bool = False
    """Whether it follows from who belongs to the household, so that nobody chooses it."""

    @property
    def key(self) -> str:
        """The field's name as in `propose`."""
        return key_of(self.item.person_id, self.item.field)

    @property
    def is_conflict(self) -> bool:
        """Whether the register reads neither as it did nor as proposed."""
        return self.now not in (self.old, self.new)


def key_of(person_id: str, field: str) -> str:
    """How a field is named in `propose`: `field` of the household, `person/field` of a member.

    A person that begins with `proposals.NEW` (`+1/name`) is put on file; whoever leaves gets `record_state` 2.
    """
    return f"{person_id}/{field}" if person_id else field


def seen_of(household_id: str, period: int) -> str:
    """What a form carries, so that `propose` knows whether anything happened since it was shown."""
    home = subjects.present(household_id, period).household
    return _seen(home.household_id, home.period, home.version)


@transaction.atomic
def propose(
    *,
    by: Actor,
    household_id: str,
    period: int,
    fields: Mapping[str, Any],
    reason: str,
    seen: str | None = None,
) -> Change:
    """Propose new values (None: not known) for fields of a household and its members, as in `key_of`.

    Fields that already have their value are left out. When members come or go, the number of persons follows.
    ChangeError when nothing is left, a value is not allowed, or the household would not be in order
    (`membership.require`); ConflictError when `seen` (`seen_of`) is given and the archive or its open changes
    are others now.
    """
    subject = subjects.held(household_id, period)
    home = subject.household
    by.must(Right.PROPOSE_CHANGES, home.area)
    _reasoned(reason)
    if seen is not None and seen != _seen(household_id, period, home.version):
        raise ConflictError(
            _("Somebody changed this archive, or proposed to, while you were editing"),
            do=_("Look at their change below, then send yours again"),
        )
    given, joins = proposals.read(subject, fields)
    items = proposals.items(subject, given, joins)
    change = Change.objects.create(
        household_id=household_id,
        period=period,
        area=home.area,
        version=home.version,
        reason=reason.strip(),
        waits_for=chain.first_step(by, home.area).name,
        joins=joins,
        proposed_by=by.id,
    )
    for item in items:
        item.change, item.area = change, home.area
    ChangeItem.objects.bulk_create(items)
    _recorded(by, "propose_change", change, fields=len(items), joins=len(joins))
    return change


@transaction.atomic
def accept(
    *,
    by: Actor,
    change: Change,
    note: str = "",
    seen: str | None = None,
    keep: Collection[str] = (),
) -> Change:
    """Take the step that a change waits for; the last one applies it.

    `keep`: fields (`key_of`) for which the register's own value stays. ConflictError when the register reads
    otherwise than the proposal was made on, unless `seen` (`fingerprint`) says that this was looked at.
    """
    change = _taken_up(by, change)
    step = chain.step_called(change.waits_for)
    following = chain.step_after(step)
    kept: list[str] = []
    if following is None:
        kept = _apply(change, seen=seen, keep=keep)
        change.standing, change.waits_for = Standing.APPLIED, ""
    else:
        change.waits_for = following.name
    change.save(update_fields=["standing", "waits_for"])
    ChangeStep.objects.create(
        change=change, area=change.area, act=step.name, note=note.strip(), kept=kept, by=by.id
    )
    _recorded(by, f"{step.name}_change", change, kept=len(kept))
    return change


@transaction.atomic
def refuse(*, by: Actor, change: Change, reason: str) -> Change:
    """Refuse a change at the step it waits for; why, its proposer reads."""
    change = _taken_up(by, change)
    _reasoned(reason)
    change.standing, change.waits_for = Standing.REFUSED, ""
    change.save(update_fields=["standing", "waits_for"])
    ChangeStep.objects.create(
        change=change, area=change.area, act="refuse", note=reason.strip(), by=by.id
    )
    _recorded(by, "refuse_change", change)
    return change


def may_decide(by: Actor, change: Change) -> bool:
    """Whether it is somebody's turn: theirs is the step, and nothing in the change is their own."""
    if change.standing != Standing.OPEN:
        return False
    right = chain.step_called(change.waits_for).right
    return by.may(right, change.area) and by.id not in _who_acted(change)


def compared(change: Change, subject: Subject | None = None) -> list[Compared]:
    """The fields of a change beside the register as it now reads."""
    subject = subject or subjects.present(change.household_id, change.period)
    found = change.items.order_by("person_id", "field")
    rows = [Compared(item, *_told(item), now=_now(subject, change, item)) for item in found]
    given = _given(rows)
    if not membership.moves(given, change.joins):
        return rows
    count = membership.count_after(subject, given)
    is_open = change.standing == Standing.OPEN
    return [
        replace(row, new=count if is_open else row.new, follows=True)
        if row.key == membership.COUNT
        else row
        for row in rows
    ]


def fingerprint(rows: Sequence[Compared]) -> str:
    """What the register read where a change touches it; tells nothing of the values to whoever reads it."""
    text = json.dumps([[row.key, row.now] for row in rows], sort_keys=True)
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def _taken_up(by: Actor, change: Change) -> Change:
    """The change, locked; PermissionDenied unless it is the actor's turn."""
    change = Change.objects.select_for_update().get(pk=change.pk)
    if change.standing != Standing.OPEN:
        raise ChangeError(
            _("This change has been decided already"), do=_("Look at its page to see by whom")
        )
    by.must(chain.step_called(change.waits_for).right, change.area)
    if by.id in _who_acted(change):
        raise PermissionDenied("own change")
    return change


def _who_acted(change: Change) -> set[int]:
    return {change.proposed_by, *change.steps.values_list("by", flat=True)}


def _apply(change: Change, *, seen: str | None, keep: Collection[str]) -> list[str]:
    """Write the fields; returned are those that keep the register's value."""
    subject = subjects.held(change.household_id, change.period)
    rows = compared(change, subject)
    conflicts = [row.key for row in rows if row.is_conflict]
    if conflicts and seen != fingerprint(rows):
        raise ConflictError(
            _("The register has changed since this was proposed"),
            fields=conflicts,
            do=_("Compare both values on the change's page and decide field by field"),
        )
    chosen = {row.key for row in rows if row.key in keep and not row.follows}
    written = [row for row in rows if row.key not in chosen]
    given = _given(written)
    membership.require(subject, given, change.joins)
    for row in written:
        if row.follows:
            row.item.new = membership.count_after(subject, given)
            row.item.save(update_fields=["new"])
    items = [row.item for row in written if row.follows or row.now != row.new]
    subjects.write(subject, items, source=f"change {change.pk}", joins=change.joins)
    return sorted(chosen)


def _now(subject: Subject, change: Change, item: ChangeItem) -> Any:
    """What the register reads; null of somebody who is not on file yet."""
    is_awaited = item.person_id in change.joins and item.person_id not in subject.members
    return None if is_awaited else subject.value(item.person_id, item.field)


def _given(rows: Iterable[Compared]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.item.person_id, {})[row.item.field] = row.new
    return found


def _told(item: ChangeItem) -> tuple[Any, Any]:
    """Old and new value of a field, direct identifiers opened."""
    if not is_sealed(column_of(item.person_id, item.field)):
        return item.old, item.new
    old, new = (
        None if sealed is None else seals().open(bytes(sealed))
        for sealed in (item.old_sealed, item.new_sealed)
    )
    return old, new


def _seen(household_id: str, period: int, version: int) -> str:
    latest = Change.objects.filter(household_id=household_id, period=period).order_by("-id").first()
    return f"{version}.{latest.pk if latest else 0}"


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise ChangeError(_("A reason is missing"), do=_("Write in a few words why"))
    must_hold_no_number(reason)


def _recorded(by: Actor, act: str, change: Change, **counts: int) -> None:
    audit.record(
        by=by.id,
        act=act,
        kind="household",
        object_id=change.household_id,
        area=change.area,
        change=change.pk,
        period=change.period,
        **counts,
    )
