"""Names that the tests of the sample share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from jingzhun.sample.county import Tables

HOUSEHOLDS, SEED, YEARS = 100_000, 11, (2014, 2017, 2019)
TONGWEI, DONGXIANG, JISHISHAN, XIAHE, AKSAY, JINGTAI = (
    "621121",
    "622926",
    "622927",
    "623027",
    "620924",
    "620423",
)
SOME = (TONGWEI, DONGXIANG, JISHISHAN, XIAHE, JINGTAI)

Made = Callable[[str], dict[int, Tables]]
"""County code -> year -> tables."""
Whole = Callable[[str, int], pl.DataFrame]
"""Table and year -> rows of the counties in SOME."""


def number(value: Any) -> float:
    """A figure that a column gives, as a plain number."""
    return float(value)


def current(persons: pl.DataFrame) -> pl.DataFrame:
    """Members at the end of the year."""
    return persons.filter(pl.col("record_state") == "1")


def net_income(households: pl.DataFrame) -> pl.DataFrame:
    """Households with `net`, `wage`, `transfer` and income per person, from the items."""

    def total(prefix: str) -> pl.Expr:
        items = [c for c in households.columns if c.startswith(prefix) and "subsidy" not in c]
        extra = ["transfer_farm_subsidy_yuan"] if prefix == "transfer_" else []
        return pl.sum_horizontal([pl.col(item) for item in (*items, *extra)])

    earned = total("wage_") + total("business_") - total("expense_") + total("property_")
    return households.with_columns(
        (earned + total("transfer_")).alias("net"),
        total("wage_").alias("wage"),
        total("transfer_").alias("transfer"),
    ).with_columns((pl.col("net") / pl.col("persons_year_end")).alias("per_person"))
