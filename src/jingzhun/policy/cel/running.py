"""Grouping of sorted rows by running totals: several times quicker than grouping by hash, and in order.

Conditions are packed, three to a whole number of 64 bits with 20 bits each, so that one running total
serves three of them; MAX_MEMBERS is below 2**20, so that no field can run over into the next. The running
total itself may leave 64 bits: differences are right all the same, as they are taken modulo 2**64.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel.groups import Groups

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

BITS, PER_PACK = 20, 3
COUNT = "f__len"


def can_run(groups: Groups) -> bool:
    """Whether all aggregates are whole: differences of running decimal totals would not be exact."""
    return all(dtype in (nw.Int64(), nw.Boolean()) for dtype in groups.types.values())


def running_totals(ready: Lazy, groups: Groups, key: str) -> Eager:
    """One row per key, in order, with the aggregates of `groups`; `ready` holds its prepared columns."""
    flags = [name for name, how in groups.how.items() if how != "sum"]
    packs = [flags[start : start + PER_PACK] for start in range(0, len(flags), PER_PACK)]
    summed = {f"p__{number}": _packed(names) for number, names in enumerate(packs)}
    for name, how in groups.how.items():
        if how == "sum":
            summed[name] = nw.col(name).cast(nw.Int64).fill_null(0)
    if COUNT in groups.types:
        summed[COUNT] = nw.lit(1).cast(nw.Int64)
    rows = ready.with_columns(**summed).select(key, *summed).collect()
    totals = rows.with_columns(nw.col(name).cum_sum() for name in summed)
    is_last = (nw.col(key) != nw.col(key).shift(-1)).fill_null(True)
    ends = totals.filter(is_last)
    if not (ends[key].diff().fill_null(1) > 0).all():
        raise ValueError(f"rows are not in order of {key}")
    differences = [nw.col(name) - nw.col(name).shift(1).fill_null(0) for name in summed]
    return ends.with_columns(*differences).select(key, *_unpacked(groups, packs))


def _packed(names: list[str]) -> nw.Expr:
    parts = [
        nw.col(name).cast(nw.Int64).fill_null(0) * (1 << (BITS * place))
        for place, name in enumerate(names)
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _unpacked(groups: Groups, packs: list[list[str]]) -> list[nw.Expr]:
    found = [nw.col(name) for name, how in groups.how.items() if how == "sum"]
    for number, names in enumerate(packs):
        for place, name in enumerate(names):
            lower = nw.col(f"p__{number}")
            if place < len(names) - 1:
                lower = lower % (1 << (BITS * (place + 1)))
            unit = 1 << (BITS * place)
            value = lower >= unit if groups.how[name] == "any" else lower // unit
            found.append(value.alias(name))
    return [*found, nw.col(COUNT)] if COUNT in groups.types else found


def beside(frame: Eager, totals: Eager, key: str) -> Eager:
    """The rows of `frame`, in order, with the totals of their key (null where there are none)."""
    if len(frame) == len(totals) and bool((frame[key] == totals[key]).all()):
        return nw.concat([frame, totals.drop(key)], how="horizontal")
    order = "in_order"
    joined = frame.with_row_index(order).join(totals, on=key, how="left")
    return joined.sort(order).drop(order)
