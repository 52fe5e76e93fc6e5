"""Grouping of sorted rows by runs of equal keys: many times quicker than grouping by hash, and in order.

Conditions about members are packed as bits of one whole number per member; a run's conditions are the bits
of all its members together. Both tables come in order of the key, so that a household's place is known from
its members' keys without a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from jingzhun.policy.cel.groups import Groups

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]
Ints: TypeAlias = NDArray[np.int64]

COUNT, HAS_RUN = "f__len", "f__there"
BITS = 63
"""Conditions in one pack; the sign stays free."""
MOST_BLOCKS = 1000
"""Stretches of keys without a gap up to which places are computed, not searched."""
_PACKS: tuple[tuple[int, nw.dtypes.DType], ...] = (
    (15, nw.Int16()),
    (31, nw.Int32()),
    (BITS, nw.Int64()),
)


def can_run(groups: Groups) -> bool:
    """Whether all aggregates are whole numbers or conditions: decimal sums would depend on the order."""
    return all(dtype in (nw.Int64(), nw.Boolean()) for dtype in groups.types.values())


def with_totals(frame: Eager, ready: Lazy, groups: Groups, key: str) -> Eager:
    """The rows of `frame`, in order, with the aggregates of `groups` over the rows of `ready` of their key.

    `ready` holds the prepared columns. Null where a key has no rows there. ValueError when either is not
    in order of `key`, or a key of `frame` stands twice.
    """
    flags = [name for name, how in groups.how.items() if how == "any"]
    packs = [flags[start : start + BITS] for start in range(0, len(flags), BITS)]
    columns = {f"p__{number}": _packed(names) for number, names in enumerate(packs)}
    for name, how in groups.how.items():
        if how != "any":
            columns[name] = nw.col(name).cast(nw.Int64).fill_null(0)
    rows = ready.select(key, **columns).collect()
    keys = rows[key].to_numpy()
    starts = _run_starts(keys)
    _refuse_disorder(keys[starts], key)
    place = _Places.of(frame[key].to_numpy(), keys[starts], key)
    return _beside(frame, place, _totals(rows, starts, place, packs, groups))


def _packed(names: list[str]) -> nw.Expr:
    dtype = next(dtype for bits, dtype in _PACKS if len(names) <= bits)
    none = nw.lit(0, dtype)
    # Chosen from two constants, which is much quicker than casting and multiplying conditions.
    bits = [
        nw.when(nw.col(name)).then(nw.lit(1 << place, dtype)).otherwise(none)
        for place, name in enumerate(names)
    ]
    return reduce(add, bits)


def _run_starts(keys: Ints) -> Ints:
    """Where each run of equal keys begins."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([[0], np.flatnonzero(keys[1:] != keys[:-1]) + 1])


def _refuse_disorder(keys: Ints, key: str) -> None:
    if not (keys[1:] > keys[:-1]).all():
        raise ValueError(f"rows are not in order of {key}")


@dataclass(frozen=True)
class _Places:
    """Where the runs of one table stand among the rows of another, whose keys are `keys`.

    `known`: which runs have a row there; `rows`: the row of each of these. Both None when run and row are
    the same, one for one.
    """

    length: int
    known: NDArray[np.bool_] | None = None
    rows: Ints | None = None

    @classmethod
    def of(cls, keys: Ints, found: Ints, key: str) -> _Places:
        if len(keys) == len(found) and bool((keys == found).all()):
            return cls(len(keys))
        _refuse_disorder(keys, key)
        shifts = keys - np.arange(len(keys))
        ends = [*(np.flatnonzero(shifts[1:] != shifts[:-1]) + 1).tolist(), len(keys)]
        if not len(keys) or len(ends) > MOST_BLOCKS:
            return cls._searched(keys, found)
        known = np.zeros(len(found), dtype=bool)
        rows = np.empty(len(found), dtype=np.int64)
        begin = 0
        for end in ends:
            first, last = np.searchsorted(found, [keys[begin], keys[end - 1] + 1])
            known[first:last] = True
            rows[first:last] = found[first:last] - shifts[begin]
            begin = end
        return cls(len(keys), known, rows[known])

    @classmethod
    def _searched(cls, keys: Ints, found: Ints) -> _Places:
        rows = np.searchsorted(keys, found)
        known = rows < len(keys)
        known[known] = keys[rows[known]] == found[known]
        return cls(len(keys), known, rows[known])

    def laid(self, values: NDArray[Any]) -> NDArray[Any]:
        """One value per row from one value per run; 0 where there is no run."""
        if self.rows is None:
            return values
        laid = np.zeros(self.length, dtype=values.dtype)
        laid[self.rows] = values[self.known]
        return laid


def _totals(
    rows: Eager, starts: Ints, place: _Places, packs: list[list[str]], groups: Groups
) -> dict[str, NDArray[Any]]:
    """Name of an aggregate -> one value per row of the frame."""
    found: dict[str, NDArray[Any]] = {}
    for number, names in enumerate(packs):
        of_runs = _reduced(np.bitwise_or, rows[f"p__{number}"].to_numpy(), starts)
        together = place.laid(of_runs)
        found |= {name: (together & (1 << bit)) != 0 for bit, name in enumerate(names)}
    for name, how in groups.how.items():
        if how != "any":
            found[name] = place.laid(_reduced(np.add, rows[name].to_numpy(), starts))
    if COUNT in groups.types:
        found[COUNT] = place.laid(np.diff(starts, append=len(rows)))
    return found


def _reduced(ufunc: np.ufunc, values: NDArray[Any], starts: Ints) -> NDArray[Any]:
    # An empty table has no runs, and reduceat does not take an empty list of them.
    return np.asarray(ufunc.reduceat(values, starts)) if len(starts) else values[:0]


def _beside(frame: Eager, place: _Places, totals: dict[str, NDArray[Any]]) -> Eager:
    """The columns of `totals` beside the rows of `frame`; null for rows without a run."""
    if not totals:
        return frame
    has_run = place.laid(np.ones(len(place.known), dtype=bool)) if place.known is not None else None
    columns = totals if has_run is None else {**totals, HAS_RUN: has_run}
    beside = nw.concat(
        [frame, nw.from_dict(columns, backend=frame.implementation)], how="horizontal"
    )
    if has_run is None:
        return beside
    there = nw.col(HAS_RUN)
    known = [nw.when(there).then(nw.col(name)).alias(name) for name in totals]
    return beside.with_columns(*known).drop(HAS_RUN)
