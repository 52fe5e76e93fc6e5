"""Tables about names that come with the package, in `linkage/data/`."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from importlib.resources import files

TABLES = (
    "dots.csv",
    "glyphs.csv",
    "look_alikes.csv",
    "nicknames.csv",
    "readings.csv",
    "surnames.csv",
    "syllables.csv",
)

Row = dict[str, str]


@cache
def shipped_rows(file_name: str) -> tuple[Row, ...]:
    """The rows of a table, header -> value; not to be changed by who reads them."""
    data = files("jingzhun.linkage").joinpath("data", file_name)
    return tuple(csv.DictReader(data.read_text("utf-8").splitlines()))


@cache
def tables_version() -> str:
    """Twelve characters that change when any table of names does; a model should carry them."""
    folder = files("jingzhun.linkage").joinpath("data")
    seal = hashlib.sha256()
    for name in TABLES:
        # Lines, not bytes: a checkout with other line ends is the same table.
        seal.update(
            "\n".join([name, *folder.joinpath(name).read_text("utf-8").splitlines()]).encode()
        )
    return seal.hexdigest()[:12]
