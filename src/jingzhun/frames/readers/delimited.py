"""CSV and its relatives: delimiter found or given, ragged rows set aside, everything as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers.blocks import (
    Block,
    Ragged,
    ReadOptions,
    RowNumbers,
    empty_header,
    named_columns,
    refuse_many_columns,
)
from jingzhun.frames.readers.encodings import GB18030, Utf8Blocks
from jingzhun.frames.readers.records import Records, split_records

_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_SNIFF_BYTES = 1 << 18


class DelimitedFile:
    """A delimited text file, opened: encoding, delimiter and header are known."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._options = options
        self._mac_lines = False
        self._encoding: str | None = None
        self._done = 0
        self._delimiter = options.delimiter
        start = next(iter(self._texts(_SNIFF_BYTES)), b"")
        if not start:
            raise InputError(
                "The file is empty", where=Place(file=path.name), do="Check the export"
            )
        self._mac_lines = b"\n" not in start and b"\r" in start
        self._delimiter = self._found_delimiter(self._lines(start))
        self.columns, self.repeated = named_columns(path, self._header(), options.limits)

    @property
    def kind(self) -> str:
        """How the file was read, for messages."""
        encoding = "GB18030" if self._encoding == GB18030 else "UTF-8"
        delimiter = _DELIMITERS.get(self._delimiter, repr(self._delimiter))
        return f"{encoding} text, delimiter {delimiter}"

    def blocks(self) -> Iterator[Block]:
        """The rows after the header."""
        skip = self._options.header_row
        for data, records, first, done in self._records(self._options.limits.block_bytes):
            begin = min(max(skip - (first - 1), 0), len(records.starts))
            numbers = np.arange(first, first + len(records.starts), dtype=np.int64)
            yield self._block(data, records, numbers, begin, done)

    # -- text to records ----------------------------------------------------------------------

    def _texts(self, block_bytes: int) -> Iterator[bytes]:
        stream = Utf8Blocks(self.path, self._options.encoding, block_bytes)
        for text in stream:
            self._encoding, self._done = stream.encoding, stream.done
            yield text

    def _lines(self, text: bytes) -> bytes:
        text = text.replace(b"\r\n", b"\n")
        return text.replace(b"\r", b"\n") if self._mac_lines else text

    def _records(self, block_bytes: int) -> Iterator[tuple[bytes, Records, int, int]]:
        """Text, its whole records, the number of the first one, and the bytes of the file so far."""
        first, rest = 1, b""
        for text in self._texts(block_bytes):
            # A carriage return at the very end waits for the line feed that may follow it.
            data = self._lines(rest + text)
            records = self._split(data, first)
            yield data, records, first, self._done
            rest = data[records.consumed :]
            first += len(records.starts)
            if len(rest) > self._options.limits.record_bytes:
                raise self._endless(first)
        if rest.strip(b"\r"):
            data = rest + b"\n"
            records = self._split(data, first)
            if not len(records.starts):
                raise self._endless(first)
            yield data, records, first, self._done

    def _split(self, data: bytes, first: int) -> Records:
        delimiter = ord(self._delimiter)
        records = split_records(
            data, delimiter, quote=self._options.quote, path=self.path, first=first
        )
        giant = np.flatnonzero(records.ends - records.starts > self._options.limits.record_bytes)
        if len(giant):
            raise self._endless(first + int(giant[0]))
        return records

    def _endless(self, row: int) -> InputError:
        limit = self._options.limits.record_bytes
        return InputError(
            f"The row does not end within {limit} bytes",
            where=Place(file=self.path.name, row=row),
            why="A quotation mark is never closed, or the file is not a table",
            do="Correct the row, or write `quote: none` in the mapping"
            " if quotation marks are ordinary characters in this file",
        )

    # -- header -------------------------------------------------------------------------------

    def _found_delimiter(self, start: bytes) -> str:
        wanted = self._options.delimiter
        if wanted != "auto":
            return wanted
        line = next((part for part in start.split(b"\n") if part.strip()), b"")
        if self._options.header_row > 1:
            line = start
        counts = {mark: line.count(mark.encode()) for mark in _DELIMITERS}
        return max(counts, key=lambda mark: counts[mark])

    def _header(self) -> list[str | None]:
        wanted = self._options.header_row
        for data, records, first, _ in self._records(_SNIFF_BYTES):
            index = wanted - first
            if index < len(records.starts):
                cells = int(records.cells[index])
                line = records.text(data, index).encode() + b"\n"
                refuse_many_columns(self.path, cells, self._options.limits)
                if not line.strip():
                    raise empty_header(self.path)
                frame = self._parsed(line, [f"c{n}" for n in range(cells)], rows=1)
                return list(frame.row(0))
        raise empty_header(self.path)

    # -- records to rows ----------------------------------------------------------------------

    def _block(
        self, data: bytes, records: Records, numbers: RowNumbers, begin: int, done: int
    ) -> Block:
        width = len(self.columns)
        lengths = records.ends - records.starts
        blank = (lengths == 0) | ((lengths == records.cells - 1) & (records.cells == width))
        whole = (records.cells == width) & ~blank
        ragged = ~whole & ~blank
        whole[:begin] = ragged[:begin] = blank[:begin] = False
        rows = self._parsed(_cut(data, records, whole), self.columns, int(whole.sum()))
        return Block(
            rows,
            numbers[whole],
            tuple(
                Ragged(int(numbers[i]), int(records.cells[i]), width, records.text(data, int(i)))
                for i in np.flatnonzero(ragged)
            ),
            int(blank.sum()),
            done,
        )

    def _parsed(self, data: bytes, columns: tuple[str, ...] | list[str], rows: int) -> pl.DataFrame:
        schema = dict.fromkeys(columns, pl.String)
        if not rows:
            return pl.DataFrame(schema=schema)
        try:
            frame = pl.read_csv(
                data,
                has_header=False,
                schema=schema,
                separator=self._delimiter,
                quote_char='"' if self._options.quote else None,
            )
        except PolarsError as error:
            raise self._unreadable(str(error)) from error
        if frame.height != rows:
            raise self._unreadable(f"{rows} rows were expected and {frame.height} came out")
        return frame

    def _unreadable(self, why: str) -> InputError:
        return InputError(
            "The text can't be read as a table",
            where=Place(file=self.path.name),
            why=why.splitlines()[0][:200],
            do="Check delimiter and quotation marks",
        )


def _cut(data: bytes, records: Records, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> bytes:
    """The bytes of the records to keep, joined; runs of neighbours are cut as one piece."""
    if keep.all():
        return data[: records.consumed]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    return b"".join(data[records.starts[a] : records.ends[b - 1] + 1] for a, b in runs)
