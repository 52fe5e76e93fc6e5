"""How many rows the row groups of a Parquet file hold, by its footer.

A row group is decoded as a whole, and a few bytes can stand for millions of equal values; so its size is
read before anything is decoded. The footer is Thrift, compact protocol: only lists of structs and their
integers are of interest here, the rest is stepped over.
Source: parquet-format (FileMetaData: field 4 row_groups; RowGroup: field 3 num_rows); thrift-compact-protocol.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jingzhun.frames.readers.blocks import MIB

_MAGIC = b"PAR1"
_MOST_BYTES = 16 * MIB
_MOST_DEPTH = 16
_ROW_GROUPS, _NUM_ROWS = 4, 3
_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(
    13
)


def row_group_sizes(path: Path) -> list[int]:
    """Rows of each row group; ValueError when the file has no footer that can be read."""
    with path.open("rb") as handle:
        size = handle.seek(0, 2)
        if size < 12:
            raise ValueError("the file is too short")
        handle.seek(size - 8)
        length, magic = struct.unpack("<I4s", handle.read(8))
        if magic != _MAGIC or length > min(size - 8, _MOST_BYTES):
            raise ValueError("the footer is not where it should be, or is too long")
        handle.seek(size - 8 - length)
        footer = _Compact(handle.read(length))
    try:
        groups = footer.fields(0).get(_ROW_GROUPS, [])
        return [int(group[_NUM_ROWS]) for group in groups]
    except (IndexError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ValueError("the footer is broken") from error


class _Compact:
    """A reader of Thrift's compact protocol: a struct becomes a dict from field number to value."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def fields(self, depth: int) -> dict[int, Any]:
        """The fields of the struct that begins here."""
        found: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) != _STOP:
            step, kind = head >> 4, head & 15
            number = number + step if step else self._signed()
            found[number] = kind == _TRUE if kind in {_TRUE, _FALSE} else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _MOST_DEPTH:
            raise ValueError("the footer is nested too deeply")
        ways: dict[int, Callable[[], Any]] = {
            **dict.fromkeys((_TRUE, _FALSE, _BYTE), self._byte),
            **dict.fromkeys((_I16, _I32, _I64), self._signed),
            **dict.fromkeys((_LIST, _SET), lambda: self._list(depth)),
            _DOUBLE: lambda: self._skipped(8),
            _BINARY: lambda: self._skipped(self._unsigned()),
            _MAP: lambda: self._map(depth),
            _STRUCT: lambda: self.fields(depth + 1),
        }
        if kind not in ways:
            raise ValueError("the footer holds an unknown type")
        return ways[kind]()

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        count = self._unsigned() if count == 15 else count
        if count > len(self._data):
            raise ValueError("a list of the footer is longer than the footer")
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _map(self, depth: int) -> None:
        count = self._unsigned()
        if count:
            kinds = self._byte()
            for _ in range(min(count, len(self._data))):
                self._value(kinds >> 4, depth + 1)
                self._value(kinds & 15, depth + 1)

    def _skipped(self, count: int) -> None:
        self._at += count
        if self._at > len(self._data):
            raise ValueError("the footer ends too early")

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _unsigned(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
        raise ValueError("a number of the footer does not end")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
