"""Keys that were seen, in 28 bytes each: which row had them first, and in which county they lie.

A key is kept as two independent 64-bit hashes; two different keys among a hundred million agree in
both with a probability below 10**-20.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Counties = NDArray[np.int32]
Flags = NDArray[np.bool_]

NOWHERE = -1
_SEEDS = (1, 2)
_FILE_SHIFT = 40


@dataclass(frozen=True)
class Keys:
    """The hashed keys of some rows."""

    first: Hashes
    second: Hashes

    def __len__(self) -> int:
        return len(self.first)

    def at(self, index: Numbers | NDArray[np.bool_]) -> Keys:
        """The keys of some of the rows."""
        return Keys(self.first[index], self.second[index])


def keys_of(frame: pl.DataFrame, columns: tuple[str, ...]) -> Keys:
    """The keys of a frame's rows."""
    chosen = frame.select(columns)
    first, second = (chosen.hash_rows(seed=seed).to_numpy() for seed in _SEEDS)
    return Keys(first, second)


@dataclass
class KeyIndex:
    """Keys in order of their first hash, each with a place (file and row) and a county."""

    _first: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    _second: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    _place: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    _county: Counties = field(default_factory=lambda: np.zeros(0, np.int32))

    def __len__(self) -> int:
        return len(self._first)

    def find(self, keys: Keys) -> Numbers:
        """For each key its position here, or -1."""
        if not len(self):
            return np.full(len(keys), NOWHERE, np.int64)
        spot = np.minimum(np.searchsorted(self._first, keys.first), len(self) - 1)
        hit = (self._first[spot] == keys.first) & (self._second[spot] == keys.second)
        return np.where(hit, spot, NOWHERE).astype(np.int64)

    def add(self, keys: Keys, places: Numbers, counties: Counties) -> None:
        """Add keys that are not here yet."""
        order = np.argsort(keys.first, kind="stable")
        spot = np.searchsorted(self._first, keys.first[order])
        self._first = np.insert(self._first, spot, keys.first[order])
        self._second = np.insert(self._second, spot, keys.second[order])
        self._place = np.insert(self._place, spot, places[order])
        self._county = np.insert(self._county, spot, counties[order])

    def add_held(self, keys: Keys, *, county: int = 0) -> None:
        """Add keys of which only the county is asked, as of rows that the workspace holds."""
        self.add(keys, np.arange(len(keys)), np.full(len(keys), county, np.int32))

    def counties(self, positions: Numbers) -> Counties:
        """The county at each position; -1 where the position is -1."""
        return _taken(self._county, positions).astype(np.int32)

    def places(self, positions: Numbers) -> Numbers:
        """The place at each position; -1 where the position is -1."""
        return _taken(self._place, positions)


def place_of(file: int, rows: Numbers) -> Numbers:
    """File number and row numbers as one number each."""
    return (np.int64(file) << _FILE_SHIFT) | rows


def file_and_row(place: int) -> tuple[int, int]:
    """The file number and row number in a place."""
    return place >> _FILE_SHIFT, place & ((1 << _FILE_SHIFT) - 1)


def repeats_inside(keys: Keys) -> Numbers:
    """For each key the position of its first occurrence among these, or -1 when it is the first."""
    order = np.lexsort((np.arange(len(keys)), keys.second, keys.first))
    first, second = keys.first[order], keys.second[order]
    starts = np.ones(len(keys), bool)
    starts[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))
    out = np.full(len(keys), NOWHERE, np.int64)
    out[order] = np.where(starts, NOWHERE, order[begin])
    return out


def _taken(values: Numbers | Counties, positions: Numbers) -> Numbers:
    if not len(values):
        return np.full(len(positions), NOWHERE, np.int64)
    return np.where(positions == NOWHERE, NOWHERE, values[np.maximum(positions, 0)]).astype(
        np.int64
    )
