"""Pairs whose numbers are one slip apart: a character wrong, missing, too much, or two neighbours swapped.

A number is cut in three (region, birth date, order and check). A slip spoils one part, so that two numbers
one slip apart share the other two; a swap across a cut has keys of its own. So all such pairs are found
without comparing every pair, at a cost of five keys a number.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jingzhun.linkage.numbers import Numbers

LARGEST_BLOCK = 200
"""A key that more numbers of one table share is no sign of a slip."""


def near_pairs(left: Numbers, right: Numbers) -> pl.DataFrame:
    """Pairs of rows (left, right) one slip apart of which not both numbers are proven."""
    ours, theirs = _with_text(left), _with_text(right)
    doubtful = [side.filter(~pl.col("is_proven")) for side in (ours, theirs)]
    found = [
        _sharing(*sides, key)
        for key in _KEYS
        for sides in ((ours, doubtful[1]), (doubtful[0], theirs))
    ]
    pairs = pl.concat(found).unique().sort("left", "right")
    one, two = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    return pairs.filter(_is_slip(left, right, one, two))


_TEXT = pl.col("text")
_KEYS = (
    _TEXT.str.slice(0, 14),
    _TEXT.str.slice(-12, 11),
    pl.concat_str(_TEXT.str.slice(0, 6), _TEXT.str.slice(-4)),
    pl.concat_str(_TEXT.str.slice(0, 5), _TEXT.str.slice(7)),
    pl.concat_str(_TEXT.str.slice(0, 13), _TEXT.str.slice(15)),
)


def _with_text(numbers: Numbers) -> pl.DataFrame:
    rows = pl.DataFrame(
        {
            "row": np.arange(len(numbers.text), dtype=np.uint32),
            "text": numbers.text,
            "is_proven": numbers.is_proven,
        }
    )
    return rows.filter(pl.col("text").str.len_bytes() >= 15)


def _sharing(left: pl.DataFrame, right: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    theirs = right.select(pl.col("row").alias("right"), key.hash().alias("key"))
    ours = left.select(pl.col("row").alias("left"), key.hash().alias("key"))
    ours = ours.join(theirs, on="key", how="semi")
    large = ours.group_by("key").len().filter(pl.col("len") > LARGEST_BLOCK)
    if large.height:
        ours = ours.join(large, on="key", how="anti")
    return ours.join(theirs, on="key").select("left", "right")


def _is_slip(
    left: Numbers, right: Numbers, one: NDArray[np.int64], two: NDArray[np.int64]
) -> NDArray[np.bool_]:
    ours, theirs = left.text.gather(one), right.text.gather(two)
    apart = _apart(ours, theirs)
    # The check character of an upgraded number was computed from the slip as well.
    made = (left.is_form[one] & ~left.is_proven[one]) | (right.is_form[two] & ~right.is_proven[two])
    some = np.nonzero(made & ~apart)[0]
    apart[some] = _apart(ours.gather(some).str.slice(0, 17), theirs.gather(some).str.slice(0, 17))
    return apart


def _apart(ours: pl.Series, theirs: pl.Series) -> NDArray[np.bool_]:
    found = process.cpdist(
        ours.to_numpy(), theirs.to_numpy(), scorer=OSA.distance, score_cutoff=1, dtype=np.int32
    )
    return np.asarray(found == 1)
