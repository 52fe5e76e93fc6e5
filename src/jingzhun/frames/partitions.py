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


def column_types(table: str) -> dict[str, DataTypeClass | DataType]:
    """Column name -> stored type of a table of this name, the key of households included.

    Empty but for the key when the standard does not know the table, as for the sample's truth.
    """
    known = schema.tables().get(table)
    return {**(storage_schema(known) if known else {}), KEY: pl.Int64()}


def storage_schema(table: schema.Table) -> dict[str, DataTypeClass | DataType]:
    """Column name -> stored type of a whole table, in the standard's order."""
    return {column.name: storage_type(column.type) for column in table.columns}


def arranged(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as they are stored: columns in the standard's order and types, others after them by name.

    A table that the standard does not know stays as it is. Equal data thus become equal files, and the
    files of all counties fit together. A caller who hands in texts for numbers gets a TypeError: reading
    values is the importer's work.
    """
    if table not in schema.tables():
        return rows
    types = column_types(table)
    wrong = [
        f"{name} is {dtype} and should be {types[name]}"
        for name, dtype in rows.schema.items()
        if name in types and not _fits(dtype, types[name])
    ]
    if wrong:
        raise TypeError(f"{table}: {', '.join(wrong)}")
    order = [name for name in types if name in rows.columns and name != KEY]
    others = sorted(name for name in rows.columns if name not in types)
    key = [KEY] if KEY in rows.columns else []
    typed = [pl.col(name).cast(types[name]) for name in order]
    plain = [pl.col(name).cast(pl.String) for name in others if _is_coded(rows.schema[name])]
    return rows.select(*typed, *others, *key).with_columns(plain)


def _fits(dtype: DataType, wanted: DataTypeClass | DataType) -> bool:
    """Whether values of a type are values of the wanted one: nulls, smaller numbers, coded texts."""
    if dtype in (wanted, pl.Null):
        return True
    if wanted == pl.Int64:
        return dtype.is_integer()
    if wanted == pl.Float64:
        return dtype.is_numeric()
    if wanted == pl.String:
        return _is_coded(dtype)
    return isinstance(dtype, pl.List) and wanted == pl.List(pl.String) and dtype.inner == pl.Null


def _is_coded(dtype: DataType) -> bool:
    return dtype in (pl.Categorical, pl.Enum)


def sort_rows(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order in which the table's partitions are kept."""
    order = {"households": ["household_id"], "persons": ["household_id", "person_id"]}
    keys = order.get(table)
    if keys is None:
        known = schema.tables().get(table)
        keys = [k for k in known.key if k in rows.columns] if known else []
    return rows.sort(keys, maintain_order=True) if keys else rows


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
    _refuse_repeats(households, county, period)
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


def _refuse_repeats(households: pl.DataFrame, county: str, period: int) -> None:
    """Household numbers must be there and unique, or persons would be counted for two households."""
    ids = households["household_id"]
    missing, repeated = ids.null_count(), int((ids == ids.shift(1)).sum())
    if missing or repeated:
        raise WorkspaceError(
            f"{missing} households of county {county}, {period}, have no number and {repeated}"
            " have the number of another one",
            why="A household number must be unique within a period",
            do="Correct the numbers and import again",
        )


def scan_files(table: str, paths: Sequence[Path], columns: Sequence[str] | None) -> pl.LazyFrame:
    """Files of one table as one lazy frame; a column that some or all files lack comes as null there."""
    types = column_types(table)
    if columns is None:
        found = _stored_types(paths)
        wanted = {name: found[name] for name in [*types, *found] if name in found}
        wanted = wanted or {name: kind for name, kind in types.items() if name != KEY}
    else:
        extra = [name for name in columns if name not in types]
        found = _stored_types(paths) if extra else {}
        wanted = {name: types.get(name, found.get(name, pl.String())) for name in columns}
    if not paths:
        return pl.LazyFrame(schema=wanted)
    # The schema is given: left to itself, the engine takes that of the first file and drops what only
    # the others have.
    return pl.scan_parquet(
        list(paths),
        schema=wanted,
        missing_columns="insert",
        extra_columns="ignore",
        hive_partitioning=False,
    )


def _stored_types(paths: Sequence[Path]) -> dict[str, DataTypeClass | DataType]:
    """Column name -> type over all files, in the order in which the columns are met."""
    found: dict[str, DataTypeClass | DataType] = {}
    for path in paths:
        for name, dtype in pl.read_parquet_schema(path).items():
            found.setdefault(name, dtype)
    return found


def read_meta(folder: Path) -> dict[str, Any]:
    """The content of `workspace.toml`; WorkspaceError when `folder` is no workspace."""
    path = folder / "workspace.toml"
    try:
        meta = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WorkspaceError(
            f"{folder} is not a workspace",
            why="It has no workspace.toml",
            do="Make one with `jingzhun import ... --to` or `jingzhun make-sample`",
        ) from error
    except OSError as error:
        raise WorkspaceError(f"{path} can't be read", why=error.strerror or "") from error
    except ValueError as error:
        # Not TOML, or not UTF-8.
        raise WorkspaceError(
            f"{path} can't be read", why=str(error), do="Restore it from a backup"
        ) from error
    if not isinstance(meta.get("format"), int) or not isinstance(meta.get("pack"), str):
        raise WorkspaceError(
            f"{path} does not say its format and pack",
            do='Restore it from a backup, or write the lines  format = 1  and  pack = "..."',
        )
    return meta


def combined_hash(parts: Iterable[str]) -> str:
    """One SHA-256 over texts whose order does not matter."""
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()
