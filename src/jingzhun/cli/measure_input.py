"""Tables for `jingzhun measure` and `mpi`: the columns they need, from CSV or Parquet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers.blocks import ReadOptions, plain_header
from jingzhun.frames.readers.delimited import DelimitedFile
from jingzhun.identify.measures import Origin

_PARQUET = {".parquet", ".pq", ".parq"}
_MISSING = ("", ".", "na", "n/a", "nan", "null", "none", "nil", "#n/a")

# Leading zeros and more digits than a float holds mean a code, not a number.
_NUMBERS = (
    (r"^-?(0|[1-9]\d{0,17})$", pl.Int64),
    (r"^-?((0|[1-9]\d{0,14})(\.\d*)?|\.\d+)(e[-+]?\d+)?$", pl.Float64),
)


@dataclass(frozen=True)
class InputTable:
    """The columns asked for, and where each row stood."""

    frame: pl.DataFrame
    origin: Origin


def column_names(path: Path) -> list[str]:
    """The columns of a CSV or Parquet file. Raises InputError if it can't be read."""
    return _columns(path)[0]


def _columns(path: Path) -> tuple[list[str], frozenset[str]]:
    """The columns, and which headers stand there more than once."""
    if _is_parquet(path):
        try:
            return list(pl.read_parquet_schema(path)), frozenset()
        except (PolarsError, OSError) as error:
            raise _unreadable(path, error) from error
    file = DelimitedFile(path, ReadOptions())
    return list(file.columns), file.repeated


def read_table(path: Path, numeric: Collection[str], other: Collection[str]) -> InputTable:
    """Columns `numeric` as floats and `other` as they are, empty cells as null.

    In CSV, columns of whole numbers without leading zeros become integers, other numbers floats,
    `true`/`false` booleans and all else text. Empty, `NA`, `NaN`, `null`, `none` and `.` are missing
    in columns of numbers or booleans. Raises InputError for a missing column, text where a number
    is asked for (with its row), a column named twice, and ragged rows.
    """
    known, repeated = _columns(path)
    wanted = [name for name in dict.fromkeys([*numeric, *other]) if name in known]
    _need(path, known, [*numeric, *other])
    _need_once(path, wanted, repeated)
    if _is_parquet(path):
        return _read_parquet(path, wanted, set(numeric))
    frame, rows = _read_text(path, wanted)
    origin = Origin(path.name, rows)
    typed = [
        _numbers(frame[name], origin) if name in numeric else _guessed(frame[name])
        for name in wanted
    ]
    return InputTable(pl.DataFrame(typed), origin)


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        raise InputError(
            "There is no such file",
            where=Place(file=str(path)),
            do="Give the path of a CSV or Parquet file",
        )
    with path.open("rb") as handle:
        return path.suffix.lower() in _PARQUET or handle.read(4) == b"PAR1"


def _need(path: Path, known: list[str], names: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise InputError(
                f"There is no column {name!r}",
                where=Place(file=path.name),
                why="The columns are " + ", ".join(known[:20]) + (", ..." if known[20:] else ""),
                do="Name one of them",
            )


def _need_once(path: Path, names: Collection[str], repeated: frozenset[str]) -> None:
    for name in names:
        if plain_header(name) in repeated:
            raise InputError(
                f"There are several columns {name!r}",
                where=Place(file=path.name),
                why="It can't be said which one is meant",
                do="Give each column a name of its own",
            )


def _read_parquet(path: Path, wanted: list[str], numeric: set[str]) -> InputTable:
    try:
        frame = pl.read_parquet(path, columns=wanted)
    except (PolarsError, OSError) as error:
        raise _unreadable(path, error) from error
    origin = Origin(path.name)
    columns = []
    for series in frame.get_columns():
        if series.name in numeric and series.dtype in {pl.String, pl.Categorical, pl.Enum}:
            columns.append(_numbers(series.cast(pl.String), origin))
        elif series.dtype in {pl.Categorical, pl.Enum}:
            columns.append(series.cast(pl.String))
        else:
            columns.append(series)
    return InputTable(pl.DataFrame(columns), origin)


def _read_text(
    path: Path, wanted: list[str]
) -> tuple[pl.DataFrame, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    blocks, numbers = [pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))], []
    for block in DelimitedFile(path, ReadOptions()).blocks():
        if block.ragged:
            first = block.ragged[0]
            raise InputError(
                f"The row has {first.cells} cells where the header has {first.expected}",
                where=Place(file=path.name, row=first.number),
                why="It can't be said which value belongs to which column",
                do="Correct the row, or put cells that hold the delimiter in quotation marks",
            )
        blocks.append(block.rows.select(wanted))
        numbers.append(block.numbers)
    rows = np.concatenate(numbers) if numbers else np.zeros(0, dtype=np.int64)
    return pl.concat(blocks), rows


def _numbers(text: pl.Series, origin: Origin) -> pl.Series:
    trimmed = text.str.strip_chars()
    trimmed = trimmed.set(trimmed.str.to_lowercase().is_in(_MISSING).fill_null(value=True), None)
    values = trimmed.cast(pl.Float64, strict=False)
    origin.refuse(
        (values.is_null() & trimmed.is_not_null()).to_numpy(),
        text.name,
        "A number is expected and there is text",
        "Correct it (no currency, no thousands separators, a point before decimals), or leave the "
        "cell empty",
    )
    return values


def _guessed(text: pl.Series) -> pl.Series:
    """Integers, floats or booleans where every value (but missing ones) is one, else text."""
    filled = text.set((text.str.strip_chars() == "").fill_null(value=True), None)
    lower = filled.str.strip_chars().str.to_lowercase()
    plain = lower.set(lower.is_in(_MISSING).fill_null(value=True), None)
    if plain.null_count() == len(plain):
        return filled
    for pattern, dtype in _NUMBERS:
        if plain.str.contains(pattern).all():
            return plain.cast(dtype)
    if plain.is_in(["true", "false"]).all():
        return plain == "true"
    return filled


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        "The file can't be read as Parquet",
        where=Place(file=str(path)),
        why=str(error).splitlines()[0][:200],
        do="Check that it is whole, or hand in CSV",
    )
