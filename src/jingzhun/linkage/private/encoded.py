"""The file that leaves a department: Parquet with version, settings and key id; never the key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jingzhun.errors import InputError, Place
from jingzhun.linkage.private.settings import Settings

FORMAT = "jingzhun encoded people"
VERSION = 1
NEAR = ("near_region", "near_year", "near_day", "near_order")
"""Keys of a number without one quarter each."""
BLOCKS = ("born_sex", "name_year", "sound_year", "name_county")
"""Blocking keys: what a candidate pair has in common."""


@dataclass(frozen=True)
class Encoded:
    """Encoded people, one row each: row_id, keys (64 bits; null where not known), filters (64-bit words)."""

    rows: pl.DataFrame
    settings: Settings
    key_id: str

    def write(self, path: Path) -> None:
        """Write the file; it holds row ids and encodings, the settings and the key's id."""
        about = {
            "format": FORMAT,
            "version": str(VERSION),
            "key_id": self.key_id,
            "settings": self.settings.model_dump_json(),
        }
        try:
            self.rows.write_parquet(path, compression="zstd", metadata=about)
        except OSError as error:
            raise InputError("The file can't be written", where=Place(file=str(path))) from error

    def must_match(self, other: Encoded) -> None:
        """InputError when two files were not made with one key and the same settings."""
        if self.key_id != other.key_id:
            raise InputError(
                f"The files were made with different keys, {self.key_id} and {other.key_id}",
                do="Encode both with the same key file",
            )
        if self.settings != other.settings:
            mine, theirs = self.settings.model_dump(), other.settings.model_dump()
            names = [name for name in mine if mine[name] != theirs[name]]
            raise InputError(
                f"The files were made with different settings of {', '.join(names)}",
                do="Encode both with the same settings file",
            )


def read_encoded(path: Path) -> Encoded:
    """An encoded file; InputError when it is none, damaged, or of a version that is not known."""
    where = Place(file=str(path))
    try:
        about = pl.read_parquet_metadata(path)
        rows = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError("The file can't be read as Parquet", where=where) from error
    if about.get("format") != FORMAT:
        raise InputError(
            "This is no file of encoded people",
            where=where,
            do="Make one with `jingzhun link encode`",
        )
    if about.get("version") != str(VERSION):
        raise InputError(
            f"The file has version {about.get('version')}, this Jingzhun reads {VERSION}",
            where=where,
        )
    try:
        settings = Settings.model_validate(json.loads(about["settings"]))
    except (KeyError, ValueError) as error:
        raise InputError("The file's settings can't be read", where=where) from error
    encoded = Encoded(rows, settings, about.get("key_id", ""))
    near = NEAR if settings.has_near_numbers else ()
    expected = {"row_id", "number", *near, *BLOCKS, *settings.filters}
    if expected - set(rows.columns) or not encoded.key_id:
        raise InputError("The file is damaged: columns are missing", where=where)
    return encoded
