"""One field of both tables as numbers: every distinct value once, and how two of them are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Indices: TypeAlias = NDArray[Any]
Levels: TypeAlias = NDArray[np.int8]
Compare: TypeAlias = Callable[[Indices, Indices], Levels]

UNKNOWN = -1
"""Code and level of what is not known."""
CHUNK = 1_000_000
"""Pairs compared at once, so that memory stays bounded."""


@dataclass(frozen=True)
class Vocabulary:
    """Distinct values of a column in both tables, and which of them each row has (-1: none)."""

    values: pl.Series
    left: Ints
    right: Ints

    @classmethod
    def of(cls, left: pl.Series, right: pl.Series) -> Vocabulary:
        """In the order in which the values appear, the left table first."""
        both = pl.concat([left.alias("value"), right.cast(left.dtype).alias("value")])
        if both.dtype == pl.String:
            coded = both.cast(pl.Categorical(pl.Categories.random()))
            codes = coded.to_physical().cast(pl.Int32).fill_null(UNKNOWN).to_numpy()
            first = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
            known = np.nonzero(codes >= 0)[0][::-1]
            first[codes[known]] = known
            values = both.gather(first)
        else:
            values = both.drop_nulls().unique(maintain_order=True)
            numbered = values.to_frame().with_row_index("code")
            found = both.to_frame().join(numbered, on="value", how="left", maintain_order="left")
            codes = found["code"].cast(pl.Int32).fill_null(UNKNOWN).to_numpy()
        return cls(values, codes[: len(left)], codes[len(left) :])

    def told(self, values: pl.Series) -> Vocabulary:
        """With other values instead of the distinct ones, in their order; equal ones become one, null unknown."""
        made = Vocabulary.of(values, values.head(0))
        code = np.append(made.left, np.int32(UNKNOWN))
        return Vocabulary(made.values, code[self.left], code[self.right])

    def without(self, unknown: NDArray[np.bool_]) -> Vocabulary:
        """The same, where rows with some of the values count as not known."""
        gone = np.append(unknown, True)
        left, right = (
            np.where(gone[codes], np.int32(UNKNOWN), codes) for codes in (self.left, self.right)
        )
        return Vocabulary(self.values, left, right)


@dataclass(frozen=True)
class Coded:
    """A field ready to be compared.

    `levels` are names from the best agreement down; level 0 is the same value. `compare` gives the level of
    pairs of unequal distinct values. `keys`: name of a blocking key -> its number for each distinct value.
    """

    field: str
    kind: str
    levels: tuple[str, ...]
    words: Vocabulary
    compare: Compare
    keys: Mapping[str, NDArray[np.int64]] = filled(default_factory=dict)
    same: NDArray[np.int64] | None = None
    """Number of each distinct value's normal form, where several writings are the same."""

    texts: pl.Series | None = None
    """Normal form of each distinct name, for names that stand in each other's columns."""
    is_quick: bool = False
    """Whether comparing costs less than looking for pairs that were compared already."""

    @cached_property
    def forms(self) -> NDArray[np.int64]:
        """What must be equal for two values to be the same."""
        return np.arange(len(self.words.values)) if self.same is None else self.same

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Share of each distinct value's normal form among the known values of the left table.

        Measured there alone, so that a small delivery weighs values as a large one does.
        """
        size = max(int(self.forms.max(initial=-1)) + 1, 1)
        known = self.words.left[self.words.left >= 0]
        counts = np.bincount(self.forms[known], minlength=size)
        return np.asarray(np.maximum(counts, 1)[self.forms] / max(len(known), 1))

    def chance(self, *, is_one_table: bool = False) -> float:
        """Chance that two rows have the same value, both known: one of each table, or any two of one."""
        size = max(int(self.forms.max(initial=-1)) + 1, 1)
        left, right = (
            np.bincount(self.forms[codes[codes >= 0]], minlength=size).astype(float)
            for codes in (self.words.left, self.words.right)
        )
        if is_one_table:
            pairs = max(left.sum() * (left.sum() - 1), 1.0)
            return float(np.dot(left, left - 1)) / float(pairs)
        return float(np.dot(left, right)) / max(float(left.sum() * right.sum()), 1.0)

    def level(self, left: Indices, right: Indices) -> Levels:
        """Level of each pair of rows; -1 where a value is not known."""
        out = np.full(len(left), UNKNOWN, dtype=np.int8)
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            out[part] = self._level(self.words.left[left[part]], self.words.right[right[part]])
        return out

    def _level(self, one: Ints, two: Ints) -> Levels:
        out = np.full(len(one), UNKNOWN, dtype=np.int8)
        known = (one >= 0) & (two >= 0)
        out[known & (one == two)] = 0
        differs = np.nonzero(known & (one != two))[0]
        if len(differs):
            one, two = one[differs], two[differs]
            equal = self.forms[one] == self.forms[two]
            found = np.zeros(len(differs), dtype=np.int8)
            rest = np.nonzero(~equal)[0]
            found[rest] = self._distinct(one[rest], two[rest])
            out[differs] = found
        return out

    def _distinct(self, one: Ints, two: Ints) -> Levels:
        """Every distinct pair of values is compared once."""
        if self.is_quick or not len(one):
            return self.compare(one, two)
        pair = one.astype(np.int64) << 32 | two
        single, where = np.unique(pair, return_inverse=True)
        found = self.compare(single >> 32, single & 0xFFFFFFFF)
        return np.asarray(found[where])


def numbered(values: pl.Series) -> NDArray[np.int64]:
    """A number for each value, the same for equal ones; -1 for null."""
    if values.dtype == pl.String:
        coded = values.cast(pl.Categorical(pl.Categories.random()))
        return coded.to_physical().cast(pl.Int64).fill_null(UNKNOWN).to_numpy()
    frame = values.alias("value").to_frame()
    distinct = frame.drop_nulls().unique(maintain_order=True).with_row_index("code")
    found = frame.join(distinct, on="value", how="left", maintain_order="left")["code"]
    return found.cast(pl.Int64).fill_null(UNKNOWN).to_numpy()
