"""Readers of source files: CSV (UTF-8, GB18030), XLSX and Parquet, all as text in blocks of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers.blocks import (
    Block,
    Limits,
    Ragged,
    ReadOptions,
    RowNumbers,
    Source,
    plain_header,
)
from jingzhun.frames.readers.columnar import LIST_MARK, ParquetFile
from jingzhun.frames.readers.delimited import DelimitedFile
from jingzhun.frames.readers.workbooks import WorkbookSheet, sheet_names

__all__ = [
    "LIST_MARK",
    "Block",
    "Limits",
    "Ragged",
    "ReadOptions",
    "RowNumbers",
    "Source",
    "open_source",
    "plain_header",
    "sheet_names",
]

_READERS: dict[str, Callable[[Path, ReadOptions], Source]] = {
    "text": DelimitedFile,
    "workbook": WorkbookSheet,
    "parquet": ParquetFile,
}
_BY_SUFFIX = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_MAGIC = (
    (b"PK\x03\x04", "workbook", "a zip file (XLSX)"),
    (b"PAR1", "parquet", "Parquet"),
    (b"\xd0\xcf\x11\xe0", "", "an old Excel file (.xls) or a protected workbook"),
    (b"\x1f\x8b", "", "a gzip archive"),
    (b"%PDF", "", "a PDF"),
)


def open_source(path: Path, options: ReadOptions | None = None) -> Source:
    """Open a source file by its name's ending; InputError when its content is something else.

    Every cell comes as text. Peak memory is about six times `limits.block_bytes` for CSV and
    Parquet; a workbook is held in memory as a whole, which `limits.sheet_cells` bounds.
    """
    expected = _BY_SUFFIX.get(path.suffix.lower())
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f"The source {path} {found}", do="Name a CSV, XLSX or Parquet file")
    if expected is None:
        raise InputError(
            f"The ending '{path.suffix}' is not known",
            where=Place(file=path.name),
            do=f"Name a file that ends in {', '.join(_BY_SUFFIX)}",
        )
    _refuse_disguise(path, expected)
    return _READERS[expected](path, options or ReadOptions())


def _refuse_disguise(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as handle:
            start = handle.read(8)
    except OSError as error:
        raise InputError(
            "The file can't be opened", where=Place(file=path.name), why=error.strerror or ""
        ) from error
    if not start:
        raise InputError("The file is empty", where=Place(file=path.name), do="Check the export")
    kind, words = next(
        ((kind, words) for magic, kind, words in _MAGIC if start.startswith(magic)),
        ("text", "text"),
    )
    if kind != expected:
        raise InputError(
            f"The name ends in '{path.suffix}', but the content is {words}",
            where=Place(file=path.name),
            do="Give the file the right ending, or save it as CSV, XLSX or Parquet",
        )
