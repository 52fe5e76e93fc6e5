"""A text file as valid UTF-8, block by block: UTF-8 with or without BOM, and GB18030."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from jingzhun.errors import InputError, Place

UTF8, GB18030 = "utf-8", "gb18030"
NAMES = {"utf-8": UTF8, "utf8": UTF8, "utf-8-sig": UTF8} | dict.fromkeys(
    ("gb18030", "gbk", "gb2312", "cp936"), GB18030
)
_ENOUGH_CHARACTERS = 10
"""So many characters in a row do not look like UTF-8 by chance, when the text is GB18030."""
_GUESS_BYTES = 1 << 16
_BINARY_SHARE = 0.1
_LIKELY_SHARE = 0.7
_FIRST_BYTES = 64
"""The first piece holds the whole byte order mark."""


def _is_likely_chinese(text: str) -> bool:
    """Whether GB18030 gives the characters that people use: nearly all of them stand in GB 2312.

    Almost any bytes are valid GB18030; text in another encoding comes out as rare characters.
    """
    written = [character for character in text[:_GUESS_BYTES] if not character.isascii()]
    known = len("".join(written).encode("gb2312", errors="ignore")) // 2
    return len(written) < _ENOUGH_CHARACTERS or known >= _LIKELY_SHARE * len(written)


class Utf8Blocks:
    """Iterates over a file as UTF-8. `encoding` is the one found, null as long as all was ASCII."""

    def __init__(self, path: Path, encoding: str, block_bytes: int) -> None:
        self.path = path
        self.encoding = None if encoding == "auto" else NAMES.get(encoding.lower())
        if self.encoding is None and encoding != "auto":
            raise InputError(
                f"The encoding '{encoding}' is not read",
                where=Place(file=path.name),
                do="Use utf-8, gb18030 or auto",
            )
        self.done = 0
        self._block_bytes = block_bytes
        self._tail = b""
        self._offset = 0

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as handle:
            raw = self._without_bom(handle.read(max(self._block_bytes, _FIRST_BYTES)))
            while raw:
                following = handle.read(self._block_bytes)
                text = self._decoded(raw, final=not following)
                self.done = handle.tell()
                if text:
                    yield text
                raw = following

    def _without_bom(self, raw: bytes) -> bytes:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self._refused("It is UTF-16 text (Excel calls it 'Unicode text')")
        if raw.count(b"\0") > len(raw) * _BINARY_SHARE:
            raise self._refused("It holds many NUL bytes: UTF-16 text, or no text at all")
        if raw.startswith(codecs.BOM_UTF8):
            self.encoding = UTF8
            self._offset = len(codecs.BOM_UTF8)
            return raw[self._offset :]
        return raw

    def _decoded(self, raw: bytes, *, final: bool) -> bytes:
        data = self._tail + raw
        self._tail = b""
        if self.encoding is None:
            if data.isascii():
                self._offset += len(data)
                return data
            self.encoding = self._chosen(data, final=final)
        whole = self._whole_characters(data, self.encoding, final=final)
        self._tail = data[whole:]
        self._offset += whole
        head = data[:whole]
        return head if self.encoding == UTF8 else head.decode(GB18030).encode()

    def _chosen(self, data: bytes, *, final: bool) -> str:
        """UTF-8 when the text is, or nearly is; else GB18030 when it is that; else an error."""
        try:
            codecs.utf_8_decode(data, "strict", final)
        except UnicodeDecodeError as error:
            start = data[: error.start].decode()
            if sum(not character.isascii() for character in start) >= _ENOUGH_CHARACTERS:
                return UTF8
            try:
                whole = self._whole_characters(data, GB18030, final=final)
            except InputError:
                raise self._undecodable(data, error.start, "UTF-8 or GB18030") from error
            if not _is_likely_chinese(data[:whole].decode(GB18030)):
                raise self._undecodable(data, error.start, "UTF-8 or likely GB18030") from error
            return GB18030
        return UTF8

    def _whole_characters(self, data: bytes, encoding: str, *, final: bool) -> int:
        """How many bytes of `data` are whole characters; an error when one can't be read."""
        try:
            if encoding == UTF8:
                return codecs.utf_8_decode(data, "strict", final)[1]
            data.decode(GB18030)
        except UnicodeDecodeError as error:
            if not final and error.reason == "incomplete multibyte sequence":
                return error.start
            raise self._undecodable(data, error.start, encoding.upper()) from error
        return len(data)

    def _undecodable(self, data: bytes, start: int, tried: str) -> InputError:
        near = data[max(0, start - _GUESS_BYTES // 2) : start + _GUESS_BYTES // 2]
        guess = from_bytes(near).best()
        likely = f"; it looks like {guess.encoding}" if guess and guess.encoding != "ascii" else ""
        return InputError(
            f"The text is not {tried}: byte {self._offset + start} can't be read{likely}",
            where=Place(file=self.path.name),
            do="Save the file as 'CSV UTF-8', or name its `encoding` in the mapping",
        )

    def _refused(self, why: str) -> InputError:
        return InputError(
            "The file is not UTF-8 or GB18030 text",
            where=Place(file=self.path.name),
            why=why,
            do="Save it as 'CSV UTF-8'",
        )
