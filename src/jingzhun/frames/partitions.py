"""What one partition holds: storage types, order of rows, and the key that ties persons to households."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from jingzhun.errors import WorkspaceError
from jingzhun.standard import schema

REGISTER = ("households", "persons")
KEY = "household_key"
KEYS_PER_COUNTY = 100_000_000

_STORAGE: dict[str, DataTypeClass | DataType] = {
    "str": pl.String,
    "id_number": pl.String,
    "division": pl.String,
    "code": pl.String,
    "codes": pl.List(pl.String),
    "int": pl.Int64,
    "decimal": pl.Float64,
    "bool": pl.Boolean,
    "date": pl.Date,
}

Reader = Callable[[str, str, int], pl.DataFrame | None]


def storage_type(column_type: str) -> DataTypeClass | DataType:
    """The data-frame type in which a column of the standard is stored."""
    return _STORAGE[column_type]


def storage_schema(table: schema.Table) -> dict[str, DataTypeClass | DataType]:
    """Column name -> stored type of a whole table, in the standard's order."""
    return {column.name: storage_type(column.type) for column in table.columns}


def sort_rows(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order in which the table's partitions are kept."""
    order = {"households": ["household_id"], "persons": ["household_id", "person_id"]}
    keys = order.get(table)
    if keys is None:
        known = schema.tables().get(table)
        keys = [k for k in known.key if k in rows.columns] if known else []
    return rows.sort(keys) if keys else rows


def keyed(read: Reader, county: str, period: int) -> dict[str, pl.DataFrame]:
    """Households and persons of one partition with `household_key` in step.

    The key is county * 10**8 + position in the sorted household file: dense integers that make grouping
    and joining cheap in every engine, and unique over the whole workspace within a period.
    """
    households = read("households", county, period)
    persons = read("persons", county, period)
    if households is None:
        raise WorkspaceError(f"There are persons but no households for {county} in {period}")
    households = sort_rows("households", households.drop(KEY, strict=False))
    first = int(county) * KEYS_PER_COUNTY
    numbers = pl.int_range(first, first + households.height, dtype=pl.Int64, eager=True)
    out = {"households": households.with_columns(numbers.alias(KEY))}
    if persons is None:
        return out
    keys = out["households"].select("household_id", KEY)
    joined = sort_rows("persons", persons.drop(KEY, strict=False)).join(
        keys, on="household_id", how="left", maintain_order="left"
    )
    orphans = joined[KEY].null_count()
    if orphans:
        raise WorkspaceError(
            f"{orphans} persons of county {county}, {period}, belong to no household",
            do="Import the households first",
        )
    return {**out, "persons": joined}


def scan_files(table: str, paths: Sequence[Path], columns: Sequence[str] | None) -> pl.LazyFrame:
    """Files of one table as one lazy frame; a standard column that the files lack comes as null."""
    known = schema.tables().get(table)
    types = {**(storage_schema(known) if known else {}), KEY: pl.Int64()}
    if not paths:
        wanted = {c: types.get(c, pl.String()) for c in (columns or types)}
        return pl.LazyFrame(schema=wanted)
    frame = pl.scan_parquet(
        list(paths), missing_columns="insert", extra_columns="ignore", hive_partitioning=False
    )
    if columns is None:
        return frame
    have = set(frame.collect_schema().names())
    return frame.select(
        [
            pl.col(c) if c in have else pl.lit(None, dtype=types.get(c, pl.String)).alias(c)
            for c in columns
        ]
    )


def read_meta(folder: Path) -> dict[str, Any]:
    """The content of `workspace.toml`; WorkspaceError when `folder` is no workspace."""
    try:
        return tomllib.loads((folder / "workspace.toml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WorkspaceError(
            f"{folder} is not a workspace",
            why="It has no workspace.toml",
            do="Make one with `jingzhun import ... --to` or `jingzhun make-sample`",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise WorkspaceError(f"{folder}/workspace.toml can't be read", why=str(error)) from error


def combined_hash(parts: Iterable[str]) -> str:
    """One SHA-256 over texts whose order does not matter."""
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()
