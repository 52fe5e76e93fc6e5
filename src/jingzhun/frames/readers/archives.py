"""Is a zip file (XLSX) safe to open? Sizes are checked in its directory, and then by inflating.

The directory of a hostile archive may lie, so every member is inflated once with a bound and must
come out exactly as long as declared. A sheet may also be small on disk and claim a cell in the last
row and column, for which a reader would set up billions of cells: the references are read first.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers.blocks import MIB, Limits

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_PIECE = MIB
_SMALL = 10 * MIB
"""Below this, any ratio of compression is harmless."""
_ENCRYPTED = 0x1
_REFERENCE = re.compile(rb"""\br\s{0,8}=\s{0,8}["']([A-Za-z]{0,3})([0-9]{0,7})["']""")
# References that the pattern above would miss: none of them is written by a spreadsheet program. `xmlns:r`, which
# Excel writes at the head of every sheet, is no reference.
_DISGUISED = re.compile(
    rb"""(?<!:)\b(?:r\s{9}|r\s{0,8}=\s{9}|r\s{0,8}=\s{0,8}["'](?:"""
    rb"""(?![A-Za-z]{0,3}[0-9]{0,7}["'])[^"']{0,10}["'&]|[^"']{11}))"""
)
_OVERLAP = 64


@dataclass
class _Extent:
    """The rectangle that the cell references of a sheet span."""

    rows: int = 0
    letters: int = 0

    def add(self, piece: bytes) -> None:
        for letters, digits in set(_REFERENCE.findall(piece)):
            self.rows = max(self.rows, int(digits or 0))
            self.letters = max(self.letters, _column_number(letters))


def check_archive(path: Path, limits: Limits) -> None:
    """InputError when the zip file is broken, encrypted, or would unpack to more than `limits`."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        _check_directory(path, members, limits)
        for member in members:
            _check_member(path, member, limits)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError) as error:
        raise _broken(path, str(error)) from error


def _check_directory(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if len(members) > limits.archive_members:
        raise _bomb(path, f"It holds {len(members)} files")
    if unpacked > limits.unpacked_bytes:
        raise _bomb(path, f"It would unpack to {unpacked // MIB} MiB")
    if packed > path.stat().st_size:
        raise _bomb(path, "Its members overlap")
    if unpacked > _SMALL and unpacked > limits.unpacked_ratio * max(packed, 1):
        raise _bomb(path, f"It would unpack to {unpacked // max(packed, 1)} times its size")
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise InputError(
                "The workbook is protected by a password",
                where=Place(file=path.name),
                do="Remove the password and save it again",
            )
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _broken(path, f"Compression method {member.compress_type} is not of XLSX")


def _check_member(path: Path, member: zipfile.ZipInfo, limits: Limits) -> None:
    is_sheet = member.filename.lower().startswith("xl/worksheets/")
    extent, size, rest = _Extent(), 0, b""
    for piece in _inflated(path, member):
        size += len(piece)
        if size > member.file_size:
            raise _bomb(path, "A member is longer than the archive says")
        if is_sheet:
            rest = _check_piece(path, rest + piece, extent)
    if size != member.file_size:
        raise _broken(path, "A member is shorter than the archive says")
    cells = extent.rows * max(extent.letters, 1)
    if cells > limits.sheet_cells or extent.letters > limits.columns:
        raise InputError(
            f"A sheet spans {extent.rows} rows and {extent.letters} columns;"
            f" at most {limits.sheet_cells:,} cells and {limits.columns} columns are read",
            where=Place(file=path.name),
            do="Delete what stands far outside the table, or save the sheet as CSV",
        )


def _check_piece(path: Path, piece: bytes, extent: _Extent) -> bytes:
    if b"\0" in piece or _DISGUISED.search(piece):
        raise _broken(path, "A sheet is written in an unusual way (UTF-16 or escaped references)")
    extent.add(piece)
    return piece[-_OVERLAP:]


def _inflated(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member in bounded pieces, by its bytes alone and not by the directory."""
    with path.open("rb") as handle:
        handle.seek(member.header_offset)
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(handle.read(_LOCAL_HEADER.size))
        if signature != b"PK\x03\x04":
            raise _broken(path, "A member has no header")
        handle.seek(name_length + extra_length, 1)
        left = member.compress_size
        deflated = member.compress_type == zipfile.ZIP_DEFLATED
        stream = zlib.decompressobj(-15)
        while left > 0:
            packed = handle.read(min(_PIECE, left))
            if not packed:
                raise _broken(path, "The file ends too early")
            left -= len(packed)
            if not deflated:
                yield packed
            while deflated and packed:
                yield stream.decompress(packed, _PIECE)
                packed = stream.unconsumed_tail
        if deflated:
            while piece := stream.decompress(stream.unconsumed_tail, _PIECE):
                yield piece


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _bomb(path: Path, why: str) -> InputError:
    return InputError(
        "The workbook is larger than what is read",
        where=Place(file=path.name),
        why=why,
        do="Split it, or save the sheet as CSV",
    )


def _broken(path: Path, why: str) -> InputError:
    return InputError(
        "The workbook can't be opened",
        where=Place(file=path.name),
        why=f"The zip file is broken: {why}",
        do="Open it in a spreadsheet program and save it again",
    )
