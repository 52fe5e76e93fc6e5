"""What somebody proposes to change, read and checked: fields that differ from the register, and who joins."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import membership
from jingzhun_web.registry.columns import is_sealed
from jingzhun_web.registry.errors import ChangeError
from jingzhun_web.registry.models import ChangeItem
from jingzhun_web.registry.subjects import Subject
from jingzhun_web.registry.values import checked, column_of

NEW = "+"
"""How the name of somebody begins in `changes.propose` who is not on file yet."""


def read(
    subject: Subject, fields: Mapping[str, Any]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Person -> field -> value where it differs from the register, and who is put on file."""
    joins: dict[str, str] = {}
    given: dict[str, dict[str, Any]] = {}
    for key, value in fields.items():
        told, _slash, name = key.rpartition("/")
        person_id = told
        if told.startswith(NEW):
            person_id = joins.setdefault(told, secrets.token_hex(10))
        new = checked(column_of(person_id, name), value)
        if told in joins or subject.value(person_id, name) != new:
            given.setdefault(person_id, {})[name] = new
    for person_id in joins.values():
        known = membership.completed(given[person_id])
        given[person_id] = {name: value for name, value in known.items() if value is not None}
    return given, list(joins.values())


def items(
    subject: Subject, given: dict[str, dict[str, Any]], joins: Sequence[str]
) -> list[ChangeItem]:
    """The items of a change, not saved. ChangeError when there are none, or members would not be in order."""
    if not given:
        raise ChangeError(
            _("Nothing is changed"), do=_("Change at least one field, or leave the page")
        )
    membership.require(subject, given, joins)
    if membership.moves(given, joins):
        _count_follows(given.setdefault("", {}), membership.count_after(subject, given))
    return [
        _item(person_id, name, _old(subject, person_id, name, joins), new)
        for person_id, fields in given.items()
        for name, new in fields.items()
    ]


def _count_follows(fields: dict[str, Any], count: int) -> None:
    if fields.setdefault(membership.COUNT, count) != count:
        raise ChangeError(
            _("The number of persons follows from the members"),
            do=_("Leave it out where members come or go"),
        )


def _old(subject: Subject, person_id: str, name: str, joins: Collection[str]) -> Any:
    return None if person_id in joins else subject.value(person_id, name)


def _item(person_id: str, name: str, old: Any, new: Any) -> ChangeItem:
    if not is_sealed(column_of(person_id, name)):
        return ChangeItem(person_id=person_id, field=name, old=old, new=new)
    sealed = seals().seal_each([old, new])
    return ChangeItem(person_id=person_id, field=name, old_sealed=sealed[0], new_sealed=sealed[1])
