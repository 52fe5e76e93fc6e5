"""How common a name is: agreement on a common one says little."""

from __future__ import annotations

from functools import cache

import polars as pl

from jingzhun.linkage.names.shipped import shipped_rows


@cache
def _published(people: str) -> dict[str, float]:
    rows = (r for r in shipped_rows("surnames.csv") if r["people"] == people and r["percent"])
    return {row["surname"]: float(row["percent"]) / 100 for row in rows}


def surname_shares(surnames: pl.Series, *, people: str = "han") -> pl.Series:
    """Share of each surname among all persons of a people ("han" or "hui"), of surnames.csv.

    Float64 between 0 and 1; null where the table has no figure. The figures are approximate and
    unverified: prefer `measured_shares` where a table of some thousand persons is at hand.
    """
    shares = _published(people)
    found = surnames.replace_strict(shares, default=None, return_dtype=pl.Float64)
    return found.alias("share")


def measured_shares(values: pl.Series) -> pl.Series:
    """Share of each value among the known ones of the same column; null for null."""
    frame = values.alias("value").to_frame()
    share = pl.len().over("value") / pl.col("value").count()
    return frame.select(
        pl.when(pl.col("value").is_not_null()).then(share).alias("share")
    ).to_series()


def frequencies(values: pl.Series) -> pl.DataFrame:
    """One row per known distinct value: value, count, share; the commonest first."""
    counted = values.drop_nulls().alias("value").value_counts(name="count")
    share = (pl.col("count") / pl.col("count").sum()).alias("share")
    return counted.with_columns(share).sort(["count", "value"], descending=[True, False])
