"""One table of an import: every block read, judged, and its rows sent to the spool or the rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from jingzhun.frames.readers import Block, RowNumbers
from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.counts import TableCounts
from jingzhun.quality.intake.delivery import DELIVERY
from jingzhun.quality.intake.derive import with_derived
from jingzhun.quality.intake.keys import (
    NOWHERE,
    Counties,
    Flags,
    KeyIndex,
    Keys,
    Numbers,
    file_and_row,
    keys_of,
    place_of,
    repeats_inside,
)
from jingzhun.quality.intake.plan import BoundSource
from jingzhun.quality.intake.reasons import Problem, Reason, sentence
from jingzhun.quality.intake.record_ids import with_record_ids
from jingzhun.quality.intake.rejects import Rejects, ragged_problems
from jingzhun.quality.intake.rows import PROBLEMS, ReadRows, missing_rows, problem_rows, read_rows
from jingzhun.quality.intake.spool import COUNTY, Spool
from jingzhun.standard import schema

_COUNTY_DIGITS = 6

Locate = Callable[[pl.DataFrame], Counties]
"""From the key columns of the table above to the county of each row, -1 where there is none."""


class TableIntake:
    """Takes blocks of one table. Keys are counted over all its files, the first accepted row wins."""

    def __init__(
        self,
        table: schema.Table,
        folder: Path,
        *,
        locate: Locate | None,
        areas: Areas | None,
        files: list[str],
        on: date,
        record_key: Callable[[], bytes],
        outdated: Callable[[str, pl.DataFrame], Flags] | None = None,
        within: tuple[str, ...] = (),
        taken: Callable[[pl.DataFrame], Flags] | None = None,
    ) -> None:
        """`outdated`: which rows of a delivery (its id, the keys) the workspace has from a later one.

        `within`: prefixes of the only areas that rows may lie in; empty for any. `taken`: which keys rows
        outside these areas have.
        """
        self.table = table
        self.counts = TableCounts()
        self.keys = KeyIndex()
        self.spool = Spool(folder / "accepted")
        self.rejects = Rejects(folder / "rejected")
        self._locate = locate
        self._areas = areas
        self._files = files
        self._on = on
        self._record_key = record_key
        self._outdated = outdated
        self._within = within
        self._taken = taken
        self.delivered: dict[str, Counter[int]] = {}
        """Delivery -> period -> accepted rows."""

    def take(self, bound: BoundSource, block: Block, file: int) -> None:
        """Judge one block of the source with number `file`."""
        name = self._files[file]
        self.counts.blank += block.blank
        self.counts.read += block.rows.height + len(block.ragged)
        self._count(ragged_problems(block))
        if not block.rows.height:
            self.rejects.add(name, block, pl.DataFrame(schema=PROBLEMS))
            return
        read = read_rows(bound, block.rows)
        read = with_derived(read, bound, block.rows, self._areas, on=self._on)
        read = self._delivered(read, bound)
        required = [column for column in self.table.columns if column.required]
        counties = self._counties(read.values)
        found = [read.problems, missing_rows(read, required), self._homeless(read.values, counties)]
        problems = pl.concat([*found, self._outside(read), self._elsewhere(read)])
        good = np.ones(read.values.height, bool)
        good[problems["row"].to_numpy()] = False
        old = self._old(read, good, bound)
        # A row that stays out must not move the one that the workspace has.
        targets = np.where(old, NOWHERE, counties).astype(np.int32)
        again = self._repeated(read, good, targets, block.numbers, file)
        problems = pl.concat([problems, again])
        good[again["row"].to_numpy()] = False
        self._count(problems)
        self.rejects.add(name, block, problems)
        self._accept(read.values, good, old, counties)

    def _delivered(self, read: ReadRows, bound: BoundSource) -> ReadRows:
        """Rows of another department: each with its delivery and its number."""
        if bound.delivery is None:
            return read
        values = read.values.drop(DELIVERY, strict=False)
        values = with_record_ids(values, self.table, bound.plan.record_id_from, self._record_key())
        return ReadRows(values.with_columns(pl.lit(bound.delivery).alias(DELIVERY)), read.problems)

    def _old(self, read: ReadRows, good: Flags, bound: BoundSource) -> Flags:
        """Good rows that the workspace has from a delivery received later; that one's stand."""
        if bound.delivery is None or self._outdated is None or not good.any():
            return np.zeros(len(good), bool)
        return good & self._outdated(bound.delivery, read.values.select(self.table.key))

    def _counties(self, values: pl.DataFrame) -> Counties:
        table = self.table
        if table.parent is not None and self._locate is not None:
            return self._locate(values.select(table.parent.key))
        if table.area is None:
            return np.zeros(values.height, np.int32)
        unplaced = 0 if table.is_external else NOWHERE
        if table.area not in values.columns:
            return np.full(values.height, unplaced, np.int32)
        digits = values[table.area].str.slice(0, _COUNTY_DIGITS).cast(pl.Int32, strict=False)
        return digits.fill_null(unplaced).to_numpy()

    def _homeless(self, values: pl.DataFrame, counties: Counties) -> pl.DataFrame:
        """Rows whose parent row is not known, although they name one."""
        parent = self.table.parent
        if parent is None:
            return pl.DataFrame(schema=PROBLEMS)
        named = values.select(pl.all_horizontal(pl.col(parent.key).is_not_null())).to_series()
        lost = pl.Series(np.flatnonzero((counties == NOWHERE) & named.to_numpy()))
        column = self.table.column(parent.key[0])
        return problem_rows(lost, Problem(Reason.HOUSEHOLD_UNKNOWN), column)

    def _outside(self, read: ReadRows) -> pl.DataFrame:
        """Rows whose area lies outside that of the import, or is not told."""
        area = self.table.area
        if not self._within or area is None:
            return pl.DataFrame(schema=PROBLEMS)
        column = self.table.column(area)
        if area not in read.values.columns:
            codes = pl.repeat(None, read.values.height, dtype=pl.String, eager=True)
        else:
            codes = read.values[area]
        inside = pl.any_horizontal(pl.lit(codes).str.starts_with(code) for code in self._within)
        rows = read.values.select((~inside.fill_null(False)).alias("out"))["out"].arg_true()
        # What could not be read is told once.
        rows = rows.filter(~rows.is_in(read.problems.filter(field=area)["row"].implode()))
        problem = Problem(Reason.OUTSIDE_AREA, {"areas": ", ".join(self._within)})
        return problem_rows(rows, problem, column, codes.gather(rows))

    def _elsewhere(self, read: ReadRows) -> pl.DataFrame:
        """Rows whose key a row outside the areas of the import has."""
        if self._taken is None:
            return pl.DataFrame(schema=PROBLEMS)
        rows = pl.Series(np.flatnonzero(self._taken(read.values.select(self.table.key))))
        column = self.table.column(self.table.key[0])
        return problem_rows(rows, Problem(Reason.NUMBER_ELSEWHERE), column)

    def _repeated(
        self,
        read: ReadRows,
        good: Flags,
        counties: Counties,
        numbers: RowNumbers,
        file: int,
    ) -> pl.DataFrame:
        """Problems of good rows whose key an earlier accepted row has; the others become known."""
        rows = np.flatnonzero(good)
        keys = keys_of(read.values.select(self.table.key), self.table.key).at(rows)
        inside, before = repeats_inside(keys), self.keys.find(keys)
        places = place_of(file, numbers[rows])
        first = np.where(before != NOWHERE, self.keys.places(before), NOWHERE)
        first = np.where(
            (first == NOWHERE) & (inside != NOWHERE), places[np.maximum(inside, 0)], first
        )
        fresh = first == NOWHERE
        self.keys.add(keys.at(fresh), places[fresh], counties[rows][fresh])
        return self._duplicates(rows[~fresh], first[~fresh])

    def _duplicates(self, rows: Numbers, first: Numbers) -> pl.DataFrame:
        column = self.table.column(self.table.key[0])
        words = []
        for place in first.tolist():
            file, row = file_and_row(place)
            facts = {"file": self._files[file], "row": str(row)}
            words.append(sentence(Problem(Reason.DUPLICATE, facts), column, None))
        return pl.DataFrame(
            {
                "row": rows,
                "field": [column.name] * len(rows),
                "value": [None] * len(rows),
                "reason_code": [Reason.DUPLICATE.value] * len(rows),
                "reason_en": [label.en for label in words],
                "reason_zh": [label.zh for label in words],
            },
            schema=PROBLEMS,
        )

    def _accept(
        self,
        values: pl.DataFrame,
        good: Flags,
        old: Flags,
        counties: Counties,
    ) -> None:
        codes = pl.Series(COUNTY, counties).cast(pl.String).str.zfill(_COUNTY_DIGITS)
        rows = values.with_columns(codes)
        kept = good & ~old
        stale = int((good & old).sum())
        self.counts.accepted += int(good.sum())
        self.counts.unchanged += stale
        self._count_delivered(values, good)
        self.spool.add(rows if kept.all() else rows.filter(pl.Series(kept)))

    def _count_delivered(self, values: pl.DataFrame, good: Flags) -> None:
        if DELIVERY not in values.columns:
            return
        known = values.select(DELIVERY, "period").filter(pl.Series(good))
        for name, period, rows in known.group_by(pl.all()).len().rows():
            self.delivered.setdefault(name, Counter())[period] += rows

    def _count(self, problems: pl.DataFrame) -> None:
        if not problems.height:
            return
        self.counts.rejected += problems["row"].n_unique()
        kinds = problems.select("field", "reason_code").fill_null("")
        for column, reason, rows in kinds.group_by(pl.all()).len().rows():
            self.counts.reasons[(column, reason)] += rows


def locate_in(indexes: Callable[[pl.DataFrame], list[KeyIndex]]) -> Locate:
    """Find counties in several indexes; the first that knows a key decides."""

    def locate(keys: pl.DataFrame) -> Counties:
        hashed: Keys = keys_of(keys, tuple(keys.columns))
        counties = np.full(keys.height, NOWHERE, np.int32)
        for index in indexes(keys):
            found = index.counties(index.find(hashed))
            counties = np.where(counties == NOWHERE, found, counties).astype(np.int32)
        return counties

    return locate
