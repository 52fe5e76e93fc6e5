"""What can be wrong with an expression, and where in it."""

from __future__ import annotations

from jingzhun.errors import PackError, Place


class CelError(PackError):
    """An expression that can't be accepted. Line and column count from 1 inside the expression."""

    def __init__(self, what: str, line: int, column: int, *, why: str = "", do: str = "") -> None:
        self.line = line
        self.column = column
        super().__init__(what, where=Place(line=line, column=column), why=why, do=do)
