"""The keys of a name, made once for every distinct name."""

from __future__ import annotations

from typing import Literal

import polars as pl

from jingzhun.linkage.names.normal import clean

Part = Literal["full", "given", "surname"]
"""What a column holds: whole names, or given names or surnames alone."""


def name_keys(names: pl.Series, *, part: Part = "full") -> pl.DataFrame:
    """Keys of each name; one row per row of `names`, in the same order, null for a name not known.

    Columns: clean, structure (han, dotted, tibetan, latin), tokens (list), surname, given,
    pinyin, syllable_class, shape, phonetic.
    """
    base = clean(names)
    empty = pl.lit(None, dtype=pl.String)
    return pl.DataFrame({"clean": base}).select(
        "clean",
        pl.when(pl.col("clean").is_not_null()).then(pl.lit("han")).alias("structure"),
        pl.concat_list("clean").alias("tokens"),
        (empty if part != "full" else pl.col("clean").str.slice(0, 1)).alias("surname"),
        (pl.col("clean") if part != "full" else pl.col("clean").str.slice(1)).alias("given"),
        pl.col("clean").alias("pinyin"),
        pl.col("clean").alias("syllable_class"),
        pl.col("clean").alias("shape"),
        empty.alias("phonetic"),
    )
