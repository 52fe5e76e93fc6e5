"""Values that occur more than once over a whole workspace, found in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import narwhals as nw
import polars as pl


def repeated_values(
    parts: Callable[[], Iterable[nw.LazyFrame[pl.LazyFrame]]], value: nw.Expr
) -> pl.DataFrame:
    """One row per value of `value` that occurs more than once: columns `value`, `copies`.

    `parts` gives the partitions, and is asked twice: the first pass keeps one 64-bit hash per row, the
    second the real values of those whose hash occurs again. Null values are not counted.
    """
    hashes = pl.concat(
        [pl.Series([], dtype=pl.UInt64), *(_hashes(part, value) for part in parts())]
    )
    repeated = hashes.filter(hashes.is_duplicated()).unique()
    found = [pl.Series("value", [], dtype=pl.String)]
    for part in parts():
        values = _values(part, value)
        found.append(values.filter(values.hash(seed=0).is_in(repeated.implode())))
    counted = (
        pl.concat(found).to_frame("value").group_by("value").agg(copies=pl.len().cast(pl.Int64))
    )
    return counted.filter(pl.col("copies") > 1).sort("value")


def _values(part: nw.LazyFrame[pl.LazyFrame], value: nw.Expr) -> pl.Series:
    frame: pl.DataFrame = part.select(value.alias("value")).drop_nulls().collect().to_native()
    return frame["value"]


def _hashes(part: nw.LazyFrame[pl.LazyFrame], value: nw.Expr) -> pl.Series:
    return _values(part, value).hash(seed=0)
