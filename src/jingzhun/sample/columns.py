"""From numpy arrays to tables of the standard: codes as positions, numbers with a mark for null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import polars as pl

from jingzhun.frames.partitions import storage_schema
from jingzhun.sample.streams import Array
from jingzhun.standard import schema

NULL = np.int64(np.iinfo(np.int64).min)
"""Not known, in an array of whole numbers or of days. A numpy number: a plain one would be cut to fit
beside a narrower array."""
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


def frame(table: str, columns: Mapping[str, Array | pl.Series], rows: int) -> pl.DataFrame:
    """A whole table of the standard, its columns in order; one that is not given is all null."""
    declared = schema.table(table).columns
    types = storage_schema(schema.table(table))
    raw: Columns = {}
    wanted = []
    for column in declared:
        values = columns.get(column.name)
        if values is None:
            wanted.append(pl.lit(None, dtype=types[column.name]).alias(column.name))
            continue
        raw[column.name], expression = _prepared(column, values)
        wanted.append(expression.alias(column.name))
    raw["_rows"] = np.zeros(rows, dtype=np.int8)
    # One select for the whole table: the engine fills the columns side by side.
    return pl.DataFrame(raw).with_columns(wanted).select(list(types))


def _prepared(
    column: schema.Column, values: Array | pl.Series
) -> tuple[Array | pl.Series, pl.Expr]:
    """What goes into the frame, and the expression that makes the stored column of it."""
    own = pl.col(column.name)
    if isinstance(values, pl.Series):
        return values, own
    if column.type == "code":
        codes = pl.Series([*_codes(str(column.codes)), None], dtype=pl.String)
        places = np.where(values < 0, len(codes) - 1, values).astype(np.uint32)
        return places, pl.lit(codes).gather(own)
    if column.type == "codes":
        return lists(_codes(str(column.codes)), values), own
    if column.type == "decimal":
        return values.astype(np.float64), own.fill_nan(None)
    stored = {
        "bool": pl.when(own >= 0).then(own > 0),
        "date": pl.when(own != int(NULL)).then(own.cast(pl.Int32, strict=False).cast(pl.Date)),
    }
    number = pl.when(own != int(NULL)).then(own)
    return values.astype(np.int64), stored.get(column.type, number)
