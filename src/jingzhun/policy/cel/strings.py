"""Text literals: from the source with its escapes to the text that is meant, and back."""

from __future__ import annotations

import re
from typing import Final

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.tree import Position

_SHORT: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    **{char: char for char in "\\\"'`?"},
}
_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-3][0-7]{2})|[xX](?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<short>[\s\S]))"
)
_WRITTEN: Final = {char: f"\\{letter}" for letter, char in _SHORT.items() if letter in 'abfnrtv\\"'}


def text_of_literal(token: str, at: Position) -> str:
    """The text a string literal stands for; CelError for an escape that CEL does not have."""
    raw = token[0] in "rR"
    body = token[1:] if raw else token
    quotes = 3 if body[:3] in ('"""', "'''") else 1
    inner = body[quotes:-quotes]
    return inner if raw else _ESCAPE.sub(lambda match: _escaped(match, at), inner)


def _escaped(match: re.Match[str], at: Position) -> str:
    if match["octal"]:
        return chr(int(match["octal"], 8))
    number = match["x"] or match["u"] or match["U"]
    if number is None:
        short = _SHORT.get(match["short"])
        if short is None:
            raise CelError(
                f"The escape \\{match['short']} does not exist", at.line, at.column,
                do=r"Write \\ for a backslash, or r'...' for text without escapes",
            )  # fmt: skip
        return short
    code = int(number, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise CelError(f"{match[0]} is no character", at.line, at.column)
    return chr(code)


def literal_of_text(text: str) -> str:
    """The literal in double quotes that stands for `text`."""
    return '"' + "".join(_WRITTEN.get(char, _visible(char)) for char in text) + '"'


def _visible(char: str) -> str:
    return char if char.isprintable() else f"\\U{ord(char):08x}"
