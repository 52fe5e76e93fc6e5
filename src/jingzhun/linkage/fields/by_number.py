"""Quantities, sets and areas."""

from __future__ import annotations

import numpy as np
import polars as pl

from jingzhun.linkage.fields.coded import Coded, Indices, Levels, Vocabulary, numbered

NUMBER = ("same", "within_1", "within_10_percent", "different")
SET = ("same", "mostly", "partly", "different")
AREA = ("same", "in_town", "in_county", "same_town", "same_county", "same_city", "different")
"""in_town, in_county: one side says no more than that, and it agrees. same_town: another village of it."""
_DIGITS = {"town": 9, "county": 6, "city": 4}
"""Digits of a division code down to each level (GB/T 2260)."""


def coded_number(field: str, left: pl.Series, right: pl.Series) -> Coded:
    """A quantity: equal, one unit or one per cent apart, ten per cent apart, or farther."""
    left, right = (side.cast(pl.Float64, strict=False) for side in (left, right))
    words = Vocabulary.of(left, right)
    value = words.values.to_numpy()

    def compare(one: Indices, two: Indices) -> Levels:
        apart = np.abs(value[one] - value[two])
        size = np.maximum(np.abs(value[one]), np.abs(value[two]))
        conditions = [(apart <= 1) | (apart <= 0.01 * size), apart <= 0.1 * size]
        return np.select(conditions, [1, 2], 3).astype(np.int8)

    keys = {"whole": np.arange(len(value), dtype=np.int64)}
    return Coded(field, "number", NUMBER, words, compare, keys, is_quick=True)


def coded_set(field: str, left: pl.Series, right: pl.Series) -> Coded:
    """A list whose order says nothing: by how many of its members both have."""
    left, right = (_members(side) for side in (left, right))
    words = Vocabulary.of(left.list.join("\x1f"), right.list.join("\x1f"))
    members = words.values.str.split("\x1f")

    def compare(one: Indices, two: Indices) -> Levels:
        pairs = pl.DataFrame({"one": members.gather(one), "two": members.gather(two)})
        both = pl.col("one").list.set_intersection("two").list.len()
        either = pl.col("one").list.set_union("two").list.len()
        share = pairs.select((both / either).alias("share"))["share"].to_numpy()
        return np.select([share >= 0.5, share > 0], [1, 2], 3).astype(np.int8)

    keys = {"whole": np.arange(len(members), dtype=np.int64)}
    return Coded(field, "set", SET, words, compare, keys)


def _members(values: pl.Series) -> pl.Series:
    listed = values if isinstance(values.dtype, pl.List) else values.cast(pl.String).str.split(";")
    listed = listed.cast(pl.List(pl.String)).list.drop_nulls().list.unique().list.sort()
    frame = listed.alias("members").to_frame()
    return frame.select(pl.when(pl.col("members").list.len() > 0).then("members"))["members"]


def coded_area(field: str, left: pl.Series, right: pl.Series) -> Coded:
    """Division codes: how far down they agree."""
    words = Vocabulary.of(left.cast(pl.String), right.cast(pl.String))
    code = words.values.alias("code").to_frame()
    significant = code.select(pl.col("code").str.strip_chars().str.replace(r"(0{3}|00)+$", ""))
    length = significant["code"].str.len_chars().to_numpy().astype(np.int64)
    starts = {name: numbered(code["code"].str.slice(0, digits)) for name, digits in _DIGITS.items()}

    def compare(one: Indices, two: Indices) -> Levels:
        shorter = np.minimum(length[one], length[two])
        town, county, city = (starts[name][one] == starts[name][two] for name in _DIGITS)
        conditions = [
            town & (shorter <= _DIGITS["town"]) & (shorter > _DIGITS["county"]),
            county & (shorter <= _DIGITS["county"]),
            town,
            county,
            city,
        ]
        return np.select(conditions, [1, 2, 3, 4, 5], 6).astype(np.int8)

    keys = {"whole": np.arange(len(length), dtype=np.int64), "county": starts["county"]}
    return Coded(field, "area", AREA, words, compare, keys, is_quick=True)


def is_division(values: pl.Series) -> bool:
    """Whether a column holds division codes of 6 to 12 digits."""
    known = values.cast(pl.String).drop_nulls().head(1000)
    return len(known) > 0 and bool(known.str.contains(r"^\s*\d{6}(\d{3}){0,2}\s*$").all())
