"""Which of the possible pairs are links, when a row may have one at most; ties go to review."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.linkage.linked import CERTAIN, PROBABLE, REVIEW
from jingzhun.linkage.scoring import MOST
from jingzhun.linkage.spec import Spec, Thresholds

_ROUNDS = 50
TIE = 0.55
"""Share of the strength of a row's open pairs that the strongest must have, or it is a tie."""
_RANK = {CERTAIN: 0, PROBABLE: 1, REVIEW: 2}
Odds = NDArray[np.float64]


def banded(probability: Odds, thresholds: Thresholds, *, most: str = CERTAIN) -> NDArray[Any]:
    """Band of each probability, `most` at best; those below the threshold of review have an empty one."""
    conditions = [
        probability >= thresholds.certain,
        probability >= thresholds.probable,
        probability >= thresholds.review,
    ]
    bands = np.select(conditions, [most, PROBABLE, REVIEW], "")
    return np.asarray(bands)


def resolved(pairs: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """The links among possible pairs (left_id, right_id, odds, probability, band ...), in their order.

    The strongest pairs first; a pair's probability is what is left of it beside other pairs of the same row
    that are still open. Two pairs as strong as each other are both left to review.
    """
    if not (spec.one_to_one or spec.right_once) or pairs.is_empty():
        return pairs
    pairs = pairs.sort("left_id", "right_id")
    right = _numbered(pairs["right_id"])
    left = _numbered(pairs["left_id"]) if spec.one_to_one else None
    probability, is_open, taken = _shared_out(pairs, left, right, spec.thresholds.probable)
    kept = pairs.with_columns(probability=probability).filter(taken | is_open)
    worst = np.asarray(banded(kept["probability"].to_numpy(), spec.thresholds))
    worst = np.where(taken[taken | is_open], worst, np.where(worst == "", "", REVIEW))
    return kept.with_columns(band=_weaker(kept["band"], pl.Series(worst))).filter(
        pl.col("band") != ""
    )


def _shared_out(
    pairs: pl.DataFrame, left: NDArray[Any] | None, right: NDArray[Any], probable: float
) -> tuple[Odds, NDArray[np.bool_], NDArray[np.bool_]]:
    """Probability of each pair beside its rivals, pairs left open, and pairs taken."""
    odds = pairs["odds"].to_numpy()
    strength = np.exp2(np.clip(odds, -MOST, MOST))
    order = np.argsort(-odds, kind="stable")
    probability = strength / (1 + strength)
    is_open = np.ones(len(odds), dtype=bool)
    taken = np.zeros(len(odds), dtype=bool)
    sides = [side for side in (left, right) if side is not None]
    for _ in range(_ROUNDS):
        now, share = np.full(len(odds), np.inf), np.ones(len(odds))
        is_best = is_open.copy()
        for side in sides:
            total = np.bincount(side[is_open], weights=strength[is_open], minlength=side.max() + 1)
            rivals = np.maximum(total[side], strength)
            now = np.minimum(now, strength / (1 + rivals))
            share = np.minimum(share, strength / rivals)
            is_best &= _first_open(side, order, is_open)
        probability[is_open] = now[is_open]
        new = is_best & is_open & (now >= probable) & (share >= TIE)
        if not new.any():
            break
        taken |= new
        gone = np.zeros(len(odds), dtype=bool)
        for side in sides:
            is_taken = np.zeros(side.max() + 1, dtype=bool)
            is_taken[side[new]] = True
            gone |= is_taken[side]
        is_open &= ~gone
    return probability, is_open, taken


def _first_open(
    side: NDArray[Any], order: NDArray[Any], is_open: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether a pair is the strongest open one of its row."""
    ranked = order[is_open[order]]
    _, first = np.unique(side[ranked], return_index=True)
    best = np.zeros(len(side), dtype=bool)
    best[ranked[first]] = True
    return best


def _numbered(ids: pl.Series) -> NDArray[Any]:
    return ids.rank("dense").cast(pl.Int64).to_numpy() - 1


def _weaker(one: pl.Series, two: pl.Series) -> pl.Series:
    """The weaker of two bands; empty where one is."""
    frame = pl.DataFrame({"one": one, "two": two})
    rank = {**_RANK, "": 3}
    ranks = [pl.col(c).replace_strict(rank, return_dtype=pl.Int8) for c in ("one", "two")]
    return frame.select(pl.when(ranks[0] >= ranks[1]).then("one").otherwise("two"))["one"]
