"""What the indicators say of a household, as one whole number.

Met, not met, unknown: six indicators have 729 combinations, and a province of millions of households shows
a few dozen of them. So outcomes, points and words are worked out once per combination, not per household.
Profiles that give shares of points (`score`) have no such number: there every household is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from jingzhun.evaluate.yardstick import Yardstick

Eager: TypeAlias = nw.DataFrame[Any]

CODE = "answers"
STATES = 3
NOT_MET, MET, UNKNOWN = range(STATES)
MOST = 39
"""Indicators whose states fit into one number of 64 bits."""


def columns_of(sticks: Sequence[Yardstick]) -> list[str]:
    """Columns of the compiled program that decide outcomes: `met` or `score` of each indicator."""
    return [
        f"q{number}__{item.id}__{'met' if item.met is not None else 'score'}"
        for number, stick in enumerate(sticks)
        for item in stick.items
    ]


def is_packable(sticks: Sequence[Yardstick]) -> bool:
    """Whether every indicator is met or not, and all fit into one number."""
    items = [item for stick in sticks for item in stick.items]
    return len(items) <= MOST and all(item.met is not None for item in items)


def code(columns: Sequence[str]) -> nw.Expr:
    """The number that holds the states of these conditions."""
    return reduce(add, [_digit(name, STATES**place) for place, name in enumerate(columns)])


def _digit(name: str, unit: int) -> nw.Expr:
    # Constants that are chosen are many times quicker than conditions that are cast and multiplied.
    whole, zero = nw.Int64(), nw.lit(0, nw.Int64())
    known = nw.when(nw.col(name)).then(nw.lit(MET * unit, whole)).otherwise(zero)
    unknown = nw.when(nw.col(name).is_null()).then(nw.lit(UNKNOWN * unit, whole)).otherwise(zero)
    return known + unknown


def decoded(frame: Eager, columns: Sequence[str]) -> Eager:
    """The frame with the conditions that its column of numbers holds."""
    states = {name: nw.col(CODE) // STATES**place % STATES for place, name in enumerate(columns)}
    return frame.with_columns(
        nw.when(state != UNKNOWN).then(state == MET).alias(name) for name, state in states.items()
    )


def places(known: Eager, rows: Eager) -> NDArray[np.int64]:
    """For each of `rows` the place of its number in `known`, which has each number once, in order."""
    found: NDArray[np.int64] = np.searchsorted(known[CODE].to_numpy(), rows[CODE].to_numpy())
    return found
