"""Dates, in any of the usual writings: also by slips of the pen."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.linkage.fields.coded import Coded, Indices, Levels, Vocabulary

LEVELS = ("same", "swapped", "one_digit", "two_parts", "near", "same_year", "different")
NEAR_DAYS = 31
_YEAR_FIRST = r"^\s*([0-9]{4})\D+([0-9]{1,2})\D+([0-9]{1,2})(?:\D.*)?$"
_YEAR_LAST = r"^\s*([0-9]{1,2})\D+([0-9]{1,2})\D+([0-9]{4})\s*$"
_DIGITS = r"^\s*([0-9]{4})([0-9]{2})([0-9]{2})\s*$"
_YEARS = (1850, 2100)


def days(values: pl.Series) -> pl.Series:
    """YYYYMMDD as a whole number, whether or not the calendar has the day; null where it can't be read."""
    if values.dtype == pl.Date or isinstance(values.dtype, pl.Datetime):
        dated = values.dt
        return dated.year() * 10_000 + dated.month().cast(pl.Int32) * 100 + dated.day()
    text = values.cast(pl.String).alias("text").to_frame()
    parts = [
        text.select(pl.col("text").str.extract(shape, n + 1).cast(pl.Int32, strict=False))["text"]
        for shape in (_YEAR_FIRST, _YEAR_LAST, _DIGITS)
        for n in range(3)
    ]
    return _put_together(parts)


def _by_distinct(values: pl.Series) -> pl.Series:
    """`days`, read once for every distinct text."""
    if values.dtype != pl.String:
        return days(values)
    given = Vocabulary.of(values, values.head(0))
    codes = pl.Series("code", given.left)
    return days(given.values).gather(codes.set(codes < 0, None).cast(pl.UInt32))


def _put_together(parts: list[pl.Series]) -> pl.Series:
    first, last, plain = parts[:3], parts[3:6], parts[6:]
    # 31/12/1990 or 12/31/1990: whichever the column's own days allow.
    is_month_first = int((last[1] > 12).sum()) > int((last[0] > 12).sum())
    if is_month_first:
        last = [last[1], last[0], last[2]]
    inside = plain[0].is_between(*_YEARS).fill_null(value=False)
    if plain[0].count() and inside.sum() < plain[0].count() / 2:
        whole = plain[0] * 10_000 + plain[1] * 100 + plain[2]  # DDMMYYYY
        plain = [whole % 10_000, whole // 10_000 % 100, whole // 1_000_000]
    frame = pl.DataFrame(
        {f"{name}{n}": part for name, group in (("a", first), ("b", last[::-1]), ("c", plain))
         for n, part in enumerate(group)}
    )  # fmt: skip
    year, month, day = (pl.coalesce(f"a{n}", f"b{n}", f"c{n}") for n in range(3))
    return frame.select((year * 10_000 + month * 100 + day).alias("day"))["day"]


def coded_date(field: str, left: pl.Series, right: pl.Series, kind: str = "date") -> Coded:
    """A column of dates."""
    words = Vocabulary.of(*(_by_distinct(side) for side in (left, right)))
    value = words.values.cast(pl.Int64).to_numpy().astype(np.int64)

    def compare(one: Indices, two: Indices) -> Levels:
        return _level(value[one], value[two])

    keys = {
        "whole": np.arange(len(value), dtype=np.int64),
        "month_day": value % 10_000,
        "year": value // 10_000,
        "year_month": value // 100,
        "year_day": value // 10_000 * 100 + value % 100,
    }
    return Coded(field, kind, LEVELS, words, compare, keys, is_quick=True)


def _level(one: NDArray[np.int64], two: NDArray[np.int64]) -> Levels:
    year, other_year = one // 10_000, two // 10_000
    month, other_month = one // 100 % 100, two // 100 % 100
    day, other_day = one % 100, two % 100
    same = (year == other_year).astype(int) + (month == other_month) + (day == other_day)
    apart = np.abs((year - other_year) * 365.25 + (month - other_month) * 30.4 + day - other_day)
    differ, swapped = _digits(one, two)
    conditions = [
        (year == other_year) & (month == other_day) & (day == other_month),
        (differ == 1) | swapped,
        same == 2,
        apart <= NEAR_DAYS,
        year == other_year,
    ]
    return np.select(conditions, [1, 2, 3, 4, 5], 6).astype(np.int8)


def _digits(
    one: NDArray[np.int64], two: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many of the eight digits differ, and whether two neighbours are swapped and nothing else."""
    ours = [one // 10**n % 10 for n in range(8)]
    theirs = [two // 10**n % 10 for n in range(8)]
    wrong = [a != b for a, b in zip(ours, theirs, strict=True)]
    differ = np.sum(wrong, axis=0)
    swapped = np.zeros(len(one), dtype=bool)
    for n in range(7):
        swapped |= (ours[n] == theirs[n + 1]) & (ours[n + 1] == theirs[n]) & wrong[n]
    return differ, swapped & (differ == 2)
