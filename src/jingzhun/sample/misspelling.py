"""Mistakes in ID numbers and birth dates, put into whole columns at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from jingzhun.sample.streams import Array

Change = Callable[[pl.Series, Array], pl.Series]
"""Texts and a uniform number for each to texts with a mistake."""

BORN_WITHOUT_FIFTEEN = np.datetime64("1985-01-01", "D").astype(np.int64)
"""People born from this day (since 1970) on never had a number of 15 digits, or have long exchanged it."""
SHIFTS = (-3653, -365, -30, -1, -9, -59)
"""Days by which a recorded birth date is wrong: too early, so that it never lies in the future."""
_WIDE = {str(digit): wide for digit, wide in enumerate("０１２３４５６７８９")}


def one_character(text: pl.Series, draw: Array) -> pl.Series:
    """One of the seventeen digits is another one."""
    characters = _characters(text)
    place = (draw * 17).astype(np.int64)
    rows = np.arange(len(text))
    step = 1 + (draw * 1000).astype(np.int64) % 9
    digit = (characters[rows, place].astype(np.int64) + step) % 10
    characters[rows, place] = digit.astype("U1")
    return _texts(characters)


def swapped(text: pl.Series, draw: Array) -> pl.Series:
    """Two neighbouring digits, that are not the same, have changed places."""
    characters = _characters(text)
    rows = np.arange(len(text))
    differs = characters[:, :16] != characters[:, 1:17]
    # The nth place at which neighbours differ; there is one in every number, as 17 equal digits are no date.
    nth = (draw * differs.sum(axis=1)).astype(np.int64)
    place = np.argmax(np.cumsum(differs, axis=1) > nth[:, None], axis=1)
    first, second = characters[rows, place].copy(), characters[rows, place + 1].copy()
    characters[rows, place], characters[rows, place + 1] = second, first
    return _texts(characters)


def fifteen(text: pl.Series, _: Array) -> pl.Series:
    """The number as it was before 1999: without century and check character."""
    return text.str.slice(0, 6) + text.str.slice(8, 9)


def placeholder(text: pl.Series, draw: Array) -> pl.Series:
    """A number that stands for none: 999999 and eleven or twelve digits."""
    rest = (1e11 + draw.astype(np.float64) * 8.9e11).astype(np.int64)
    return pl.select(pl.lit("999999") + pl.Series(rest).cast(pl.String)).to_series().head(len(text))


def spaced(text: pl.Series, _: Array) -> pl.Series:
    """With blanks after the region and the birth date."""
    return text.str.slice(0, 6) + " " + text.str.slice(6, 8) + " " + text.str.slice(14)


def full_width(text: pl.Series, _: Array) -> pl.Series:
    """In full-width digits."""
    return text.str.replace_many(_WIDE)


def _characters(text: pl.Series) -> Array:
    return np.array(text.to_list(), dtype="U18").view("U1").reshape(len(text), 18)


def _texts(characters: Array) -> pl.Series:
    return pl.Series(characters.view("U18").ravel().tolist(), dtype=pl.String)
