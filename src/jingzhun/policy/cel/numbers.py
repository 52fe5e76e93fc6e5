"""Types of arithmetic: what comes out, between which bounds, and when a result may be unknown.

Whole numbers are bounded so that 64 bits always suffice. A decimal result is known only while it is finite;
bounds show where it always is, so that nothing has to be asked at run time.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from datetime import date
from typing import Final

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.tree import (
    BOOL,
    DATE,
    STRING,
    Call,
    Const,
    Expr,
    Kind,
    Position,
    Type,
    Value,
)

LEAST, MOST = -(2**63), 2**63 - 1
LARGEST_READ: Final = 1e100
"""A decimal column's value beyond this is no measurement of anything: unknown, like NaN and infinity."""
LARGEST_SAFE: Final = 1e300
"""A decimal with bounds within this is finite however it was rounded."""
LARGEST: Final = sys.float_info.max
EXACT: Final = 2**53
"""Up to this every whole number is a decimal too; `int(x)` of more is unknown."""


def refuse(at: Position, what: str, *, why: str = "", do: str = "") -> CelError:
    """An error at a place in the expression."""
    return CelError(what, at.line, at.column, why=why, do=do)


def type_of_value(value: Value) -> Type:
    """The type of a literal or parameter value."""
    if isinstance(value, bool):
        return BOOL.known()
    if isinstance(value, int):
        return Type(Kind.INT, False, value, value)
    if isinstance(value, float):
        return Type(Kind.DOUBLE, False, least=value, most=value)
    return DATE.known() if isinstance(value, date) else STRING.known()


def literal(value: Value, at: Position, name: str | None = None) -> Const:
    """A constant; CelError when a whole number is outside 64 bits or a decimal is not finite."""
    if isinstance(value, int) and not isinstance(value, bool) and not LEAST <= value <= MOST:
        raise refuse(at, "The number is too large", do="Whole numbers have at most 18 digits")
    if isinstance(value, float) and not math.isfinite(value):
        raise refuse(at, "The number is too large", do="Decimals go up to 1.7e308")
    if value == 0 and isinstance(value, float):
        value = 0.0  # and not -0.0, which is equal to it but would be shown otherwise
    return Const(value, type_of_value(value), name, at)


def bounded(low: int, high: int, nullable: bool, at: Position) -> Type:
    """A whole-number type; CelError when it could leave 64 bits."""
    if low < LEAST or high > MOST:
        raise refuse(
            at,
            "This could become larger than whole numbers can hold",
            do="Write double(...) around its parts",
        )
    return Type(Kind.INT, nullable, low, high)


def decimal(least: float, most: float, nullable: bool) -> Type:
    """A decimal type; where it could leave the finite numbers, it may be unknown."""
    if least >= -LARGEST_SAFE and most <= LARGEST_SAFE:
        return Type(Kind.DOUBLE, nullable, least=least, most=most)
    return Type(Kind.DOUBLE, True, least=-LARGEST, most=LARGEST)


def is_large(kind: Type) -> bool:
    """Whether a whole number may be beyond what decimals hold exactly."""
    return max(abs(kind.low), abs(kind.high)) > EXACT


def may_overflow(result: Type) -> bool:
    """Whether an arithmetic result of this type has to be asked if it is finite."""
    return result.kind is Kind.DOUBLE and result.most >= LARGEST


def never_zero(expr: Expr) -> bool:
    """Whether a number can't be zero."""
    known = expr.type
    if known.kind is Kind.INT:
        return known.low > 0 or known.high < 0
    return known.least > 0 or known.most < 0


def common(left: Type, right: Type, nullable: bool) -> Type:
    """A type that holds the values of both."""
    return Type(
        left.kind,
        nullable,
        min(left.low, right.low),
        max(left.high, right.high),
        left.codes if left.codes == right.codes else None,
        min(left.least, right.least),
        max(left.most, right.most),
    )


def to_double(expr: Expr) -> Expr:
    """The expression as a decimal number."""
    if expr.type.kind is Kind.DOUBLE:
        return expr
    if isinstance(expr, Const) and isinstance(expr.value, int):
        value = float(expr.value)
        return Const(value, type_of_value(value), expr.name, expr.at)
    known = expr.type
    kind = decimal(float(known.low), float(known.high), known.nullable)
    return Call("double", (expr,), kind, expr.at)


def to_int(expr: Expr, at: Position) -> Expr:
    """The decimal without its fraction, unknown where that has no exact whole number."""
    least, most = expr.type.least, expr.type.most
    if least > -EXACT and most < EXACT:
        kind = Type(Kind.INT, expr.type.nullable, math.trunc(least), math.trunc(most))
    else:
        kind = Type(Kind.INT, True, -EXACT, EXACT)
    return Call("int", (expr,), kind, at)


def negative(arg: Expr, at: Position) -> Expr:
    """`-x`."""
    if not arg.type.is_number:
        raise refuse(at, f"- needs a number, not {arg.type.kind.value}")
    known = arg.type
    if isinstance(arg, Const) and arg.name is None and known.low != LEAST:
        # The text of a tree writes it as a literal, and reads it as one again.
        return literal(-arg.value, at)  # type: ignore[operator]
    if known.kind is Kind.DOUBLE:
        return Call("-_", (arg,), replace(known, least=-known.most, most=-known.least), at)
    return Call("-_", (arg,), bounded(-known.high, -known.low, known.nullable, at), at)


def arithmetic(op: str, left: Expr, right: Expr, at: Position) -> Expr:
    """`left op right` for + - * / %."""
    word = op.strip("_")
    for side in (left, right):
        if not side.type.is_number:
            raise refuse(
                at, f"{word} needs numbers, not {side.type.kind.value}", do=_instead(word, side)
            )
    if left.type.kind is not right.type.kind:
        raise refuse(
            at,
            f"{word} mixes a whole number and a decimal number",
            do="Write double(x) around the whole number, or 2.0 instead of 2",
        )
    if left.type.kind is Kind.INT:
        return Call(op, (left, right), _int_result(op, left, right, at), at)
    if op == "_%_":
        raise refuse(at, "% works on whole numbers only", do="Write int(x) % 2")
    return Call(op, (left, right), _double_result(op, left, right), at)


def _instead(word: str, side: Expr) -> str:
    if side.type.kind is Kind.BOOL:
        return "Write  condition ? 1 : 0  to count a condition"
    if side.type.kind is Kind.DATE:
        return "Compare dates, or take x.getFullYear()"
    return "Texts are not joined here" if word == "+" else ""


def _int_result(op: str, left: Expr, right: Expr, at: Position) -> Type:
    a, b = left.type, right.type
    nullable = a.nullable or b.nullable
    if op == "_+_":
        return bounded(a.low + b.low, a.high + b.high, nullable, at)
    if op == "_-_":
        return bounded(a.low - b.high, a.high - b.low, nullable, at)
    if op == "_*_":
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return bounded(min(corners), max(corners), nullable, at)
    nullable = nullable or not never_zero(right)
    if op == "_/_":
        most = max(abs(a.low), abs(a.high)) // (_least_size(b) or 1)
        low = 0 if a.low >= 0 and b.low >= 0 else -most
        return bounded(low, most, nullable, at)
    most = min(max(abs(b.low), abs(b.high)), max(abs(a.low), abs(a.high)))
    return bounded(0 if a.low >= 0 else -most, 0 if a.high <= 0 else most, nullable, at)


def _least_size(kind: Type) -> int:
    """The least size of a whole number; 0 when it may be zero."""
    return max(kind.low, -kind.high, 0)


def _double_result(op: str, left: Expr, right: Expr) -> Type:
    a, b = left.type, right.type
    nullable = a.nullable or b.nullable
    if op == "_+_":
        return decimal(a.least + b.least, a.most + b.most, nullable)
    if op == "_-_":
        return decimal(a.least - b.most, a.most - b.least, nullable)
    if op == "_*_":
        corners = [x * y for x in (a.least, a.most) for y in (b.least, b.most)]
        return decimal(min(corners), max(corners), nullable)
    most = max(abs(a.least), abs(a.most)) / (_smallest(right) or math.ulp(0.0))
    least = 0.0 if a.least >= 0 and b.least >= 0 else -most
    return decimal(least, most, nullable or not never_zero(right))


def _smallest(expr: Expr) -> float:
    """The smallest size that a decimal other than zero has; 0 when there is no telling."""
    if never_zero(expr):
        return min(abs(expr.type.least), abs(expr.type.most))
    is_whole = isinstance(expr, Call) and expr.op == "double"
    return 1.0 if is_whole else 0.0
