"""Rows that are linked to each other, directly or through others."""

from __future__ import annotations

import numpy as np
import polars as pl


def clusters(ids: pl.Series, links: pl.DataFrame) -> pl.DataFrame:
    """One row per id: row_id, cluster (the first id, in their order, of those it is linked with).

    `links`: left_id, right_id; those to be followed only.
    """
    numbered = pl.DataFrame({"id": ids}).with_row_index("n")
    ends = links.select(
        pl.col("left_id")
        .replace_strict(numbered["id"], numbered["n"], return_dtype=pl.Int64)
        .alias("one"),
        pl.col("right_id")
        .replace_strict(numbered["id"], numbered["n"], return_dtype=pl.Int64)
        .alias("two"),
    )
    one, two = ends["one"].to_numpy(), ends["two"].to_numpy()
    first = np.arange(len(ids))
    while len(one):
        # Each end learns the lowest number either knows; then numbers are followed to their own.
        before = first.copy()
        lowest = np.minimum(first[one], first[two])
        for end in (one, two, first[one], first[two]):
            np.minimum.at(first, end, lowest)
        first = first[first]
        if (first == before).all():
            break
    return pl.DataFrame({"row_id": ids, "cluster": ids.gather(first)})
