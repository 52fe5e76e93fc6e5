"""The records on which a rule rests: for those it is true of, which ones satisfy its macros over records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel.columns import Emitter
from jingzhun.policy.cel.groups import Groups
from jingzhun.policy.cel.records import PERSON, RECORD, RecordColumns, Records, own_record_folds
from jingzhun.policy.cel.tree import Expr, Fold, folds, record_folds

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

ID, BAND = "record_id", "link_band"


@dataclass(frozen=True)
class Place:
    """A macro over records in a rule; `around` is the macro over members it stands in, if any."""

    fold: Fold
    around: Fold | None


def places(expr: Expr) -> list[Place]:
    """Every macro over records of a rule, with the macro over members around it."""
    own = [Place(fold, None) for fold in own_record_folds([expr])]
    return own + [Place(inner, around) for around in folds(expr) for inner in record_folds(around)]


def satisfied(fold: Fold, emitter: Emitter) -> nw.Expr:
    """Whether an item is one that the macro speaks of; false where that is unknown.

    Of exists and exists_one those for which the condition is true; of counts and sums those counted; of
    `all` those that were asked.
    """
    asked = [fold.where]
    if fold.kind in ("exists", "exists_one"):
        asked.append(fold.body)
    conditions = [emitter.emit(part).fill_null(False) for part in asked if part is not None]
    return reduce(and_, conditions) if conditions else nw.lit(True)


@dataclass(frozen=True)
class Evidence:
    """Finds the records of rules. `lists` are the macros over records inside macros over members, and outside."""

    outputs: Mapping[str, Expr]
    members: Groups
    inner: RecordColumns
    own: RecordColumns
    area: str

    def people(self, people: Lazy, records: Records) -> Eager:
        """Persons with a column for every macro over members that rules rest on: are they meant?"""
        ready = self.inner.joined(people, records)
        for stage in self.members.stages:
            ready = ready.with_columns(**stage)
        meant = {
            name: satisfied(fold, self.members.emitter) for fold, name in self._around().items()
        }
        known = {
            f"known__{table}": is_known
            for _, table in self._tables()
            if (is_known := records.is_known(table, self.area)) is not None
        }
        added = {**meant, **known}
        return (ready.with_columns(**added) if added else ready).collect("polars")

    def rows(self, found: Eager, people: Eager, records: Records, who: str, key: str) -> Eager:
        """One row per rule, person and record; `found` says of whom each rule is true, by `who`."""
        hits = {
            rule: found.filter(nw.col(rule)).select(who)
            for rule in self.outputs
            if rule in found.columns
        }
        named = people.with_columns(nw.col(PERSON).alias("person_id"))
        parts = []
        for lists, table in self._tables():
            if table not in records.frames:
                continue
            flags = lists.flagged(people.lazy(), records, table, satisfied)
            covered = named.filter(nw.col(f"known__{table}")) if table in records.covered else named
            for rule, place in self._places(lists, table):
                if rule in hits:
                    of_hit = self._meant(covered, place).join(hits[rule], on=who, how="semi")
                    rows = flags.filter(nw.col(lists.names[place.fold]))
                    mine = rows.join(of_hit.select(key, PERSON, "person_id"), on=PERSON)
                    parts.append(_told(mine, rule, table, key))
        if not parts:
            return _none(people, key)
        return nw.concat(parts).unique().sort("rule", key, "person_id", "table", ID)

    def _places(self, lists: RecordColumns, table: str) -> list[tuple[str, Place]]:
        """The rules with macros over records of a table that `lists` holds."""
        is_inner = lists is self.inner
        return [
            (rule, place)
            for rule, expr in self.outputs.items()
            for place in places(expr)
            if place.fold.table == table and (place.around is not None) == is_inner
        ]

    def _meant(self, people: Eager, place: Place) -> Eager:
        if place.around is None:
            return people
        return people.filter(nw.col(self._around()[place.around]))

    def _around(self) -> dict[Fold, str]:
        around = [p.around for e in self.outputs.values() for p in places(e) if p.around]
        return {fold: f"meant__{number}" for number, fold in enumerate(dict.fromkeys(around))}

    def _tables(self) -> list[tuple[RecordColumns, str]]:
        return [(lists, table) for lists in (self.own, self.inner) for table in lists.tables]


def _told(rows: Eager, rule: str, table: str, key: str) -> Eager:
    return rows.select(
        nw.lit(rule).alias("rule"),
        key,
        "person_id",
        nw.lit(table).alias("table"),
        nw.col(RECORD + ID).alias(ID),
        nw.col(RECORD + BAND).alias(BAND),
    )


def _none(people: Eager, key: str) -> Eager:
    text = nw.lit(None).cast(nw.String)
    empty = people.head(0).with_columns(
        **dict.fromkeys(("rule", "person_id", "table", ID, BAND), text)
    )
    return empty.select("rule", key, "person_id", "table", ID, BAND)
