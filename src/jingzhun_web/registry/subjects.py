"""One household with its members as something that is changed: held while it is, read and written by field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.contrib.postgres.functions import TransactionNow
from django.db.models import F, Value
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import identifiers
from jingzhun_web.registry.columns import is_sealed
from jingzhun_web.registry.errors import ChangeError
from jingzhun_web.registry.models import ChangeItem, Household, Person
from jingzhun_web.registry.values import as_json, as_stored, column_of

HEAD = "01"
CURRENT, REDUCED = "1", "2"
"""Codes of `record_state`; a state that is not known counts as current, as in the engine."""


@dataclass(frozen=True)
class Subject:
    """A household of a period and its members by number, as they now read."""

    household: Household
    members: Mapping[str, Person]

    def value(self, person_id: str, field: str) -> Any:
        """The present value of a field as JSON, direct identifiers opened. ChangeError without such a field."""
        column = column_of(person_id, field)
        found = getattr(self._row(person_id), field)
        if is_sealed(column):
            return None if found is None else seals().open(bytes(found))
        return as_json(found)

    def current(self) -> list[str]:
        """The members who count, those taken off left out."""
        return [
            person
            for person, row in self.members.items()
            if getattr(row, "record_state") != REDUCED  # noqa: B009
        ]

    def _row(self, person_id: str) -> Household | Person:
        if not person_id:
            return self.household
        if person_id not in self.members:
            raise ChangeError(
                _("Somebody in this change is not a member of the household"),
                do=_("Look at the archive again and propose the change anew"),
            )
        return self.members[person_id]


def held(household_id: str, period: int) -> Subject:
    """The household and its members, locked until the transaction ends.

    Household.DoesNotExist when there is none, or none in the scope.
    """
    home = Household.objects.select_for_update().get(household_id=household_id, period=period)
    members = Person.objects.select_for_update().filter(household_id=household_id, period=period)
    return Subject(home, {row.person_id: row for row in members.order_by("person_id")})


def present(household_id: str, period: int) -> Subject:
    """The same without a lock."""
    home = Household.objects.get(household_id=household_id, period=period)
    members = Person.objects.filter(household_id=household_id, period=period)
    return Subject(home, {row.person_id: row for row in members.order_by("relation", "person_id")})


def count_current(household_id: str, period: int) -> int:
    """How many members a household has, those taken off left out."""
    found = Person.objects.filter(household_id=household_id, period=period)
    return found.exclude(record_state=REDUCED).count()


def write(
    subject: Subject, items: Iterable[ChangeItem], *, source: str, joins: Collection[str] = ()
) -> None:
    """Give fields their new values; the household's version grows by one, whosoever the fields are.

    `joins`: people who come on file with it.
    """
    by_row: dict[str, dict[str, Any]] = {"": {}}
    for item in items:
        by_row.setdefault(item.person_id, {}).update(_stored(item))
    mark = {"source": Value(source), "recorded_at": Now()}
    for person_id, fields in by_row.items():
        if person_id in joins:
            _put_on_file(subject.household, person_id, fields, source)
        elif person_id:
            Person.objects.filter(pk=subject.members[person_id].pk).update(**fields, **mark)
    by_row[""] |= _head_name(subject, by_row)
    Household.objects.filter(pk=subject.household.pk).update(
        **by_row[""], **mark, version=F("version") + 1
    )


def _put_on_file(home: Household, person_id: str, fields: Mapping[str, Any], source: str) -> None:
    """A new row; its time is the transaction's, as triggers write it, so that history tells one change."""
    Person.objects.create(
        person_id=person_id,
        household_id=home.household_id,
        period=home.period,
        area=home.area,
        source=source,
        recorded_at=TransactionNow(),
        **fields,
    )


def _stored(item: ChangeItem) -> dict[str, Any]:
    """Columns of the database that a field stands in."""
    column = column_of(item.person_id, item.field)
    if not is_sealed(column):
        return {item.field: as_stored(column, item.new)}
    sealed = None if item.new_sealed is None else bytes(item.new_sealed)
    found: dict[str, Any] = {item.field: sealed}
    if item.person_id:
        found |= _indexes(item.field, None if sealed is None else seals().open(sealed))
    return found


def _indexes(field: str, text: str | None) -> dict[str, Any]:
    """What a person is searched by, made anew with the identifier."""
    texts = pl.Series("text", [text], dtype=pl.String)
    if field == "name":
        plain, sound = identifiers.name_indexes(texts)
        return {"name_index": _bytes(plain), "pinyin_index": _bytes(sound)}
    if field == "document_number":
        return {"document_index": _bytes(identifiers.document_index(texts))}
    return {}


def _bytes(texts: pl.Series) -> bytes | None:
    """A value of `identifiers`, which writes bytes as PostgreSQL does."""
    text: str | None = texts[0]
    return None if text is None else bytes.fromhex(text.removeprefix("\\x"))


def _head_name(subject: Subject, by_row: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Keep the name of the head beside the household, so that lists need no second table."""
    deciding = {"name", "relation", "record_state"}
    if not any(fields.keys() & deciding for person_id, fields in by_row.items() if person_id):
        return {}
    people = dict.fromkeys([*subject.members, *(person for person in by_row if person)])
    for person_id in people:
        row, fields = subject.members.get(person_id), by_row.get(person_id, {})
        told = {name: fields.get(name, getattr(row, name, None)) for name in deciding}
        if told["relation"] == HEAD and told["record_state"] != REDUCED:
            return {"head_name": told["name"]}
    return {}
