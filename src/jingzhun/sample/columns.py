"""From numpy arrays to tables of the standard: codes as positions, numbers with a mark for null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import polars as pl

from jingzhun.frames.partitions import storage_schema
from jingzhun.sample.streams import Array
from jingzhun.standard import schema

NULL = np.iinfo(np.int64).min
"""Not known, in an array of whole numbers or of days."""
UNKNOWN = -1
"""Not known, in an array of code positions or of truth values (0, 1)."""

Columns = dict[str, "Array | pl.Series"]


@cache
def positions(code_list: str) -> Mapping[str, int]:
    """Code -> position in its list; arrays of codes hold positions."""
    values = schema.code_list(code_list).values
    return {value.code: position for position, value in enumerate(values)}


@cache
def alpha_positions(code_list: str) -> Mapping[str, int]:
    """Alpha code -> position in its list."""
    values = schema.code_list(code_list).values
    return {value.alpha: position for position, value in enumerate(values) if value.alpha}


@cache
def _codes(code_list: str) -> tuple[str, ...]:
    return tuple(positions(code_list))


def texts(values: Sequence[str], index: Array) -> pl.Series:
    """The text at each position; null where the position is UNKNOWN."""
    table = pl.Series([*values, None], dtype=pl.String)
    places = np.where(index < 0, len(values), index).astype(np.uint32)
    return table.gather(pl.Series(places))


def lists(values: Sequence[str], bits: Array) -> pl.Series:
    """One list of texts per row from a bit for each of `values`; null where bits are UNKNOWN."""
    kinds, index = np.unique(bits, return_inverse=True)
    rows = [
        None if kind < 0 else [v for place, v in enumerate(values) if kind >> place & 1]
        for kind in kinds.tolist()
    ]
    return pl.Series(rows, dtype=pl.List(pl.String)).gather(pl.Series(index.astype(np.uint32)))


def truths(values: Array) -> pl.Series:
    """True and false from 1 and 0; null where UNKNOWN."""
    known = pl.Series(values > 0)
    if not (values < 0).any():
        return known
    return _masked(known, values >= 0)


def whole_numbers(values: Array, dtype: type[pl.Int64 | pl.Date]) -> pl.Series:
    """Whole numbers or days; null where NULL."""
    known = values != NULL
    if known.all():
        return pl.Series(values).cast(pl.Int32 if dtype is pl.Date else dtype).cast(dtype)
    series = pl.Series(np.where(known, values, 0))
    return _masked(series.cast(pl.Int32 if dtype is pl.Date else dtype).cast(dtype), known)


def decimals(values: Array) -> pl.Series:
    """Decimal numbers; null where not a number."""
    known = ~np.isnan(values)
    series = pl.Series(values.astype(np.float64))
    return series if known.all() else _masked(series, known)


def _masked(series: pl.Series, known: Array) -> pl.Series:
    rows = pl.DataFrame({"value": series, "known": pl.Series(known)})
    return rows.select(pl.when("known").then("value")).to_series()


def frame(table: str, columns: Mapping[str, Array | pl.Series], rows: int) -> pl.DataFrame:
    """A whole table of the standard, its columns in order; one that is not given is all null."""
    types = storage_schema(schema.table(table))
    out = []
    for column in schema.table(table).columns:
        given = columns.get(column.name)
        if given is None:
            out.append(pl.repeat(None, rows, dtype=types[column.name], eager=True))
        else:
            out.append(_series(column, given))
    names = [column.name for column in schema.table(table).columns]
    return pl.DataFrame(dict(zip(names, out, strict=True)), schema=types)


def _series(column: schema.Column, values: Array | pl.Series) -> pl.Series:
    if isinstance(values, pl.Series):
        return values
    if column.type == "code":
        return texts(_codes(str(column.codes)), values)
    if column.type == "codes":
        return lists(_codes(str(column.codes)), values)
    if column.type == "bool":
        return truths(values)
    if column.type == "decimal":
        return decimals(values)
    return whole_numbers(values, pl.Date if column.type == "date" else pl.Int64)
