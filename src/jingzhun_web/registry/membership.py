"""Who belongs to a household: what must hold of its members together, whatever a change does to each.

Whoever leaves keeps their row, marked as reduced with reason and day (`record_state` of the standard): the engine
counts current members only, and nothing of the household's past is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import polars as pl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.standard.id_numbers import inspect
from jingzhun.standard.id_numbers.single import cleaned
from jingzhun_web.registry import identifiers
from jingzhun_web.registry.errors import ChangeError
from jingzhun_web.registry.subjects import CURRENT, HEAD, REDUCED, Subject
from jingzhun_web.registry.values import PERSON, label_of

COUNT = "persons_year_end"
STATE, RELATION, REASON, ON, NUMBER = (
    *("record_state", "relation", "change_reason", "change_date"),
    "document_number",
)
LEAVING = ("death", "married_out", "settled_abroad", "imprisoned", "other_out")
JOINING = ("married_in", "newborn", "other_in")
"""Codes of the standard's list `member_change`, by what they are a reason for."""
NEEDED = ("name", "sex", "document_type", NUMBER, RELATION, REASON, ON)
"""What must be known of somebody who is put on file by hand."""
_TYPES = {15: "identity", 18: "identity", 20: "disability", 22: "disability"}

Given: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Person (empty: the household) -> field -> new value as JSON, direct identifiers opened."""


def moves(given: Given, joins: Collection[str]) -> bool:
    """Whether somebody comes or goes, so that the household's number of persons follows."""
    return bool(joins) or any(STATE in fields for fields in given.values())


def completed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What follows for somebody who is put on file: they are current, and born when their number says."""
    found = {STATE: CURRENT, **fields}
    number = found.get(NUMBER)
    if number and found.get("birth_date") is None:
        born = inspect(number, on=timezone.localdate()).birth_date
        found["birth_date"] = None if born is None else born.isoformat()
    return found


def count_after(subject: Subject, given: Given) -> int:
    """How many current members the household has once a change is applied."""
    return len(_current(subject, given))


def require(subject: Subject, given: Given, joins: Collection[str]) -> None:
    """ChangeError unless the household's members are in order once a change is applied.

    What was wrong before and is not touched does not stand in a change's way.
    """
    for person_id in joins:
        _complete(given.get(person_id, {}))
    for person_id, fields in given.items():
        if person_id and fields.keys() & {STATE, REASON, ON}:
            _reasoned(subject, given, person_id, is_new=person_id in joins)
    if moves(given, joins) or any(RELATION in fields for fields in given.values()):
        _headed(subject, given)
    _not_twice(subject, given, joins)


def _complete(fields: Mapping[str, Any]) -> None:
    missing = [label_of(PERSON[name]) for name in NEEDED if fields.get(name) is None]
    if missing:
        raise ChangeError(
            _("Of a new member this must be known: %(fields)s") % {"fields": ", ".join(missing)},
            do=_("Fill it in from the household book and the document"),
        )
    number, kind = str(fields[NUMBER]), fields["document_type"]
    if kind != "other" and kind != _TYPES.get(len(cleaned(number))):
        raise ChangeError(
            _("The document number is not one of this type of document"),
            do=_("Look at the document again: type and number must belong together"),
        )


def _reasoned(subject: Subject, given: Given, person_id: str, *, is_new: bool) -> None:
    state, reason, on = (_after(subject, given, person_id, name) for name in (STATE, REASON, ON))
    if state == REDUCED and (is_new or reason not in LEAVING or on is None):
        raise ChangeError(
            _("Whoever is taken off a household leaves for a reason, on a day"),
            do=_("Give a reason for leaving and its date"),
        )
    if state != REDUCED and reason in LEAVING:
        raise ChangeError(
            _("A reason for leaving is given for somebody who stays"),
            do=_("Take the member off, or leave out the reason"),
        )
    if is_new and reason not in JOINING:
        raise ChangeError(_("Give a reason for joining the household"))
    if on is not None and on > timezone.localdate().isoformat():
        raise ChangeError(_("The date of the member's change lies in the future"))


def _headed(subject: Subject, given: Given) -> None:
    before, after = _current(subject, {}), _current(subject, given)
    had = sum(_after(subject, {}, person, RELATION) == HEAD for person in before)
    has = sum(_after(subject, given, person, RELATION) == HEAD for person in after)
    if before and not after and _after(subject, given, "", "is_registered") is not False:
        raise ChangeError(
            _("The last member can't be taken off while the household stays registered"),
            do=_("Close the household in the same change, or keep a member"),
        )
    if after and had and not has:
        raise ChangeError(
            _("The household would have no head"), do=_("Name another member as its head")
        )
    if has > max(1, had):
        raise ChangeError(
            _("The household would have two heads"), do=_("Give the other one a new relation")
        )


def _not_twice(subject: Subject, given: Given, joins: Collection[str]) -> None:
    """Numbers in order, so that two who wait for each other's never do so in a ring."""
    numbers: dict[str, bytes] = {}
    for person_id, fields in given.items():
        is_asked = person_id in joins or fields.keys() & {STATE, NUMBER}
        if not person_id or not is_asked or _after(subject, given, person_id, STATE) == REDUCED:
            continue
        index = _index(_after(subject, given, person_id, NUMBER))
        if index is not None:
            numbers[person_id] = index
    if len(set(numbers.values())) < len(numbers):
        raise _taken()
    for person_id, index in sorted(numbers.items(), key=lambda pair: pair[1]):
        if _is_taken(index, subject.household.period, by_others_than=person_id):
            raise _taken()


def _taken() -> ChangeError:
    # Not where: it may be outside the areas of whoever asks.
    return ChangeError(
        _("A current member with this document number is on file in this year already"),
        why=_("Nobody is a member of two households at once"),
        do=_("Look for the number in your list; if it is not there, ask the level above"),
    )


def _is_taken(index: bytes, period: int, *, by_others_than: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT registry_number_is_taken(%s, %s, %s)", [index, period, by_others_than]
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def _index(number: str | None) -> bytes | None:
    text = identifiers.document_index(pl.Series("number", [number], dtype=pl.String))[0]
    return None if text is None else bytes.fromhex(text.removeprefix("\\x"))


def _current(subject: Subject, given: Given) -> list[str]:
    people = dict.fromkeys([*subject.members, *(person for person in given if person)])
    return [person for person in people if _after(subject, given, person, STATE) != REDUCED]


def _after(subject: Subject, given: Given, person_id: str, field: str) -> Any:
    """A value once the change is applied; null for what is not known of somebody new."""
    told = given.get(person_id, {})
    if field in told:
        return told[field]
    is_there = not person_id or person_id in subject.members
    return subject.value(person_id, field) if is_there else None
