"""Identifying numbers made ready: one whole number for all forms of the same, and whether it is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.standard import id_numbers
from jingzhun.standard.id_numbers import Kind, Problem
from jingzhun.standard.id_numbers.facts import (
    CHECK_CHARACTERS,
    EARLIEST_BIRTH_YEAR,
    WEIGHTS,
    province_codes,
)

LATEST = date(2199, 12, 31)
"""The library has no clock: whether a birth date lies in the future is for the import to say."""
_CLEAN = r"^[1-9][0-9]{16}[0-9X]$"
_UNUSABLE = [Problem.MISSING, Problem.PLACEHOLDER, Problem.MASKED, Problem.ROUNDED]
_FORMS = [Kind.IDENTITY_15, Kind.DISABILITY_20, Kind.DISABILITY_22]
_MONTHS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_ORDER = np.array([CHECK_CHARACTERS.index(c) for c in "0123456789X"])
"""Place of each check character among CHECK_CHARACTERS."""


@dataclass(frozen=True)
class Numbers:
    """Numbers of one table, by row.

    text: 18 characters where the number allows it; null where there is none that could be compared.
    key: one whole number for all forms of a valid number, else -1. is_form: written with 15, 20 or 22
    characters. is_proven: valid, with a check character of its own.
    """

    text: pl.Series
    key: NDArray[np.int64]
    is_form: NDArray[np.bool_]
    is_proven: NDArray[np.bool_]

    @classmethod
    def of(cls, column: pl.Series) -> Numbers:
        """From a column as delivered."""
        given = column.cast(pl.String).alias("number")
        is_clean = given.str.contains(_CLEAN).fill_null(value=False).to_numpy()
        text = given
        key = np.full(len(given), -1, dtype=np.int64)
        is_form, is_proven = np.zeros(len(given), dtype=bool), np.zeros(len(given), dtype=bool)
        clean = given.filter(is_clean)
        key[is_clean] = _keys(clean)
        is_proven[is_clean] = key[is_clean] >= 0
        rest = np.nonzero(~is_clean)[0]
        if len(rest):
            found = _slowly(given.gather(rest))
            text = given.scatter(rest, found["text"])
            key[rest] = _keys(found["text"].set(~found["is_valid"], None))
            is_form[rest] = found["is_form"].to_numpy()
            is_proven[rest] = (key[rest] >= 0) & found["has_check"].to_numpy()
        return cls(text, key, is_form, is_proven)

    def taken(self, rows: NDArray[np.int64]) -> Numbers:
        """Those of some rows."""
        return Numbers(
            self.text.gather(rows), self.key[rows], self.is_form[rows], self.is_proven[rows]
        )

    def births(self) -> pl.Series:
        """Birth dates as whole numbers (YYYYMMDD) that valid numbers state."""
        born = self.key // 11 // 1000 % 100_000_000
        rows = pl.DataFrame({"born": born, "is_valid": self.key >= 0})
        return rows.select(pl.when("is_valid").then("born"))["born"]


def _slowly(numbers: pl.Series) -> pl.DataFrame:
    """The same for numbers of any shape: text, is_valid, is_form, has_check."""
    frame = nw.from_native(numbers.to_frame().lazy())
    told: pl.DataFrame = (
        id_numbers.with_id_columns(frame, "number", on=LATEST).to_native().collect()
    )
    problem, kind = pl.col("number_problem"), pl.col("number_kind")
    return told.select(
        pl.when(~problem.is_in([str(p) for p in _UNUSABLE]).fill_null(value=False))
        .then("number_normalised")
        .alias("text"),
        problem.is_null().alias("is_valid"),
        kind.is_in([str(k) for k in _FORMS]).fill_null(value=False).alias("is_form"),
        (kind != str(Kind.IDENTITY_15)).fill_null(value=False).alias("has_check"),
    )


def _keys(numbers: pl.Series) -> NDArray[np.int64]:
    """First 17 digits and check character as one whole number; -1 where they are not valid."""
    head = numbers.str.slice(0, 17).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    check = numbers.str.slice(17, 1).replace_strict({c: i for i, c in enumerate("0123456789X")},
                                                    default=None, return_dtype=pl.Int8)  # fmt: skip
    written = check.fill_null(0).to_numpy()
    total = np.zeros(len(head), dtype=np.int64)
    rest = head
    for weight in reversed(WEIGHTS):
        tens = rest // 10
        total += (rest - tens * 10) * weight
        rest = tens
    is_valid = (_ORDER[written] == total % 11) & _is_born(head // 1000 % 100_000_000)
    is_valid &= np.isin(head // 10**15, [int(code) for code in province_codes()])
    return np.where(is_valid, head * 11 + written, -1)


def _is_born(day: NDArray[np.int64]) -> NDArray[np.bool_]:
    year, month, date_ = day // 10_000, day // 100 % 100, day % 100
    in_year = (month >= 1) & (month <= 12)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    most = _MONTHS[np.where(in_year, month, 0)] - ((month == 2) & ~is_leap)
    return np.asarray(
        in_year
        & (date_ >= 1)
        & (date_ <= most)
        & (year >= EARLIEST_BIRTH_YEAR)
        & (year <= LATEST.year)
    )
