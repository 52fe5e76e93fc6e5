"""The list of households as a file: CSV, XLSX or Parquet; whole, with its number of rows and a checksum.

The checksum is SHA-256 over the data lines as the CSV has them (UTF-8, CRLF, without header and last line), so
that the three forms of one list have the same. It stands in the CSV's last line, in the XLSX's last sheet and in
the Parquet's metadata (`jingzhun.rows`, `jingzhun.sha256`).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias, TypeVar

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from django.db.models import QuerySet

from jingzhun.standard import schema
from jingzhun_web.areas import selectors as areas
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household

PLACES = ("county", "township", "village")
FIELDS = (
    "household_attribute",
    "exit_status",
    "exit_year",
    "return_year",
    "main_cause",
    "other_causes",
    "identified_date",
    "is_registered",
    "persons_year_end",
    "cultivated_mu",
    "housing_grade",
    "is_dangerous_house",
    "has_safe_water",
    "monitoring_class",
    "helper_count",
)
KEYS = ("household_id", "village_code", "period")
CHUNK = 2000
PART = 25
"""Chunks in a part of a Parquet file."""
PIECE = 1 << 16
SHEET_ROWS = 1_048_575
"""Rows that a sheet of Excel holds below its header."""
Row: TypeAlias = Sequence[Any]
T = TypeVar("T")


@dataclass
class Tally:
    """How many rows went out, and the checksum over them."""

    rows: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, lines: Sequence[bytes]) -> None:
        """Count lines of the CSV."""
        self.rows += len(lines)
        self._digest.update(b"".join(lines))

    @property
    def sha256(self) -> str:
        """The checksum as hexadecimal digits."""
        return str(self._digest.hexdigest())


@dataclass(frozen=True)
class Export:
    """A list to be written; `with_names`: whether the heads' names go with it."""

    rows: QuerySet[Household]
    with_names: bool
    tally: Tally = field(default_factory=Tally)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, as in the data standard."""
        name = ("head_name",) if self.with_names else ()
        return (*KEYS, *PLACES, *name, *FIELDS)

    def chunks(self) -> Iterator[list[Row]]:
        """The rows in order of area and number, some at a time; each is counted once it is given."""
        names = ("area", "head_name", *KEYS, *FIELDS)
        found = self.rows.order_by(*registry.LIST_ORDER).values_list(*names)
        for chunk in _batches(found.iterator(chunk_size=CHUNK), CHUNK):
            rows = self._told(chunk)
            self.tally.add([_line(row) for row in rows])
            yield rows

    def _told(self, chunk: Sequence[Row]) -> list[Row]:
        paths = areas.ancestors(row[0] for row in chunk)
        heads = registry.opened(row[1] for row in chunk) if self.with_names else []
        told: list[Row] = []
        for place, row in enumerate(chunk):
            where = ([area.name for area in paths[row[0]][2:]] + [""] * len(PLACES))[: len(PLACES)]
            name = [heads[place]] if self.with_names else []
            keys, rest = row[2 : 2 + len(KEYS)], row[2 + len(KEYS) :]
            told.append([*keys, *where, *name, *map(_plain, rest)])
        return told


def as_csv(export: Export) -> Iterator[bytes]:
    """The list as CSV; its last line counts the rows and carries their checksum."""
    yield "\ufeff".encode()
    yield _line(export.columns)
    for chunk in export.chunks():
        yield b"".join(_line(row) for row in chunk)
    yield _line([f"# rows: {export.tally.rows}", f"sha256: {export.tally.sha256}"])


def as_xlsx(export: Export) -> Iterator[bytes]:
    """The list as a workbook: as many sheets as it needs, the last with number of rows and checksum."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": folder,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            _write_sheets(book, export)
            last = book.add_worksheet("checksum")
            for place, pair in enumerate(_told(export).items()):
                last.write_row(place, 0, pair)
        yield from _pieces(path)


def as_parquet(export: Export) -> Iterator[bytes]:
    """The list as Parquet, written in parts; number of rows and checksum stand in its metadata."""
    types = {name: _parquet_type(name) for name in export.columns}
    with TemporaryDirectory() as folder:
        parts = [Path(folder) / "part-0.parquet"]
        pl.DataFrame(schema=types).write_parquet(parts[0])
        for chunks in _batches(export.chunks(), PART):
            rows = [row for chunk in chunks for row in chunk]
            parts.append(Path(folder) / f"part-{len(parts)}.parquet")
            pl.DataFrame(rows, schema=types, orient="row").write_parquet(parts[-1])
        whole = Path(folder) / "list.parquet"
        pl.scan_parquet(parts).sink_parquet(whole, metadata=_told(export), maintain_order=True)
        yield from _pieces(whole)


FORMS: Mapping[str, tuple[Callable[[Export], Iterator[bytes]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": (as_parquet, "application/vnd.apache.parquet"),
}
"""Form of the file -> how it is written, and its media type."""


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _told(export: Export) -> dict[str, str]:
    return {"jingzhun.rows": str(export.tally.rows), "jingzhun.sha256": export.tally.sha256}


def _write_sheets(book: Any, export: Export) -> None:
    sheet, below = None, SHEET_ROWS
    for chunk in export.chunks():
        for row in chunk:
            if sheet is None or below == SHEET_ROWS:
                sheet, below = book.add_worksheet(), 0
                sheet.write_row(0, 0, export.columns)
            below += 1
            sheet.write_row(below, 0, [_cell(value) for value in row])


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _plain(value: Any) -> Any:
    """A value as all three forms can hold it."""
    if isinstance(value, list):
        return " ".join(value)
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> Any:
    return "" if value is None else value


def _parquet_type(name: str) -> Any:
    known = schema.table("households").by_name
    kind = known[name].type if name in known else "str"
    return {"int": pl.Int64, "decimal": pl.Float64, "bool": pl.Boolean}.get(kind, pl.String)


def _line(cells: Sequence[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_safe(cell) for cell in cells])
    return buffer.getvalue().encode()


def _safe(value: Any) -> Any:
    # A spreadsheet would run a text that begins like a formula.
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if is_formula else value
