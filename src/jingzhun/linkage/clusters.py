"""Rows that are linked to each other, directly or through others, without chains of doubtful links."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Rows = NDArray[Any]

DENSE = 0.4
"""Share of the pairs of a cluster that must be linked; below it the weakest links are cut."""
STEPS = np.arange(0.0, 61.0, 2.0)
"""Odds (base-2 logarithms) from which links are followed, one after the other, in clusters not dense enough."""


def clusters(ids: pl.Series, links: pl.DataFrame) -> pl.DataFrame:
    """One row per id: row_id, cluster (the first id of those that belong together, in their order).

    `links`: left_id, right_id, probability; those to be followed only. Two dense groups that a few links
    join, as namesakes do, are kept apart: their weakest links are cut until either is dense.
    """
    numbered = pl.DataFrame({"id": ids}).with_row_index("n")
    ends = links.select(
        *(
            pl.col(column)
            .replace_strict(numbered["id"], numbered["n"], return_dtype=pl.Int64)
            .alias(name)
            for column, name in (("left_id", "one"), ("right_id", "two"))
        ),
        "probability",
    )
    one, two = ends["one"].to_numpy(), ends["two"].to_numpy()
    sure = np.clip(ends["probability"].to_numpy(), 1e-12, 1 - 2.0**-50)
    first = grouped(len(ids), one, two, np.log2(sure) - np.log2(1 - sure))
    return pl.DataFrame({"row_id": ids, "cluster": ids.gather(first)})


def grouped(count: int, one: Rows, two: Rows, odds: NDArray[np.float64]) -> Rows:
    """Of each row the lowest number of its cluster."""
    final = np.arange(count)
    for least in STEPS:
        if not len(one):
            break
        strong = odds >= least
        first = connected(count, one[strong], two[strong])
        size = np.bincount(first, minlength=count)
        inside = first[one] == first[two]
        held = np.bincount(first[one[inside]], minlength=count)
        is_dense = held >= DENSE * size * (size - 1) / 2
        # A group that is dense, links weaker than `least` between its rows included, stays as it is.
        settled = is_dense[first] & (size[first] > 1)
        final[settled] = first[settled]
        still = ~settled[one] & ~settled[two]
        one, two, odds = one[still], two[still], odds[still]
    return final


def connected(count: int, one: Rows, two: Rows) -> Rows:
    """Of each row the lowest number it reaches."""
    first = np.arange(count)
    while len(one):
        # Each end learns the lowest number either knows; then numbers are followed to their own.
        before = first.copy()
        lowest = np.minimum(first[one], first[two])
        for end in (one, two, first[one], first[two]):
            np.minimum.at(first, end, lowest)
        first = first[first]
        if (first == before).all():
            break
    return first
