"""Exit profiles over all households: one row per household and profile, and counts that add up.

Some counties are judged at a time; what is kept between them are counts and
one row of facts per village, so that a province streams in bounded memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar

import narwhals as nw

from jingzhun.evaluate import answers, counting, outcomes
from jingzhun.evaluate.counting import Counts
from jingzhun.evaluate.yardstick import Yardstick, outputs, yardstick
from jingzhun.policy.cel import Expr, Program, check
from jingzhun.policy.pack import Pack

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]
Rows = TypeVar("Rows", nw.LazyFrame[Any], nw.DataFrame[Any])
"""Judged rows in memory, or on a cluster where they stay."""

KEY, ID = "household_key", "household_id"
READ = ("village_code", "is_registered", "exit_status", "persons_year_end")
CELL = ("village_code", "registered", "exited")
EXITED = ("exited", "exited_no_policy", "exited_policy")


@dataclass(frozen=True)
class Judgement:
    """Some counties judged: a table per profile, and the cells that everything is counted from."""

    tables: dict[str, Eager]
    cells: Eager


@dataclass(frozen=True)
class Counted:
    """Counts per county, facts per village, and (township, profile, outcome) -> registered households."""

    counts: dict[str, Counts]
    villages: Eager
    townships: Counter[tuple[str, str, str]]


class HouseholdEvaluation:
    """Some household profiles of a pack, made ready for a date.

    `profiles` are judged side by side; those that count decide the stricter outcome (all of them when
    none of the pack's counting profiles is among them). With `values`, what was measured is kept too.
    `local`: rows are partitions of a workspace, in order and in memory; not so on a cluster.
    """

    def __init__(
        self,
        pack: Pack,
        profiles: Sequence[str],
        on: date,
        *,
        values: bool = True,
        local: bool = True,
    ) -> None:
        self.pack = pack
        self.on = on
        self.values = values
        self.local = local
        self.sticks: list[Yardstick] = [yardstick(pack, name, on) for name in profiles]
        named = outputs(self.sticks, values=values)
        self.program = Program(self.sticks[0].scope, {**named, "size": self._size()})
        counting_ones = [i for i, s in enumerate(self.sticks) if s.id in pack.profiles_that_count]
        self.counting = counting_ones or list(range(len(self.sticks)))
        self._answers = answers.columns_of(self.sticks)
        self._is_packed = answers.is_packable(self.sticks)
        self._known: Eager | None = None

    def _size(self) -> Expr:
        return check(self.pack.household_size, self.sticks[0].scope)

    @property
    def household_columns(self) -> list[str]:
        """Columns of households that are read for result rows."""
        return [ID, *(name for name in self.count_columns if name != ID)]

    @property
    def count_columns(self) -> list[str]:
        """Columns of households that are read for counts alone."""
        return list(dict.fromkeys([KEY, *READ, *self.program.reads("household")]))

    @property
    def person_columns(self) -> list[str]:
        """Columns of persons that are read; empty when no profile asks about members."""
        return [KEY, *self.program.reads("member")] if self.program.uses_members else []

    @property
    def village_columns(self) -> list[str]:
        """Columns of villages that are read; empty when no profile asks about the village."""
        reads = self.program.reads("village")
        return ["village_code", *reads] if reads else []

    # -- rows ---------------------------------------------------------------------------------

    def answered(
        self,
        households: Lazy,
        persons: Lazy | None,
        villages: Lazy | None,
        *,
        keep: Sequence[str] = (KEY, ID),
    ) -> Lazy:
        """One row per household: what the indicators say, and what it is counted as.

        `registered` and `exited` are what the register says, `counted` the persons of the household.
        """
        kept = [*dict.fromkeys([*keep, *READ])]
        rows = self.program.apply(households, persons, villages, keep=kept, is_sorted=self.local)
        ready = rows.with_columns(
            registered=nw.col("is_registered").fill_null(True),
            exited=nw.col("exit_status").is_in(list(EXITED)).fill_null(False),
            counted=nw.coalesce(nw.col("size"), nw.col("persons_year_end"), nw.lit(0)),
        )
        if not self._is_packed:
            return ready
        return ready.with_columns(answers.code(self._answers).alias(answers.CODE))

    def judged(self, rows: Rows) -> Rows:
        """Answers with the columns of `outcomes.flags`, `outcomes.stricter` and each score (`s<number>`)."""
        columns: dict[str, nw.Expr] = {}
        for number, stick in enumerate(self.sticks):
            columns |= outcomes.flags(number, stick)
            columns[f"s{number}"] = outcomes.score(number, stick)
        return rows.with_columns(**columns).with_columns(**outcomes.stricter(self.counting))

    def table(self, number: int, rows: Rows) -> Rows:
        """The result table of one profile from judged rows: one row per household, item by item."""
        columns = {**self._words(number), **self._values(number)}
        return self._identified(
            rows, {name: columns[name] for name in self._ordered(number, columns)}
        )

    def _identified(self, rows: Rows, columns: Mapping[str, nw.Expr]) -> Rows:
        return rows.select(
            ID,
            nw.col("village_code").str.slice(0, counting.COUNTY_DIGITS).alias("county_code"),
            "village_code",
            nw.col("registered").alias("is_registered"),
            nw.col("size").alias("household_size"),
            *(expr.alias(name) for name, expr in columns.items()),
        )

    def _words(self, number: int) -> dict[str, nw.Expr]:
        """Columns of the result table that follow from the answers."""
        stick = self.sticks[number]
        columns: dict[str, nw.Expr] = {
            "outcome": outcomes.named(nw.col(f"f{number}"), nw.col(f"u{number}")),
            "score": nw.col(f"s{number}"),
            "veto_failed": outcomes.veto_list(number, stick),
            "missing": outcomes.missing_list(number, stick),
        }
        for item in stick.items:
            columns[f"{item.id}_met"] = outcomes.met_column(number, item)
            if stick.is_weighted:
                columns[f"{item.id}_points"] = outcomes.points_column(number, item)
        return columns

    def _values(self, number: int) -> dict[str, nw.Expr]:
        """Columns of the result table that hold what was measured."""
        return {
            f"{item.id}_value": nw.col(f"q{number}__{item.id}__value")
            for item in self.sticks[number].items
            if self.values and item.value is not None
        }

    def _tables(self, rows: Eager, cells: Eager) -> dict[str, Eager]:
        """Profile -> result table; with answers as numbers the words are looked up, not made again."""
        if not self._is_packed:
            judged = self.judged(rows)
            return {stick.id: self.table(n, judged) for n, stick in enumerate(self.sticks)}
        known, tables = self._worded(cells), {}
        places = answers.places(known, rows)
        own = self._identified(rows, {})
        for number, stick in enumerate(self.sticks):
            words = {name: nw.col(f"{number} {name}") for name in self._words(number)}
            found = known.select(**words)[places]
            measured = self._values(number)
            values = [rows.select(**measured)] if measured else []
            table = nw.concat([own, found, *values], how="horizontal")
            order = self._ordered(number, [*found.columns, *measured])
            tables[stick.id] = table.select(*own.columns, *order)
        return tables

    def _worded(self, cells: Eager) -> Eager:
        """Every number that occurred so far, in order, with the words of each profile (`<number> <column>`)."""
        codes = cells.select(answers.CODE).unique(answers.CODE).sort(answers.CODE)
        if self._known is not None:
            codes = nw.concat([self._known.select(answers.CODE), codes])
            codes = codes.unique(answers.CODE).sort(answers.CODE)
        if self._known is None or len(codes) > len(self._known):
            judged = self.judged(answers.decoded(codes, self._answers))
            words = {
                f"{number} {name}": expr
                for number in range(len(self.sticks))
                for name, expr in self._words(number).items()
            }
            self._known = judged.select(answers.CODE, **words)
        return self._known

    def _ordered(self, number: int, names: Collection[str]) -> list[str]:
        """Column names in the order of the documentation: what was measured beside its indicator."""
        stick = self.sticks[number]
        of_items = [f"{item.id}_{part}" for item in stick.items for part in _ITEM_PARTS]
        first = [name for name in names if name not in of_items]
        return [*first, *(name for name in of_items if name in names)]

    # -- counts -------------------------------------------------------------------------------

    def cells(self, rows: Lazy | Eager) -> Eager:
        """Answered households by village, registration, exit and answers: `n` households, `persons` persons."""
        by = [*CELL, *([answers.CODE] if self._is_packed else self._answers)]
        grouped = rows.lazy().group_by(*by).agg(nw.len().alias("n"), nw.col("counted").sum())
        found = grouped.collect("polars").rename({"counted": "persons"})
        return found.with_columns(nw.col("n").cast(nw.Int64), nw.col("persons").fill_null(0))

    def judged_cells(self, cells: Eager) -> Eager:
        """Cells with what their answers come to; see `counting`. All counties at once cost as much as one."""
        plain = answers.decoded(cells, self._answers) if self._is_packed else cells
        return self.judged(plain)

    def counted(self, cells: Sequence[Eager]) -> Counted:
        """All counts from the cells of some counties, those of each group of counties in a table."""
        judged = self.judged_cells(nw.concat(cells))
        counts = counting.totals(judged, self.sticks)
        for county, bands in counting.score_bands(judged, self.sticks).items():
            counts[county].update(bands)
        return Counted(
            counts,
            counting.village_facts(judged),
            counting.township_outcomes(judged, self.sticks),
        )

    def judge(self, households: Lazy, persons: Lazy | None, villages: Lazy | None) -> Judgement:
        """Judge some counties: their result tables, and the cells to count from."""
        rows = _in_order(self.answered(households, persons, villages).collect())
        cells = self.cells(rows)
        return Judgement(self._tables(rows, cells), cells)


_ITEM_PARTS = ("met", "points", "value")


def _in_order(rows: Eager) -> Eager:
    """Rows in the register's order, which makes the results the same bytes every time."""
    keys = rows[KEY].to_numpy()
    return rows if bool((keys[1:] >= keys[:-1]).all()) else rows.sort(KEY)
