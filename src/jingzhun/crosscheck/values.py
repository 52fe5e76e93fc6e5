"""What a finding shows: the facts compared, as JSON. Never a direct identifier: the pack refuses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from jingzhun.policy.crosschecks import CrossCheck
from jingzhun.policy.pack import Pack
from jingzhun.policy.parameters import Parameter

MEMBER = "m__"
"""Prefix of a member's columns beside those of the household."""

_AGE = "age"
"""Computed from the birth date, as expressions do; a birth date itself tells more than is needed."""


@dataclass(frozen=True)
class Shown:
    """The facts that findings of one rule show: of the household, the member, the records, and parameters."""

    on: date
    household: tuple[str, ...] = ()
    member: tuple[str, ...] = ()
    of_records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()

    @classmethod
    def of(cls, rule: CrossCheck, pack: Pack, on: date) -> Shown:
        """What the rule's `show` names."""
        homes, members, parameters = [], [], []
        records: dict[str, tuple[str, ...]] = {}
        for name in rule.show:
            owner, _, own = name.partition(".")
            if owner == "m" and own:
                members.append(own)
            elif own:
                records[owner] = (*records.get(owner, ()), own)
            elif owner in pack.parameters:
                parameters.append(pack.parameter(owner))
            elif rule.level == "record":
                records[str(rule.table)] = (*records.get(str(rule.table), ()), owner)
            else:
                homes.append(owner)
        return cls(on, tuple(homes), tuple(members), records, tuple(parameters))

    def stored(self, owner: str) -> list[str]:
        """Stored columns that are needed of the household or the member."""
        names = {"household": self.household, "member": self.member}.get(owner, ())
        return ["birth_date" if name == _AGE else name for name in names]

    def record_values(
        self, evidence: pl.DataFrame, records: Mapping[str, pl.DataFrame], key: str
    ) -> pl.DataFrame:
        """Per judged thing, a column `<table>.<field>` with the values of its records, in order of record.

        `evidence`: `key`, table and record_id, of one rule.
        """
        rows = evidence.select(key).unique()
        for table, columns in self.of_records.items():
            if table not in records:
                continue
            own = evidence.filter(pl.col("table") == table).select(key, "record_id").unique()
            facts = records[table].select("record_id", *columns).unique("record_id")
            named = [pl.col(name).alias(f"{table}.{name}") for name in columns]
            listed = (
                own.join(facts, on="record_id", how="inner")
                .sort("record_id")
                .group_by(key, maintain_order=True)
                .agg(named)
            )
            rows = rows.join(listed, on=key, how="left")
        return rows

    def as_json(self, rows: pl.DataFrame) -> pl.Expr:
        """The facts of each row as one JSON object; what is not known is null, dates are texts.

        Columns of the member carry the prefix MEMBER.
        """
        parts = [pl.col(name) for name in self.household]
        parts += [self._of_member(name) for name in self.member]
        parts += [
            pl.col(f"{table}.{name}")
            for table, columns in self.of_records.items()
            for name in columns
            if f"{table}.{name}" in rows.columns
        ]
        parts += [self._value(parameter) for parameter in self.parameters]
        return pl.struct(parts).struct.json_encode() if parts else pl.lit("{}")

    def of_record_as_json(self, table: str) -> pl.Expr:
        """The facts of one record (and parameters) as one JSON object; the row is the record."""
        parts = [pl.col(name).alias(f"{table}.{name}") for name in self.of_records.get(table, ())]
        parts += [self._value(parameter) for parameter in self.parameters]
        return pl.struct(parts).struct.json_encode() if parts else pl.lit("{}")

    def _of_member(self, name: str) -> pl.Expr:
        if name != _AGE:
            return pl.col(MEMBER + name).alias(f"m.{name}")
        born = pl.col(MEMBER + "birth_date")
        had_birthday = (born.dt.month() * 100 + born.dt.day()) <= self.on.month * 100 + self.on.day
        years = self.on.year - born.dt.year() - pl.when(had_birthday).then(0).otherwise(1)
        return years.alias(f"m.{_AGE}")

    def _value(self, parameter: Parameter) -> pl.Expr:
        """A parameter on the date in the place of the row."""
        value = pl.lit(parameter.value(self.on))
        for area, own in reversed(parameter.values_by_area(self.on)):
            here = pl.col("village_code").str.starts_with(area)
            value = pl.when(here).then(pl.lit(own)).otherwise(value)
        return value.alias(parameter.name)
