"""The typed tree of an expression. Nodes compare by meaning, not by where they stand in the text."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias

Value: TypeAlias = bool | int | float | str | date
MAX_MEMBERS = 1_000_000
"""Technical bound on rows per household, used to show that a sum can't overflow."""
MAX_RECORDS = 500
"""The same for records per person in one external table."""


class Kind(Enum):
    """The types of the subset."""

    BOOL = "bool"
    INT = "int"
    DOUBLE = "double"
    STRING = "string"
    DATE = "timestamp"
    STRINGS = "list(string)"


@dataclass(frozen=True)
class Type:
    """Type of an expression: kind, whether it may be unknown, bounds of numbers, code list.

    `low` and `high` bound a whole number, `least` and `most` a decimal one; `items` is what a list of
    constants holds, without which [1, 0] and [true, false] would be equal.
    """

    kind: Kind
    nullable: bool = True
    low: int = 0
    high: int = 0
    codes: str | None = None
    least: float = -math.inf
    most: float = math.inf
    items: Kind | None = None

    @property
    def is_number(self) -> bool:
        """Whether arithmetic works on it."""
        return self.kind in (Kind.INT, Kind.DOUBLE)

    def known(self) -> Type:
        """The same type, never unknown."""
        return replace(self, nullable=False)


BOOL = Type(Kind.BOOL)
DOUBLE = Type(Kind.DOUBLE)
STRING = Type(Kind.STRING)
DATE = Type(Kind.DATE)


@dataclass(frozen=True)
class Position:
    """Line and column in the source text of the expression, from 1."""

    line: int = 1
    column: int = 1


Owner = Literal["household", "member", "village", "record"]


@dataclass(frozen=True)
class Const:
    """A literal, or a parameter that has one value everywhere."""

    value: Value | tuple[Value, ...]
    type: Type
    name: str | None = None
    at: Position = dataclasses.field(default=Position(), compare=False)


@dataclass(frozen=True)
class Dated:
    """A parameter with other values in some areas: area prefix -> value, longest prefix wins."""

    name: str
    default: Value
    overrides: tuple[tuple[str, Value], ...]
    type: Type
    at: Position = dataclasses.field(default=Position(), compare=False)


@dataclass(frozen=True)
class Field:
    """A column of the household, of a member, of the household's village, or of a record of `table`."""

    owner: Owner
    name: str
    type: Type
    at: Position = dataclasses.field(default=Position(), compare=False)
    table: str = ""


@dataclass(frozen=True)
class Call:
    """An operator or function applied to its arguments; `op` is CEL's own spelling."""

    op: str
    args: tuple[Expr, ...]
    type: Type
    at: Position = dataclasses.field(default=Position(), compare=False)


@dataclass(frozen=True)
class Has:
    """Whether a field is known."""

    field: Field
    type: Type
    at: Position = dataclasses.field(default=Position(), compare=False)


FoldKind = Literal["exists", "all", "exists_one", "size", "sum"]


@dataclass(frozen=True)
class Fold:
    """A macro over a list: optional filter, then a predicate, a count or a sum.

    The list is the members of the household or, where `table` names one, a member's records in it.
    """

    kind: FoldKind
    where: Expr | None
    body: Expr | None
    type: Type
    at: Position = dataclasses.field(default=Position(), compare=False)
    table: str = ""


Expr: TypeAlias = Const | Dated | Field | Call | Has | Fold


def children(expr: Expr) -> tuple[Expr, ...]:
    """Direct parts of an expression."""
    match expr:
        case Call():
            return expr.args
        case Has():
            return (expr.field,)
        case Fold():
            return tuple(part for part in (expr.where, expr.body) if part is not None)
        case _:
            return ()


def walk(expr: Expr) -> list[Expr]:
    """The expression and all its parts, outermost first."""
    found: list[Expr] = []
    stack = [expr]
    while stack:
        node = stack.pop()
        found.append(node)
        stack.extend(reversed(children(node)))
    return found


def fields(expr: Expr) -> list[Field]:
    """Every field that is read, each once, in order of first appearance."""
    return list(dict.fromkeys(node for node in walk(expr) if isinstance(node, Field)))


def folds(expr: Expr) -> list[Fold]:
    """Every macro over members, each once."""
    return [fold for fold in _all_folds(expr) if not fold.table]


def record_folds(expr: Expr) -> list[Fold]:
    """Every macro over a member's records, each once, those inside macros over members among them."""
    return [fold for fold in _all_folds(expr) if fold.table]


def _all_folds(expr: Expr) -> list[Fold]:
    return list(dict.fromkeys(node for node in walk(expr) if isinstance(node, Fold)))
