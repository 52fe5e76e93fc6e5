"""Errors that a user can act on: one base, one sentence, one exit code, no traceback."""

from __future__ import annotations

from dataclasses import dataclass

WIDE_ENDS = ("。", "？", "！")
ENDS = (".", "?", "!", *WIDE_ENDS)
_FIRST_CHINESE = "\u2e80"
_LETTERS_A_SIGN = 3
"""Latin letters that weigh as much as one Chinese character."""


@dataclass(frozen=True)
class Place:
    """Where something is wrong. Every part may be unknown; a value shown here must never be personal."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    row: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        """`file:line:column, row 7, field x`, leaving out what is unknown."""
        head = ":".join(str(p) for p in (self.file, self.line, self.column) if p is not None)
        parts = [head] if head else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.field is not None:
            parts.append(f"field {self.field}")
        return ", ".join(parts)


class UserError(Exception):
    """Base of all anticipated errors: `what` is wrong, `where`, `why`, and what to `do` about it."""

    exit_code = 2

    def __init__(
        self, what: str, *, where: Place | None = None, why: str = "", do: str = ""
    ) -> None:
        self.what = what
        self.where = where or Place()
        self.why = why
        self.do = do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message as one paragraph, as printed on the console."""
        where = str(self.where)
        parts = [f"{where}: {self.what}" if where else self.what]
        parts += [text for text in (self.why, self.do) if text]
        ended = [part if part.endswith(ENDS) else part + _stop(part) for part in parts]
        return "".join(part if part.endswith(WIDE_ENDS) else part + " " for part in ended).rstrip()


def _stop(text: str) -> str:
    """The full stop of the script that most of a text is written in: a file may have a name in the other."""
    wide = sum(letter >= _FIRST_CHINESE for letter in text)
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    return "。" if wide * _LETTERS_A_SIGN > latin else "."


class InputError(UserError):
    """A file that was handed in can't be read as what it should be."""


class WorkspaceError(UserError):
    """A workspace folder is missing, broken, in use, or made by a newer engine."""


class StandardError(UserError):
    """A table, column, code or number that the data standard does not know."""


class PackError(UserError):
    """A policy pack is wrong; `where` names file, line and column."""


class ParameterError(UserError):
    """A dated parameter has no value on the date asked for."""
