"""Given name and surname in each other's columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from jingzhun.linkage.fields.by_name import LEVELS
from jingzhun.linkage.fields.coded import UNKNOWN, Coded, Indices, Ints, Levels, numbered


def with_crossed(fields: Sequence[Coded], levels: Levels, left: Indices, right: Indices) -> Levels:
    """Levels (one row per field) with pairs whose names are swapped as `reordered` given names.

    The surname then says nothing more: it is the same observation.
    """
    place = {coded.kind: n for n, coded in enumerate(fields)}
    if not {"name_given", "name_surname"} <= place.keys():
        return levels
    given, surname = fields[place["name_given"]], fields[place["name_surname"]]
    if given.texts is None or surname.texts is None:
        return levels
    numbers = numbered(pl.concat([given.texts.alias("text"), surname.texts.alias("text")]))
    ours, theirs = numbers[: len(given.texts)], numbers[len(given.texts) :]

    def of(values: Indices, codes: Ints, rows: Indices) -> Indices:
        return np.append(values, UNKNOWN)[codes[rows]]

    first, last = of(ours, given.words.left, left), of(theirs, surname.words.left, left)
    other_first, other_last = (
        of(ours, given.words.right, right),
        of(theirs, surname.words.right, right),
    )
    swapped = (first == other_last) & (last == other_first) & (first != last)
    swapped &= (first >= 0) & (last >= 0)
    levels[place["name_given"], swapped] = LEVELS.index("reordered")
    levels[place["name_surname"], swapped] = UNKNOWN
    return levels
