"""What is probably meant where an expression can't be read: the sentences of syntax errors."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from jingzhun.policy.cel.errors import CelError

_WRITE: Final = {
    r"=>": ">=",
    r"=<": "<=",
    r"=": "==",
    r"&": "&&",
    r"\|": "||",
    r"(?i:and)\b": "&&",
    r"(?i:or)\b": "||",
    r"(?i:not)\b": "!",
    r"(?i:is)\b": "==",
    r"[≥≧]": ">=",
    r"[≤≦]": "<=",
    r"≠": "!=",
    r"[×∙·]": "*",
    r"÷": "/",
    r"[–—−]": "-",
    r"[“”„«»「」『』]": '"',
    r"[‘’‚]": "'",
    r"、": ",",
    r"。": ".",
    r"[【〔]": "[",
    r"[】〕]": "]",
    r"(且|并且|和|与)": "&&",
    r"(或者|或)": "||",
    r"(不是|非|不)": "!",
}
"""What people write by mistake -> what CEL has."""

_BEFORE: Final = {
    r"<\0>": "Write != for 'is not equal'",
    r"\*\0\*": "There is no power operator; multiply",
    r"(?i)\bnot\s*\0": "Write ! for 'not', as in !is_low_income",
    r"(?i)\bif\s*\0": "Write  condition ? value : other value",
}
"""What stands on both sides of the place, which is marked by a null character."""

_AT: Final = {
    r"[;；]": "Delete it: an expression is one value",
    **{wrong: f"Write {right}" for wrong, right in _WRITE.items()},
    r"\^": "There is no power operator; multiply",
    r"[@#$~`\\]": "This character has no meaning in an expression",
    r"\d": "A name can't begin with a digit, and between two values there must be an operator",
    r"[^\W\d_a-zA-Z]": "Names are written with the letters a to z; `jingzhun schema` lists them",
    r"[\"']\s*$|[\"'][^\"']*$": "The text that begins here has no closing quote on its line",
    r"[)\]}]": "Delete this bracket, or complete what stands before it",
    r"[\w\"']": "Between two values there must be an operator, such as && or ,",
}


def refuse_characters(text: str) -> None:
    """Refuse what can't be seen and so would mislead a reader: control and direction characters."""
    for number, char in enumerate(text):
        if char in "\n\t\r" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            continue
        line, column = place(text, number)
        raise CelError(
            f"An invisible character (U+{ord(char):04X}) stands here", line, column,
            do="Delete it; inside a text write it as an escape such as \\u200b",
        )  # fmt: skip


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def at_offset(text: str, offset: int) -> CelError:
    """The error for a text that can't be read from `offset` on."""
    line, column = place(text, offset)
    rest = text[offset:].split("\n", 1)[0]
    found = f"Found '{rest[:20].rstrip()}'"
    do = _meant(text[:offset], rest)
    return CelError("The expression can't be read here", line, column, why=found, do=do or _EXAMPLE)


def at_end(text: str, open_bracket: int | None) -> CelError:
    """The error for a text that stops too early; `open_bracket` is where one was left open."""
    if open_bracket is not None:
        line, column = place(text, open_bracket)
        return CelError(
            f"The bracket {text[open_bracket]} that opens here is not closed", line, column,
            do=f"Write {_CLOSING[text[open_bracket]]} where it ends",
        )  # fmt: skip
    line, column = place(text, len(text.rstrip()))
    if not text.strip():
        return CelError("The expression is empty", 1, 1, do=_EXAMPLE)
    return CelError(
        "The expression stops too early", line, column, do="Complete it, or delete the end"
    )


_EXAMPLE: Final = "Write a CEL expression such as  has_safe_water && household_size > 2"
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def _meant(before: str, rest: str) -> str:
    marked = f"{before[-20:]}\0{rest}"
    said = next((say for wrong, say in _BEFORE.items() if re.search(wrong, marked)), "")
    plain = unicodedata.normalize("NFKC", rest[:1])
    if not said and plain != rest[:1] and plain.isascii() and plain != ";":
        return f"Write {plain.strip() or 'an ordinary space'} (half width)"
    return said or next((say for wrong, say in _AT.items() if re.match(wrong, rest)), "")
