"""The rules asked of the households of some counties, with the records linked to their people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.crosscheck.findings import BANDS, HIT, empty, merged_hits
from jingzhun.crosscheck.records import Linked
from jingzhun.crosscheck.values import MEMBER, Shown
from jingzhun.frames.workspace import UNPLACED
from jingzhun.policy.cel import Program
from jingzhun.policy.crosschecks import CrossCheck, crosscheck_programs
from jingzhun.policy.pack import Pack

Lazy = nw.LazyFrame[Any]
_ORDER = {band: place for place, band in enumerate(BANDS)}


@dataclass(frozen=True)
class Register:
    """Households, persons and villages of some counties, with the columns that the rules read."""

    households: pl.LazyFrame
    persons: pl.LazyFrame
    villages: pl.LazyFrame | None

    def of(self, household_ids: pl.Series) -> Register:
        """Only these households and their people."""
        mine = pl.col("household_id").is_in(household_ids.implode())
        return Register(self.households.filter(mine), self.persons.filter(mine), self.villages)


@dataclass(frozen=True)
class _Level:
    """The rules of one level, compiled together."""

    name: str
    rules: tuple[CrossCheck, ...]
    program: Program

    @property
    def by_id(self) -> Mapping[str, CrossCheck]:
        return {rule.id: rule for rule in self.rules}


class Evaluation:
    """The pack's rules about households and persons made ready for a date and the tables that are there.

    `covered`: table -> area prefixes of its deliveries; where a household lies outside them its people's list
    of records is not known, and neither is a rule that needs it: no finding.
    """

    def __init__(
        self,
        pack: Pack,
        on: date,
        tables: Iterable[str],
        covered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.pack, self.on = pack, on
        self.covered = covered or {}
        self.levels = [
            _Level(level, tuple(rules), program)
            for level, _, rules, program in crosscheck_programs(pack, on, list(tables))
            if level != "record"
        ]

    @cached_property
    def rules(self) -> Mapping[str, CrossCheck]:
        """The rules that are asked, by id."""
        return {rule.id: rule for level in self.levels for rule in level.rules}

    @cached_property
    def shown(self) -> Mapping[str, Shown]:
        """What each rule's findings show."""
        return {name: Shown.of(rule, self.pack, self.on) for name, rule in self.rules.items()}

    @cached_property
    def record_columns(self) -> Mapping[str, list[str]]:
        """External table -> columns that rules read or findings show of its records."""
        found: dict[str, list[str]] = {}
        for level in self.levels:
            for table in level.program.tables:
                own = found.setdefault(table, [])
                own += level.program.record_columns(table)
        for shown in self.shown.values():
            for table, columns in shown.of_records.items():
                found.setdefault(table, []).extend(columns)
        return {table: list(dict.fromkeys(columns)) for table, columns in found.items()}

    def columns(self, owner: str) -> list[str]:
        """Stored columns of the household, member or village that rules read or findings show."""
        read = [name for level in self.levels for name in level.program.reads(owner)]
        kept = {
            "household": ["household_key", "household_id", "village_code"],
            "member": ["household_key", "household_id", "person_id"],
            "village": ["village_code"],
        }[owner]
        shown = [name for s in self.shown.values() for name in s.stored(owner)]
        return list(dict.fromkeys([*kept, *read, *shown]))

    def hits(self, register: Register, records: Linked) -> pl.DataFrame:
        """What the rules are true of (columns as HIT): asked with certain and probable links, and with all.

        Households without a link to be reviewed have the same answer twice and are asked once.
        """
        sure = self._hits(register, records.sure())
        doubtful = records.doubtful_households()
        if not doubtful.len():
            return sure
        here = pl.col("household_id").is_in(doubtful.implode())
        own = {name: rows.filter(here) for name, rows in records.tables.items()}
        again = self._hits(register.of(doubtful), own)
        return pl.concat([sure.filter(~here), merged_hits(sure.filter(here), again)])

    def _hits(self, register: Register, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        parts = [self._of_level(level, register, records) for level in self.levels]
        return pl.concat([empty(HIT), *parts])

    def _of_level(
        self, level: _Level, register: Register, records: Mapping[str, pl.DataFrame]
    ) -> pl.DataFrame:
        is_person = level.name == "person"
        given = {
            name: nw.from_native(rows.lazy())
            for name, rows in records.items()
            if name in level.program.tables
        }
        people = nw.from_native(register.persons)
        homes = nw.from_native(register.households)
        places = None if register.villages is None else nw.from_native(register.villages)
        judged = level.program.apply(
            homes, people, places, keep=self._kept(level), records=given, covered=self.covered
        )
        rows = pl.DataFrame(judged.collect().to_native())
        any_true = pl.any_horizontal(pl.col(rule.id).fill_null(False) for rule in level.rules)
        found = rows.filter(any_true)
        if not found.height:
            return empty(HIT)
        told = level.program.evidence(
            nw.from_native(found.lazy()),
            homes,
            people,
            places,
            records=given,
            covered=self.covered,
        )
        evidence = pl.DataFrame(told.to_native())
        key = "person_id" if is_person else "household_key"
        parts = [
            self._of_rule(rule, found.filter(pl.col(rule.id)), evidence, records, key)
            for rule in level.rules
        ]
        return pl.concat([empty(HIT), *parts])

    def _kept(self, level: _Level) -> list[str]:
        shown = [self.shown[rule.id] for rule in level.rules]
        home = ["household_id", "village_code"]
        home += [name for s in shown for name in s.stored("household")]
        if level.name == "household":
            return list(dict.fromkeys(["household_key", *home]))
        own = ["person_id", *(name for s in shown for name in s.stored("member"))]
        return list(dict.fromkeys([*own, *(f"h__{name}" for name in home)]))

    def _of_rule(
        self,
        rule: CrossCheck,
        found: pl.DataFrame,
        evidence: pl.DataFrame,
        records: Mapping[str, pl.DataFrame],
        key: str,
    ) -> pl.DataFrame:
        if not found.height:
            return empty(HIT)
        plain = _named(found) if key == "person_id" else found
        own = evidence.filter(pl.col("rule") == rule.id)
        rows = plain.join(_gathered(own, key), on=key, how="left").join(
            self.shown[rule.id].record_values(own, records, key), on=key, how="left"
        )
        person = pl.col("person_id") if key == "person_id" else pl.lit(None, dtype=pl.String)
        columns = {
            "rule": pl.lit(rule.id),
            "person_id": person,
            "subject_id": pl.col("household_id"),
            "county_code": pl.col("village_code").str.slice(0, 6).fill_null(UNPLACED),
            "record_ids": pl.col("record_ids").fill_null([]),
            "link_band": pl.col("link_band").fill_null("register"),
            "values": self.shown[rule.id].as_json(rows),
        }
        return rows.with_columns(**columns).select(
            pl.col(name).cast(kind) for name, kind in HIT.items()
        )


def _named(found: pl.DataFrame) -> pl.DataFrame:
    """Rows about persons with the household's columns under their own names, the person's with a prefix."""
    own = [n for n in found.columns if not n.startswith("h__") and n != "person_id"]
    home = [n for n in found.columns if n.startswith("h__")]
    marked = {name: MEMBER + name for name in own}
    return found.rename({**marked, **{name: name.removeprefix("h__") for name in home}})


def _gathered(evidence: pl.DataFrame, key: str) -> pl.DataFrame:
    """Per judged thing its records, sorted, and the least sure of their bands."""
    order = pl.col("link_band").replace_strict(_ORDER, default=0, return_dtype=pl.Int64)
    bands = {place: band for band, place in _ORDER.items()}
    return evidence.group_by(key).agg(
        pl.concat_str("table", "record_id", separator=":").unique().sort().alias("record_ids"),
        order.max().replace_strict(bands, return_dtype=pl.String).alias("link_band"),
    )
