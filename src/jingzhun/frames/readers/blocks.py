"""What every reader gives: rows as text, block by block, with the row numbers a spreadsheet shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.errors import InputError, Place

MIB = 1 << 20
RowNumbers = NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """What a source file may ask of this machine; beyond it the file is refused, not half read."""

    columns: int = 2_000
    record_bytes: int = MIB
    block_bytes: int = 8 * MIB
    block_cells: int = 4_000_000
    sheet_cells: int = 20_000_000
    unpacked_bytes: int = 1024 * MIB
    unpacked_ratio: int = 200
    archive_members: int = 10_000
    parquet_rows: int = 200_000_000
    group_cells: int = 200_000_000


@dataclass(frozen=True)
class ReadOptions:
    """How a source is to be read, where the file does not say it itself."""

    encoding: str = "auto"
    delimiter: str = "auto"
    quote: bool = True
    header_row: int = 1
    sheet: str | int | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Ragged:
    """A row with more or fewer cells than the header; `text` is the row as it stands in the file."""

    number: int
    cells: int
    expected: int
    text: str


@dataclass(frozen=True)
class Block:
    """Some rows of a source: text columns under the headers, and for each row its number in the file.

    `blank` counts rows without any content: they are numbered, but not read.
    """

    rows: pl.DataFrame
    numbers: RowNumbers
    ragged: tuple[Ragged, ...] = ()
    blank: int = 0
    done_bytes: int = 0


class Source(Protocol):
    """One opened file (or sheet)."""

    path: Path
    columns: tuple[str, ...]
    """Headers, made unique; a blank one is called `column N`."""
    repeated: frozenset[str]
    """Headers that stand in the file more than once, as `plain_header` gives them."""
    size: int
    """Bytes of the file, for progress."""

    @property
    def kind(self) -> str:
        """Words for messages: what was read, and how."""
        ...

    def blocks(self) -> Iterator[Block]:
        """The rows, in the order of the file."""
        ...


def plain_header(text: str) -> str:
    """A header for comparison: one width, lower case, no blanks or line breaks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def named_columns(
    path: Path, headers: Sequence[str | None], limits: Limits
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Unique column names for a header row, and which headers are repeated in it."""
    refuse_many_columns(path, len(headers), limits)
    names: list[str] = []
    taken: set[str] = set()
    seen: dict[str, int] = {}
    for position, header in enumerate(headers, start=1):
        name = " ".join((header or "").replace("\ufeff", "").split()) or f"column {position}"
        seen[plain_header(name)] = seen.get(plain_header(name), 0) + 1
        unique, copy = name, 1
        while unique in taken:
            copy += 1
            unique = f"{name} ({copy})"
        taken.add(unique)
        names.append(unique)
    if all(not (header or "").strip() for header in headers):
        raise empty_header(path)
    return tuple(names), frozenset(name for name, count in seen.items() if count > 1)


def refuse_many_columns(path: Path, columns: int, limits: Limits) -> None:
    """InputError when a file has more columns than a register could have."""
    if columns > limits.columns:
        raise InputError(
            f"The header has {columns} columns; at most {limits.columns} are read",
            where=Place(file=path.name),
            do="Delete the columns that are not needed, or check the delimiter",
        )


def empty_header(path: Path) -> InputError:
    """The error for a file that has no header row where one is expected."""
    return InputError(
        "There is no header row",
        where=Place(file=path.name),
        why="The file, or the sheet, is empty there",
        do="Check that the right file was given, and `header_row` and `sheet` in the mapping",
    )
