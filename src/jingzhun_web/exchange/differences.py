"""What an import would change: new rows, changed rows with what they were, rows that are not in its files.

Everything is read county by county; only rows that differ are held together. Somebody on file whom the files bring
under another number is one changed row, under the number on file (`same_persons`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake.keys import NOWHERE, KeyIndex, file_and_row, keys_of
from jingzhun.standard import schema
from jingzhun.standard.schema import Column
from jingzhun_web.exchange.same_persons import (
    NUMBER_IN_FILE,
    same_persons,
    under_number_on_file,
)
from jingzhun_web.registry.applying import KEYS
from jingzhun_web.registry.loading import placed

KINDS = ("new", "changed", "missing")
REGISTER_ROWS = ("households", "persons")
FILE, ROW = "import_file", "import_row"
NOT_OF_STANDARD = (FILE, ROW, NUMBER_IN_FILE, "area", "head_name")
NOT_COMPARED = ("delivery_id", NUMBER_IN_FILE)
NOT_TOLD = ("period", "delivery_id")
"""Columns that say nothing about a new row."""


@dataclass(frozen=True)
class Differing:
    """A row of a difference, and its columns that differ: column, old value, new value (None: not known).

    `file` and `row`: where it stands in the files; None where no row of theirs made it so. `number_in_file`: the
    number that a person has there, where they are on file under another; else None.
    """

    key: str
    area: int | None
    file: int | None
    row: int | None
    fields: list[tuple[Column, Any, Any]]
    number_in_file: str | None = None


@dataclass(frozen=True)
class Difference:
    """Rows of one table. `old` has the rows of `changed` as they are now, in the same order."""

    table: str
    new: pl.DataFrame
    changed: pl.DataFrame
    old: pl.DataFrame
    missing: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind."""
        return {kind: int(getattr(self, kind).height) for kind in KINDS}

    def told(self, kind: str, start: int, size: int) -> list[Differing]:
        """Some rows of a kind (of KINDS) with what differs in each, by key."""
        rows = getattr(self, kind).slice(start, size).to_dicts()
        old = self.old.slice(start, size).to_dicts() if kind == "changed" else [{}] * len(rows)
        key = KEYS.get(self.table, "record_id")
        return [
            Differing(
                str(row[key]),
                row.get("area"),
                row.get(FILE),
                row.get(ROW),
                _fields(self.table, kind, before, row),
                row.get(NUMBER_IN_FILE),
            )
            for row, before in zip(rows, old, strict=True)
        ]

    def write(self, folder: Path) -> None:
        """Keep the rows in a folder of the import's own."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in (*KINDS, "old"):
            getattr(self, name).write_parquet(folder / f"{self.table}-{name}.parquet")

    @classmethod
    def read(cls, folder: Path, table: str) -> Difference:
        """The rows that `write` kept."""
        parts = {
            name: pl.read_parquet(folder / f"{table}-{name}.parquet") for name in (*KINDS, "old")
        }
        return cls(table, **parts)


def differences(
    before: Workspace, after: Workspace, period: int, keys: dict[str, KeyIndex]
) -> list[Difference]:
    """What differs between two workspaces in one period, for the tables that an import brought.

    `keys`: where each accepted row of a table stands in the files.
    """
    # Households and persons change with each other: the head's name here, the village there.
    is_register = any(table in REGISTER_ROWS for table in keys)
    tables = REGISTER_ROWS if is_register else tuple(keys)
    return [_difference(before, after, period, table, keys) for table in tables]


def _difference(
    before: Workspace, after: Workspace, period: int, table: str, keys: dict[str, KeyIndex]
) -> Difference:
    key, index = schema.table(table).key, keys.get(table)
    counties = sorted({*before.counties(period, table), *after.counties(period, table)})
    came, went, missing = [], [], []
    for county in counties:
        is_same = _is_same(before, after, county, period, table)
        is_asked = table in REGISTER_ROWS and not is_same
        same = _same(before, after, county, period, keys) if is_asked else None
        old = _rows(before, county, period, table)
        if index is not None and old.height:
            lost = index.find(keys_of(old.select(key), key)) == NOWHERE
            gone = old.filter(pl.Series(lost))
            if same is not None and table == "persons":
                gone = gone.join(same, on="person_id", how="anti")
            missing.append(gone)
        if not is_same:
            new = _rows(after, county, period, table, same)
            came.append(unlike(new, old, key))
            went.append(unlike(old, new, key))
    empty = _rows(after, "", period, table)
    arrived, left = (pl.concat([empty, *rows]) for rows in (came, went))
    changed = arrived.join(left.select(key), on=key, how="semi").sort(key)
    new = arrived.join(left.select(key), on=key, how="anti").sort(key)
    old = left.join(changed.select(key), on=key, how="semi").sort(key)
    gone = pl.concat([empty, *missing]).sort(key)
    return Difference(table, _told(new, index, key), _told(changed, index, key), old, gone)


def _is_same(before: Workspace, after: Workspace, county: str, period: int, table: str) -> bool:
    tables = REGISTER_ROWS if table in REGISTER_ROWS else (table,)
    slots = [(name, county, period) for name in tables]
    one, other = before.index.slots, after.index.slots
    return all(
        slot in one and slot in other and one[slot].sha256 == other[slot].sha256 for slot in slots
    )


def _same(
    before: Workspace, after: Workspace, county: str, period: int, keys: dict[str, KeyIndex]
) -> pl.DataFrame:
    on_file, now = (_read(workspace, county, period, "persons") for workspace in (before, after))
    return same_persons(on_file, now, keys.get("persons"))


def _rows(
    workspace: Workspace, county: str, period: int, table: str, same: pl.DataFrame | None = None
) -> pl.DataFrame:
    """A county's rows as they are compared; those of the register with area and head, each of `same` once."""
    if table not in REGISTER_ROWS:
        rows = _read(workspace, county, period, table)
        area = schema.table(table).area or ""
        return rows.with_columns(area=pl.col(area).cast(pl.Int64, strict=False))
    homes, members = (_read(workspace, county, period, name) for name in REGISTER_ROWS)
    none = pl.lit(None, dtype=pl.String).alias(NUMBER_IN_FILE)
    members = members.with_columns(none) if same is None else under_number_on_file(members, same)
    homes, members = placed(homes, members)
    return homes if table == "households" else members


def _read(workspace: Workspace, county: str, period: int, table: str) -> pl.DataFrame:
    wanted = storage_schema(schema.table(table))
    found = workspace.read(table, county, period)
    empty = pl.DataFrame(schema=wanted)
    if found is None:
        return empty
    # Columns that neither the file nor the mapping had are not known.
    found = found.drop(KEY, strict=False).select(
        pl.col(name) for name in found.columns if name in wanted
    )
    return pl.concat([empty, found], how="diagonal")


def unlike(rows: pl.DataFrame, others: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Rows for which there is no wholly equal one among the others."""
    names = [n for n in rows.columns if n not in (*key, *NOT_COMPARED)]
    known = others.select(*key, *(pl.col(n).alias(f"other_{n}") for n in names)).with_columns(
        other_known=pl.lit(True)
    )
    both = rows.join(known, on=key, how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(n).eq_missing(pl.col(f"other_{n}")) for n in names)
    return both.filter(~(same & pl.col("other_known").fill_null(False))).select(rows.columns)


def _told(rows: pl.DataFrame, index: KeyIndex | None, key: tuple[str, ...]) -> pl.DataFrame:
    """Rows with the number of their file and their row in it; null for those changed with another row."""
    if index is None or not rows.height:
        none = pl.lit(None, dtype=pl.Int64)
        return rows.with_columns(none.alias(FILE), none.alias(ROW))
    there = rows.select(key)
    if NUMBER_IN_FILE in rows.columns:
        there = rows.with_columns(person_id=pl.coalesce(NUMBER_IN_FILE, "person_id")).select(key)
    places = index.places(index.find(keys_of(there, key))).tolist()
    told = [(None, None) if place == NOWHERE else file_and_row(place) for place in places]
    return rows.with_columns(
        pl.Series(FILE, [file for file, _row in told], dtype=pl.Int64),
        pl.Series(ROW, [row for _file, row in told], dtype=pl.Int64),
    )


def _fields(
    table: str, kind: str, old: dict[str, Any], new: dict[str, Any]
) -> list[tuple[Column, Any, Any]]:
    known = schema.table(table).by_name
    if kind == "changed":
        differ = [name for name, value in old.items() if name in new and value != new[name]]
        return [
            (known[name], old[name], new[name]) for name in differ if name not in NOT_OF_STANDARD
        ]
    if kind == "new":
        told = [name for name in known if new.get(name) is not None and name not in NOT_TOLD]
        return [(known[name], None, new[name]) for name in told]
    return []
