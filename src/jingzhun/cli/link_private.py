"""`jingzhun link make-key | encode | private | frequent-bits`: linking without showing names and numbers."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import polars as pl
import polars.selectors as cs
import typer

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers import open_source
from jingzhun.frames.workspace import Workspace
from jingzhun.linkage import private

PERSON_ID = "person_id"
"""Row id of the register's persons."""

KeyFile = Annotated[Path, typer.Option(help="Key file that both sides hold.", show_default=False)]
EncodedFile = Annotated[Path, typer.Argument(help="Encoded file.", show_default=False)]


def make_key(
    file: Annotated[Path, typer.Argument(help="New key file.", show_default=False)],
) -> None:
    """Draw a key for two departments; bring it to the other side by hand, never with the data."""
    key = private.make_key(file, secrets.token_bytes(private.KEY_BYTES))
    print(f"Key {key.key_id} is in {file}; only its owner can read it. It can't be made again")


def encode(
    source: Annotated[
        Path,
        typer.Argument(
            help="CSV, XLSX or Parquet file, or a workspace folder.", show_default=False
        ),
    ],
    key: KeyFile,
    out: Annotated[Path, typer.Option(help="Encoded file to write.", show_default=False)],
    settings: Annotated[
        Path | None, typer.Option(help="Settings (YAML) that both sides agreed on.")
    ] = None,
    table: Annotated[str, typer.Option(help="Of a workspace: the table.")] = "persons",
    period: Annotated[int | None, typer.Option(help="Of a workspace: the year.")] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="Column of the row id.")] = None,
    number: Annotated[str | None, typer.Option(help="Column of the ID number.")] = None,
    name: Annotated[str | None, typer.Option(help="Column of the name.")] = None,
    birth_date: Annotated[str | None, typer.Option(help="Column of the birth date.")] = None,
    sex: Annotated[
        str | None, typer.Option(help="Column of the sex, coded as the other side.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="Column of the division code.")] = None,
) -> None:
    """Encode people with a shared key; columns are found by the names of the data standard unless told."""
    read = private.read_key(key)
    agreed = private.read_settings(settings) if settings else private.Settings()
    given = {
        "row_id": id_column,
        "number": number,
        "name": name,
        "birth_date": birth_date,
        "sex": sex,
        "area": area,
    }
    rows = _rows(source, table, period, {*filter(None, given.values())})
    made = private.encode(rows, read, columns=_columns(rows, given), settings=agreed)
    made.write(out)
    known = made.rows["number"].count()
    print(
        f"{made.rows.height:,} rows encoded with key {made.key_id}, {known:,} of them with a valid number: {out}"
    )


def private_command(
    left: EncodedFile,
    right: EncodedFile,
    out: Annotated[
        Path, typer.Option(help="CSV with left_id, right_id, band.", show_default=False)
    ],
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one", help="A row on the left has one link at most too.")
    ] = False,
    conflicts: Annotated[
        Path | None,
        typer.Option(help="CSV with rows of one number that are quite different otherwise."),
    ] = None,
) -> None:
    """Link two encoded files; needs no key. What comes back is row ids and bands."""
    found = private.link_encoded(
        private.read_encoded(left), private.read_encoded(right), one_to_one=one_to_one
    )
    _write(found.links, out)
    if conflicts is not None:
        _write(found.conflicts, conflicts)
    bands = dict(found.links.group_by("band").len().iter_rows())
    told = ", ".join(f"{bands.get(band, 0):,} {band}" for band in ("certain", "probable", "review"))
    print(f"Links: {told}; {found.conflicts.height:,} conflicts: {out}")
    if found.left_out:
        print(f"{found.left_out:,} keys that too many rows have were left out")


def frequent_bits(
    file: EncodedFile,
    above: Annotated[float, typer.Option(help="Share of the rows.", min=0.0, max=1.0)] = 0.5,
) -> None:
    """Print places that most rows have set, as a line for the settings file."""
    found = private.frequent_bits(private.read_encoded(file), above=above)
    print(f"dropped_bits: {found}")


def _rows(source: Path, table: str, period: int | None, named: set[str]) -> pl.DataFrame:
    if source.is_dir():
        ws = Workspace.open(source)
        lazy: pl.LazyFrame = ws.scan(table, period=period or ws.latest_period).to_native()
        wanted = {*private.Columns().model_dump().values(), PERSON_ID, *named}
        return lazy.select(cs.by_name(*wanted, require_all=False)).collect()
    return pl.concat([block.rows for block in open_source(source).blocks()])


def _columns(rows: pl.DataFrame, given: dict[str, str | None]) -> private.Columns:
    """The columns named, else those of the data standard that are there."""
    standard = private.Columns().model_dump()
    found = {
        role: told or (standard[role] if standard[role] in rows.columns else None)
        for role, told in given.items()
    }
    if found["row_id"] is None:
        found["row_id"] = PERSON_ID if PERSON_ID in rows.columns else standard["row_id"]
    return private.Columns.model_validate(found)


def _write(rows: pl.DataFrame, path: Path) -> None:
    try:
        rows.write_csv(path)
    except OSError as error:
        raise InputError("The file can't be written", where=Place(file=str(path))) from error


COMMANDS: dict[str, Callable[..., None]] = {
    "make-key": make_key,
    "encode": encode,
    "private": private_command,
    "frequent-bits": frequent_bits,
}
"""For the group `jingzhun link`."""
