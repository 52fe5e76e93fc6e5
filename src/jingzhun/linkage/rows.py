"""The rows of both tables: only the columns that the spec names, in the order of their row ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.errors import InputError, Place
from jingzhun.linkage.numbers import Numbers
from jingzhun.linkage.spec import Columns, IdColumns, Spec

Frame: TypeAlias = pl.DataFrame | pl.LazyFrame
Rows: TypeAlias = NDArray[Any]
"""Row numbers."""


@dataclass(frozen=True)
class Side:
    """One table. Its rows are ordered by id, so that their order in the file changes nothing."""

    rows: pl.DataFrame
    ids: pl.Series
    numbers: dict[str, Numbers]
    """By the name of the identity number in evidence."""

    @classmethod
    def of(cls, frame: Frame, spec: Spec, side: str) -> Side:
        """InputError when a column is missing or a row id is null or not unique."""
        wanted = {getattr(columns, side) for _, columns in spec.compared()}
        row_id = getattr(spec.row_id, side)
        lazy = frame.lazy()
        _must_have(lazy.collect_schema().names(), [row_id, *sorted(wanted)], side)
        rows = lazy.select([row_id, *sorted(wanted - {row_id})]).collect()
        if not rows[row_id].is_sorted():
            rows = rows.sort(row_id)
        _must_be_unique(rows[row_id], side)
        numbers = {
            name: Numbers.of(rows[getattr(columns, side)]) for name, columns in identity(spec)
        }
        return cls(rows, rows[row_id], numbers)

    def taken(self, rows: Rows) -> Side:
        """Some rows of it; a row may come more than once."""
        numbers = {name: one.taken(rows) for name, one in self.numbers.items()}
        return Side(self.rows[rows], self.ids.gather(rows), numbers)

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.rows.height


@dataclass(frozen=True)
class Tables:
    """Two tables, or one against itself."""

    left: Side
    right: Side
    is_one: bool = False

    def taken(self, left: Rows, right: Rows) -> Tables:
        """Some rows of each."""
        return Tables(self.left.taken(left), self.right.taken(right), self.is_one)

    def rest(self, right: Rows) -> Tables:
        """The same with some rows of the right table only."""
        if len(right) == self.right.height:
            return self
        return Tables(self.left, self.right.taken(right), self.is_one)

    def of(self, columns: Columns) -> tuple[pl.Series, pl.Series]:
        """The two columns that say the same; as texts where their types differ."""
        one, two = self.left.rows[columns.left], self.right.rows[columns.right]
        if one.dtype != two.dtype and not (one.dtype.is_temporal() or two.dtype.is_temporal()):
            one, two = one.cast(pl.String), two.cast(pl.String)
        return one, two

    @cached_property
    def proven(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        """Rows whose identity number is valid by its own check character; none where the spec names no number.

        Two proven numbers that differ are two people: a slip of the pen never makes a valid number.
        """
        for name, ours in self.left.numbers.items():
            return ours.is_proven, self.right.numbers[name].is_proven
        return None

    @cached_property
    def all_pairs(self) -> float:
        """Pairs that may be one person."""
        total = _pairs_of(self.left.height, self.right.height, is_one=self.is_one)
        if self.proven is not None:
            ours, theirs = (int(side.sum()) for side in self.proven)
            total -= _pairs_of(ours, theirs, is_one=self.is_one)
        return max(total, 1.0)

    @cached_property
    def people(self) -> int:
        """People who may be in both at most."""
        smaller = min(self.left.height, self.right.height)
        if self.proven is None:
            return smaller
        return min(smaller, sum(int((~side).sum()) for side in self.proven))


def _pairs_of(left: int, right: int, *, is_one: bool) -> float:
    return left * (left - 1) / 2 if is_one else float(left) * right


def identity(spec: Spec) -> Iterator[tuple[str, IdColumns]]:
    """Identity numbers that have forms and a check character."""
    return ((one.left, one) for one in spec.ids if one.kind == "gb11643")


def without(count: int, rows: Rows) -> Rows:
    """Row numbers below `count` that are not among `rows`."""
    kept = np.ones(count, dtype=bool)
    kept[rows] = False
    return np.nonzero(kept)[0]


def _must_have(there: list[str], wanted: list[str], side: str) -> None:
    missing = [name for name in wanted if name not in there]
    if missing:
        raise InputError(
            f"The {side} table has no column {missing[0]}",
            where=Place(field=missing[0]),
            do="Name columns in the spec as the tables have them",
        )


def _must_be_unique(ids: pl.Series, side: str) -> None:
    if ids.null_count() or (len(ids) > 1 and bool((ids == ids.shift(1)).any())):
        raise InputError(
            f"Row ids of the {side} table are not unique, or some are missing",
            where=Place(field=ids.name),
            do="Name a column in row_id that tells every row",
        )
