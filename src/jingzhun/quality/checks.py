"""Internal logic checks: the pack's rules over every record, each hit a finding with rule and place.

A finding is a suspicion to be looked at, never a verdict. Where a condition can't be decided because
something is missing, there is no finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel import Expr, Program, Scope, check_bool
from jingzhun.policy.checks import Check
from jingzhun.policy.pack import Pack
from jingzhun.standard import schema

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

COLUMNS = (
    "finding_id",
    "rule",
    "finding",
    "group",
    "severity",
    "household_id",
    "person_id",
    "county_code",
    "village_code",
    "field",
    "value",
    "message_en",
    "message_zh",
)


@dataclass(frozen=True)
class _Level:
    """The rules of one level, compiled together."""

    name: str
    rules: tuple[Check, ...]
    program: Program


class CheckRun:
    """The checks of a pack made ready for a date.

    `levels` limits them (household, person, village); all by default.
    """

    def __init__(
        self, pack: Pack, on: date, *, levels: Sequence[str] = ("household", "person", "village")
    ) -> None:
        self.on = on
        self.pack = pack
        self.levels = [level for name in levels if (level := self._level(name)) is not None]

    def _level(self, name: str) -> _Level | None:
        rules = tuple(rule for rule in self.pack.checks.values() if rule.level == name)
        if not rules:
            return None
        scope = self.pack.scope(self.on, level=name)
        program = Program(scope, {rule.id: _condition(rule, scope) for rule in rules})
        return _Level(name, rules, program)

    def reads(self, owner: str) -> list[str]:
        """Stored columns read of the household, member or village, shown ones included."""
        table = {"household": "households", "member": "persons", "village": "villages"}[owner]
        known = self.pack.tables()[table].by_name.keys() | {"document_copies"}
        of_programs = [
            name
            for level in self.levels
            for name in level.program.reads("household" if _is_own(level, owner) else owner)
            if owner != "household" or level.name != "village"
        ]
        shown = [r.field for level in self.levels for r in level.rules if r.field]
        return [name for name in dict.fromkeys([*of_programs, *shown]) if name in known]

    @property
    def needs_copies(self) -> bool:
        """Whether a rule asks how often a document number occurs in the whole workspace."""
        return any("document_copies" in level.program.reads("member") for level in self.levels)

    def findings(self, households: Lazy, persons: Lazy, villages: Lazy) -> Eager:
        """The findings in some counties, ordered by rule, household and person; columns as COLUMNS."""
        found = [
            part
            for level in self.levels
            for part in self._findings(level, households, persons, villages)
        ]
        if not found:
            return _empty(persons)
        return nw.concat(found).sort("rule", "household_id", "person_id", "village_code")

    def _findings(
        self, level: _Level, households: Lazy, persons: Lazy, villages: Lazy
    ) -> list[Eager]:
        rows = self._rows(level, households, persons, villages).collect()
        hits = rows.select(nw.col(rule.id).sum() for rule in level.rules).row(0)
        return [
            _as_findings(rows.filter(nw.col(rule.id)), rule, self._column(rule))
            for rule, hit in zip(level.rules, hits, strict=True)
            if hit
        ]

    def _column(self, rule: Check) -> schema.Column | None:
        table = {"person": "persons", "household": "households", "village": "villages"}[rule.level]
        return None if rule.field is None else self.pack.tables()[table].by_name.get(rule.field)

    def _rows(self, level: _Level, households: Lazy, persons: Lazy, villages: Lazy) -> Lazy:
        """One row per judged thing with its keys, the columns that findings show, and each rule."""
        shown = [rule.field for rule in level.rules if rule.field]
        if level.name == "village":
            frame = villages.with_columns(
                household_id=nw.lit(None).cast(nw.String), person_id=nw.lit(None).cast(nw.String)
            )
            keep = list(dict.fromkeys(["household_id", "person_id", "village_code", *shown]))
            return level.program.apply(frame, keep=keep)
        if level.name == "household":
            frame = households.with_columns(person_id=nw.lit(None).cast(nw.String))
            keep = list(dict.fromkeys(["household_id", "person_id", "village_code", *shown]))
            return level.program.apply(frame, persons, villages, keep=keep)
        own = list(dict.fromkeys(["person_id", "household_id", *shown]))
        return level.program.apply(
            households, persons, villages, keep=[*own, "h__village_code"]
        ).rename({"h__village_code": "village_code"})


def _is_own(level: _Level, owner: str) -> bool:
    """Whether bare names of the level are this owner's: a village rule's own fields are villages'."""
    return owner == "village" and level.name == "village"


def _condition(rule: Check, scope: Scope) -> Expr:
    return check_bool(rule.when, scope)


def _as_findings(rows: Eager, rule: Check, column: schema.Column | None) -> Eager:
    person = nw.col("person_id").fill_null("")
    place = nw.coalesce(nw.col("household_id"), nw.col("village_code"))
    value = _shown(column)
    return rows.select(
        nw.concat_str(nw.lit(rule.id), place, person, separator=":").alias("finding_id"),
        nw.lit(rule.id).alias("rule"),
        nw.lit(rule.finding).alias("finding"),
        nw.lit(rule.group).alias("group"),
        nw.lit(rule.severity).alias("severity"),
        "household_id",
        "person_id",
        nw.col("village_code").str.slice(0, 6).alias("county_code"),
        "village_code",
        nw.lit(rule.field).cast(nw.String).alias("field"),
        value.alias("value"),
        nw.lit(rule.message.en).alias("message_en"),
        nw.lit(rule.message.zh).alias("message_zh"),
    )


def _shown(column: schema.Column | None) -> nw.Expr:
    """The value of a rule's field as text; null for direct identifiers, which no result carries."""
    if column is None or column.privacy == "direct":
        return nw.lit(None).cast(nw.String)
    if column.type == "codes":
        codes = schema.code_list(column.codes or "").values
        joined = [_named(column.name, code.code) for code in codes]
        return nw.concat_str(*joined).str.strip_chars_end(",")
    return nw.col(column.name).cast(nw.String)


def _named(column: str, code: str) -> nw.Expr:
    present = nw.col(column).list.contains(code)
    return nw.when(present).then(nw.lit(f"{code},")).otherwise(nw.lit(""))


def _empty(like: Lazy) -> Eager:
    columns = [nw.lit(None).cast(nw.String).alias(name) for name in COLUMNS]
    # Literals alone would make one row: they stand beside a column that has none.
    none = like.select("person_id").head(0)
    return none.with_columns(*columns).select(*COLUMNS).collect()


def with_copies(persons: Lazy, repeated: Lazy) -> Lazy:
    """Persons with `document_copies`: how often the same number stands in the whole workspace.

    `repeated` has one row per number as written that occurs more than once (`written`, `copies`). A
    person without a number has null; a number that occurs once has 1.
    """
    joined = persons.join(repeated, left_on="document_number", right_on="written", how="left")
    copies = nw.when(~nw.col("document_number").is_null()).then(nw.col("copies").fill_null(1))
    return joined.with_columns(document_copies=copies).drop("copies")


def current_persons(parts: Callable[[], Iterable[Lazy]]) -> Callable[[], Iterable[Lazy]]:
    """Partitions of persons reduced to current persons, for counting repeated document numbers."""

    def reduced() -> Iterable[Lazy]:
        for part in parts():
            state = nw.col("record_state").fill_null("1")
            yield part.filter(state != "2")

    return reduced


def summarise(findings: Iterable[Eager]) -> Counter[tuple[str, str, str]]:
    """(rule, county code, township code) -> findings, over all counties."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for table in findings:
        township = nw.concat_str(nw.col("village_code").str.slice(0, 9), nw.lit("000"))
        grouped = (
            table.with_columns(township=township)
            .group_by("rule", "county_code", "township")
            .agg(nw.len().alias("n"))
        )
        for rule, county, code, n in grouped.rows():
            counted[str(rule), str(county), str(code)] += int(n)
    return counted
