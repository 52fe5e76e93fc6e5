"""Parquet: typed columns as the text that CSV would hold, so that one set of rules reads all formats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers.blocks import Block, Limits, ReadOptions, empty_header, named_columns
from jingzhun.frames.readers.footers import row_group_sizes

LIST_MARK = ";"
"""Between the items of a list column, as its cells become text."""
_EXACT = 2**53
_PLAIN = (pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Boolean, pl.Decimal, pl.Null)


class ParquetFile:
    """A Parquet file, opened. Its first row has number 1, for it has no header row."""

    kind = "Parquet"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._options = options
        try:
            schema = pl.read_parquet_schema(path)
            groups = row_group_sizes(path)
        except (PolarsError, OSError, ValueError) as error:
            raise _broken(path, error) from error
        if not schema:
            raise empty_header(path)
        _refuse_giants(path, groups, len(schema), options.limits)
        self._height = sum(groups)
        self.columns, self.repeated = named_columns(path, list(schema), options.limits)
        self._texts = [
            _as_text(path, name, kind).alias(column)
            for (name, kind), column in zip(schema.items(), self.columns, strict=True)
        ]

    def blocks(self) -> Iterator[Block]:
        """The rows; a row in which everything is null counts as blank."""
        per_block = max(1, self._options.limits.block_cells // len(self.columns))
        first = 1
        for rows in self._batches(per_block):
            filled = rows.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
            numbers = np.arange(first, first + rows.height, dtype=np.int64)
            first += rows.height
            yield Block(
                rows.filter(filled),
                numbers[filled.to_numpy()],
                blank=int((~filled).sum()),
                done_bytes=self.size * (first - 1) // max(self._height, 1),
            )

    def _batches(self, rows: int) -> Iterator[pl.DataFrame]:
        lazy = pl.scan_parquet(self.path).select(self._texts)
        try:
            yield from lazy.collect_batches(chunk_size=rows, maintain_order=True)
        except PolarsError as error:
            raise _broken(self.path, error) from error


def _refuse_giants(path: Path, groups: list[int], columns: int, limits: Limits) -> None:
    rows, largest = sum(groups), max(groups, default=0)
    if rows > limits.parquet_rows or largest * columns > limits.group_cells:
        raise InputError(
            f"The file has {rows:,} rows, up to {largest:,} in one row group; at most"
            f" {limits.parquet_rows:,} rows, and {limits.group_cells:,} cells in a group, are read",
            where=Place(file=path.name),
            do="Split it, or write it with smaller row groups",
        )


def _as_text(path: Path, name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind.is_integer() or isinstance(kind, _PLAIN):
        return column.cast(pl.String)
    if kind.is_float():
        wide = column.cast(pl.Float64)
        whole = (wide == wide.floor()) & (wide.abs() < _EXACT)
        return (
            pl.when(whole)
            .then(wide.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(wide.cast(pl.String))
        )
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    if isinstance(kind, pl.List) and kind.inner == pl.String:
        return column.list.join(LIST_MARK)
    raise InputError(
        f"The column has the type {kind}, which is not read",
        where=Place(file=path.name, field=name),
        do="Write it as text, number, date, yes/no, or list of text",
    )


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(
        "The Parquet file can't be read",
        where=Place(file=path.name),
        why=str(error).splitlines()[0][:200],
        do="Export it again",
    )
