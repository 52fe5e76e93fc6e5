"""XLSX: cell values as text, never formulas. A number comes without `.0`, a date as YYYY-MM-DD."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, load_workbook

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers.archives import check_archive
from jingzhun.frames.readers.blocks import (
    Block,
    Limits,
    ReadOptions,
    empty_header,
    named_columns,
)

_EXACT = 2**53
"""Up to here a spreadsheet's number is exact as a whole number."""


class WorkbookSheet:
    """One sheet of a workbook, opened."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._options = options
        check_archive(path, options.limits)
        self._sheet = _sheet(path, options.sheet)
        self.kind = f"sheet '{self._sheet.name}'"
        header = next(itertools.islice(self._rows(), options.header_row - 1, None), None)
        cells = [cell_text(cell) for cell in header or ()]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            raise empty_header(path)
        self.columns, self.repeated = named_columns(path, cells, options.limits)

    def _rows(self) -> Iterator[Sequence[object]]:
        if self._sheet.start is None:
            return iter(())
        return iter(self._sheet.iter_rows())

    def blocks(self) -> Iterator[Block]:
        """The rows below the header; a sheet may be wider than its header, then columns are added."""
        width = len(self.columns)
        # Cells come as Python objects here, which take ten times the memory of columns.
        per_block = max(1, self._options.limits.block_cells // (10 * max(width, 1)))
        numbered = enumerate(self._rows(), start=1)
        rows = itertools.islice(numbered, self._options.header_row, None)
        while batch := list(itertools.islice(rows, per_block)):
            yield self._block(batch, width)

    def _block(self, batch: list[tuple[int, Sequence[object]]], width: int) -> Block:
        texts = [(number, [cell_text(cell) for cell in row]) for number, row in batch]
        filled = [(number, row) for number, row in texts if any(cell is not None for cell in row)]
        extra = max((_length(row) for _, row in filled), default=width)
        names = [*self.columns, *(f"column {n + 1}" for n in range(width, extra))]
        data = {
            name: [row[place] if place < len(row) else None for _, row in filled]
            for place, name in enumerate(names)
        }
        return Block(
            pl.DataFrame(data, schema=dict.fromkeys(names, pl.String)),
            np.array([number for number, _ in filled], dtype=np.int64),
            blank=len(texts) - len(filled),
            done_bytes=self.size,
        )


def cell_text(value: object) -> str | None:
    """A cell value as the text that stands for it; null for an empty cell."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return str(value)


def sheet_names(path: Path, limits: Limits) -> list[str]:
    """The sheets of a workbook, in its order."""
    check_archive(path, limits)
    return list(_workbook(path).sheet_names)


def _length(row: Sequence[str | None]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell is not None), default=0)


def _workbook(path: Path) -> CalamineWorkbook:
    try:
        return load_workbook(path)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _sheet(path: Path, wanted: str | int | None) -> CalamineSheet:
    book = _workbook(path)
    names = list(book.sheet_names)
    found = names[wanted - 1] if isinstance(wanted, int) and 1 <= wanted <= len(names) else wanted
    if found is None and names:
        found = names[0]
    if found not in names:
        raise InputError(
            f"There is no sheet '{wanted}'",
            where=Place(file=path.name),
            do=f"Its sheets are: {', '.join(names) or 'none'}",
        )
    try:
        return book.get_sheet_by_name(str(found))
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        "The workbook can't be read",
        where=Place(file=path.name),
        why=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
        do="Open it in a spreadsheet program and save it again as .xlsx",
    )
