"""How far two names agree: a level per pair, and a number between 0 and 1."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jingzhun.linkage.names.keys import Part, name_keys

Indices = NDArray[Any]


class Level(IntEnum):
    """Levels of agreement; a higher one says more. Compare by name: numbers may move."""

    ELSE = 0
    SURNAME = 1
    TOKENS = 2
    ONE_EDIT = 3
    TRUNCATED = 4
    SHAPE = 5
    SOUND = 6
    SYLLABLES = 7
    REORDERED = 8
    VARIANT = 9
    EXACT = 10


class NameTable:
    """Distinct names with their keys, for comparing many pairs by position."""

    def __init__(self, names: pl.Series, *, part: Part = "full") -> None:
        self.names = names
        self.keys = name_keys(names, part=part)

    def levels(self, left: Indices, right: Indices) -> NDArray[np.int8]:
        """Level of each pair of positions; -1 where one of the names is null."""
        names, key = self.names.to_numpy(), self.keys["clean"].to_numpy()
        known = np.array([value is not None for value in key])
        one, two = key[left], key[right]
        out = np.where(one == two, Level.VARIANT, Level.ELSE).astype(np.int8)
        out[names[left] == names[right]] = Level.EXACT
        return np.where(known[left] & known[right], out, -1).astype(np.int8)

    def similarity(self, left: Indices, right: Indices) -> NDArray[np.float32]:
        """Likeness of each pair of positions, 0 to 1; NaN where one of the names is null."""
        key = self.keys["clean"].to_list()
        likeness = process.cpdist(
            [key[i] for i in left],
            [key[i] for i in right],
            scorer=OSA.normalized_similarity,
            dtype=np.float32,
        )
        return np.asarray(likeness)


def levels(left: pl.Series, right: pl.Series, *, part: Part = "full") -> pl.Series:
    """Level of agreement of each pair (Int8, see `Level`); null where one of the names is null."""
    table, one, two = _distinct(left, right, part)
    found = pl.Series("level", table.levels(one, two))
    return found.to_frame().select(pl.when(pl.col("level") >= 0).then("level")).to_series()


def similarity(left: pl.Series, right: pl.Series, *, part: Part = "full") -> pl.Series:
    """Likeness of each pair (Float32, 0 to 1); null where one of the names is null."""
    table, one, two = _distinct(left, right, part)
    return pl.Series("similarity", table.similarity(one, two)).fill_nan(None)


def _distinct(left: pl.Series, right: pl.Series, part: Part) -> tuple[NameTable, Indices, Indices]:
    both = pl.concat([left.alias("name"), right.alias("name")])
    names = both.unique(maintain_order=True)
    at = both.replace_strict(names, pl.Series(range(len(names)), dtype=pl.UInt32)).to_numpy()
    return NameTable(names, part=part), at[: len(left)], at[len(left) :]
