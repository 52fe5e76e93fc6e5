"""Counts and sums that add up: small tables per partition, combined exactly in any order.

Every sum is a whole number (money in hundredths, gaps in millionths of the line), so that adding
partitions in any order, on any engine, gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.identify.dimensions import (
    Dimension,
    Grain,
    counts_as_registered,
    dimensions,
    grain_of,
)
from jingzhun.identify.rules import GROUPS, NET

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

HUNDREDTHS = 100
MILLIONTHS = 1_000_000
LARGEST_RATIO = 1_000.0
"""Cap of one household's gap in lines: beyond it an income is a typing error, and sums must not overflow."""

COUNTS = ("persons", "known_persons", "poor_persons", "gap_millionths", "severity_millionths")
HOUSEHOLD_COUNTS = (
    "households",
    "registered_households",
    "registered_persons",
    "known_households",
    "poor_households",
    "poor_registered_households",
    "poor_registered_persons",
    "loss_households",
    "gap_hundredths",
    *COUNTS,
)
INCOME_SUMS = (
    "income_households",
    "income_persons",
    "net_hundredths",
    "structure_households",
    "structure_net_hundredths",
    *(f"{name.removesuffix('_yuan')}_hundredths" for name in GROUPS),
)


@dataclass(frozen=True)
class Cube:
    """One table of sums: counted by `by`, over all rows or over registered households only."""

    name: str
    by: tuple[str, ...]
    registered_only: bool = False
    with_income: bool = False

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Its dimensions."""
        return dimensions(self.by)

    @property
    def grain(self) -> Grain:
        """Whether households or persons are counted."""
        return grain_of(self.dimensions)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of its sums."""
        if self.grain == "person":
            return COUNTS
        return (*HOUSEHOLD_COUNTS, *INCOME_SUMS) if self.with_income else HOUSEHOLD_COUNTS


@dataclass(frozen=True)
class Table:
    """One table of sums: one row per key, the other columns are whole numbers; a null key is not known."""

    keys: tuple[str, ...]
    rows: Eager


@dataclass(frozen=True)
class Sums:
    """The tables of sums of a partition, or of several together, by name."""

    tables: Mapping[str, Table]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of one table, ordered by key; empty when it was not computed."""
        return self.tables[name].rows.rows(named=True) if name in self.tables else []


def measured(rows: Lazy, grain: Grain, cubes: Iterable[Cube]) -> Lazy:
    """What each status row (or person row) adds to the sums of those cubes that have this grain.

    The codes of their dimensions stand in `key_<dimension>`.
    """
    used = dict.fromkeys(name for cube in cubes if cube.grain == grain for name in cube.by)
    keys = [d.value.alias(f"key_{d.name}") for d in dimensions(list(used))]
    if grain == "person":
        return _counted(rows, nw.lit(1, dtype=nw.Int64)).select(*keys, *COUNTS, _registered())
    found = _counted(rows, _persons()).with_columns(**_of_households(), **_of_income())
    return found.select(*keys, *HOUSEHOLD_COUNTS, *INCOME_SUMS, _registered())


def _registered() -> nw.Expr:
    return counts_as_registered().alias("counts_as_registered")


def tabulate(rows: Lazy, cube: Cube) -> Table:
    """The sums of one cube over `measured` rows of its grain."""
    if cube.registered_only:
        rows = rows.filter(nw.col("counts_as_registered"))
    keys = {f"key_{d.name}": d.name for d in cube.dimensions}
    ready = rows.select(*keys, *cube.measures)
    for dimension in cube.dimensions:
        if dimension.many:
            ready = ready.explode(f"key_{dimension.name}")
    return total(ready.rename(keys), list(keys.values()), cube.measures)


def total(rows: Lazy, keys: Sequence[str], measures: Sequence[str]) -> Table:
    """Sum `measures` by `keys`, collected and sorted."""
    sums = [nw.col(name).sum().cast(nw.Int64).alias(name) for name in measures]
    found = rows.group_by(*keys).agg(*sums).collect("polars")
    return Table(tuple(keys), found.sort(*keys, nulls_last=True))


def welfare_table(status: Lazy) -> Table:
    """Persons by county and by welfare to the whole yuan: enough for every median and quantile.

    A table of this kind stays small however many households there are, and adds up exactly.
    """
    known = status.filter(~nw.col("is_poor").is_null())
    rows = known.select(
        nw.col("village_code").str.slice(0, 6).alias("county"),
        whole(nw.col("welfare")).alias("welfare_yuan"),
        _persons().alias("persons"),
    )
    return total(rows, ["county", "welfare_yuan"], ["persons"])


def combine(parts: Iterable[Sums]) -> Sums:
    """The sums of several partitions as those of one; the order does not matter."""
    by_name: dict[str, list[Table]] = {}
    for part in parts:
        for name, table in part.tables.items():
            by_name.setdefault(name, []).append(table)
    return Sums({name: _added(tables) for name, tables in sorted(by_name.items())})


def _added(tables: Sequence[Table]) -> Table:
    keys = tables[0].keys
    measures = [name for name in tables[0].rows.columns if name not in keys]
    return total(nw.concat([table.rows for table in tables]).lazy(), keys, measures)


def _counted(rows: Lazy, persons: nw.Expr) -> Lazy:
    """The rows with `COUNTS`, each row standing for that many persons."""
    rows = rows.with_columns(persons=persons)
    poor = nw.col("is_poor").fill_null(False)
    ratio = nw.col("gap_yuan") / nw.col("line")
    rows = rows.with_columns(
        known_persons=_where(~nw.col("is_poor").is_null(), nw.col("persons")),
        poor_persons=_where(poor, nw.col("persons")),
        gap_ratio=nw.when(poor).then(ratio).otherwise(nw.lit(0.0)).clip(0.0, LARGEST_RATIO),
    )
    gap = nw.col("gap_ratio") * nw.col("poor_persons")
    return rows.with_columns(
        gap_millionths=whole(gap * MILLIONTHS),
        severity_millionths=whole(gap * nw.col("gap_ratio") * MILLIONTHS),
    )


def _of_households() -> dict[str, nw.Expr]:
    poor = nw.col("is_poor").fill_null(False)
    registered, one = counts_as_registered(), nw.lit(1, dtype=nw.Int64)
    gap = nw.when(poor).then(nw.col("gap_yuan")).otherwise(nw.lit(0.0))
    return {
        "households": one,
        "registered_households": _where(registered, one),
        "registered_persons": _where(registered, nw.col("persons")),
        "known_households": _where(~nw.col("is_poor").is_null(), one),
        "poor_households": _where(poor, one),
        "poor_registered_households": _where(poor & registered, one),
        "poor_registered_persons": _where(poor & registered, nw.col("persons")),
        "loss_households": _where((nw.col("welfare") < 0).fill_null(False), one),
        "gap_hundredths": whole(gap * nw.col("poor_persons") * HUNDREDTHS),
    }


def _of_income() -> dict[str, nw.Expr]:
    """Net income where it and the persons are known; its structure where the four groups are too."""
    one = nw.lit(1, dtype=nw.Int64)
    known = ~nw.col(NET).is_null() & (nw.col("persons") > 0)
    structured = known
    for name in GROUPS:
        structured &= ~nw.col(name).is_null()
    net = whole(nw.col(NET).cast(nw.Float64) * HUNDREDTHS)
    return {
        "income_households": _where(known, one),
        "income_persons": _where(known, nw.col("persons")),
        "net_hundredths": _where(known, net),
        "structure_households": _where(structured, one),
        "structure_net_hundredths": _where(structured, net),
        **{
            f"{name.removesuffix('_yuan')}_hundredths": _where(
                structured, whole(nw.col(name).cast(nw.Float64) * HUNDREDTHS)
            )
            for name in GROUPS
        },
    }


def _persons() -> nw.Expr:
    """Persons of a household: those who share its budget; else the number on the form; else none."""
    size = nw.coalesce(nw.col("household_size"), nw.col("persons_year_end"))
    return size.fill_null(0).cast(nw.Int64)


def _where(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value).otherwise(nw.lit(0, dtype=nw.Int64))


def whole(value: nw.Expr) -> nw.Expr:
    """Rounded to a whole number, halves upwards on every engine."""
    return (value + 0.5).floor().cast(nw.Int64)
