"""One table of an import: every block read, judged, and its rows sent to the spool or the rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from jingzhun.frames.readers import Block, RowNumbers
from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.derive import with_derived
from jingzhun.quality.intake.keys import (
    NOWHERE,
    Counties,
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
from jingzhun.quality.intake.rejects import Rejects, ragged_problems
from jingzhun.quality.intake.rows import PROBLEMS, ReadRows, missing_rows, problem_rows, read_rows
from jingzhun.quality.intake.spool import COUNTY, Spool
from jingzhun.standard import schema

_COUNTY_DIGITS = 6

Locate = Callable[[pl.DataFrame], Counties]
"""From the key columns of the table above to the county of each row, -1 where there is none."""


@dataclass
class TableCounts:
    """What became of the rows of one table; read = accepted + rejected.

    accepted = new + changed + unchanged, against what the workspace held before.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    blank: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(column or "", reason code) -> rows."""


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
    ) -> None:
        self.table = table
        self.counts = TableCounts()
        self.keys = KeyIndex()
        self.spool = Spool(folder / "accepted")
        self.rejects = Rejects(folder / "rejected")
        self._locate = locate
        self._areas = areas
        self._files = files
        self._on = on

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
        required = [column for column in self.table.columns if column.required]
        counties = self._counties(read.values)
        found = [read.problems, missing_rows(read, required), self._homeless(read.values, counties)]
        problems = pl.concat(found)
        good = np.ones(read.values.height, bool)
        good[problems["row"].to_numpy()] = False
        again = self._repeated(read, good, counties, block.numbers, file)
        problems = pl.concat([problems, again])
        good[again["row"].to_numpy()] = False
        self._count(problems)
        self.rejects.add(name, block, problems)
        self._accept(read.values, good, counties)

    def _counties(self, values: pl.DataFrame) -> Counties:
        table = self.table
        if table.parent is not None and self._locate is not None:
            return self._locate(values.select(table.parent.key))
        if table.area is None:
            return np.zeros(values.height, np.int32)
        digits = values[table.area].str.slice(0, _COUNTY_DIGITS).cast(pl.Int32, strict=False)
        return digits.fill_null(NOWHERE).to_numpy()

    def _homeless(self, values: pl.DataFrame, counties: Counties) -> pl.DataFrame:
        """Rows whose parent row is not known, although they name one."""
        parent = self.table.parent
        if parent is None:
            return pl.DataFrame(schema=PROBLEMS)
        named = values.select(pl.all_horizontal(pl.col(parent.key).is_not_null())).to_series()
        lost = pl.Series(np.flatnonzero((counties == NOWHERE) & named.to_numpy()))
        column = self.table.column(parent.key[0])
        return problem_rows(lost, Problem(Reason.HOUSEHOLD_UNKNOWN), column)

    def _repeated(
        self,
        read: ReadRows,
        good: np.ndarray[tuple[int], np.dtype[np.bool_]],
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
        good: np.ndarray[tuple[int], np.dtype[np.bool_]],
        counties: Counties,
    ) -> None:
        codes = pl.Series(COUNTY, counties).cast(pl.String).str.zfill(_COUNTY_DIGITS)
        rows = values.with_columns(codes)
        rows = rows if good.all() else rows.filter(pl.Series(good))
        self.counts.accepted += rows.height
        self.spool.add(rows)

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
