"""How large an expression may become once its definitions are written out."""

from __future__ import annotations

from typing import Final

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.numbers import is_large, may_overflow, never_zero
from jingzhun.policy.cel.tree import Call, Expr, Fold, Kind, children

MAX_DEPTH: Final = 64
"""Operations within each other; both evaluators and Python's own stack stand more than this."""
MAX_SIZE: Final = 50_000
"""Column operations of one expression, counting what the compiler writes several times."""


def refuse_too_large(expr: Expr) -> None:
    """CelError when the expression, with its definitions, is too deep or too large to compile."""
    depth, size = _measured(expr)
    if depth > MAX_DEPTH:
        raise CelError(
            f"The expression is {depth} operations deep with its definitions, more than {MAX_DEPTH}",
            expr.at.line, expr.at.column,
            do="Split it into several indicators, or join with && and || in brackets",
        )  # fmt: skip
    if size > MAX_SIZE:
        raise CelError(
            "The expression is too large with its definitions written out",
            expr.at.line, expr.at.column,
            do="Use fewer conditions within conditions",
        )  # fmt: skip


def _measured(expr: Expr) -> tuple[int, int]:
    """Depth and size. Definitions are shared parts, so each node is measured once, in a loop."""
    known: dict[int, tuple[int, int]] = {}
    stack = [expr]
    while stack:
        node = stack[-1]
        waiting = [part for part in children(node) if id(part) not in known]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        parts = [known[id(part)] for part in children(node)]
        depth = 1 + max((d for d, _ in parts), default=0)
        size = 1 + sum(_copies(node, n) * s for n, (_, s) in enumerate(parts))
        known[id(node)] = (depth, size)
    return known[id(expr)]


def _copies(expr: Expr, place: int) -> int:
    """How often the compiler writes the operand at `place`."""
    if isinstance(expr, Fold):
        return 3
    if not isinstance(expr, Call):
        return 1
    if expr.op == "_?_:_":
        return 2 if place == 0 and expr.args[0].type.nullable else 1
    if expr.op in ("_/_", "_%_") and expr.type.kind is Kind.INT:
        return _copies_in_quotient(expr, place)
    if expr.op == "_/_":
        return 2
    return 2 if expr.op == "int" or may_overflow(expr.type) else 1


def _copies_in_quotient(expr: Call, place: int) -> int:
    a, b = expr.args
    copies = 1 if a.type.low >= 0 and b.type.low >= 0 else 2
    copies *= (3 + place) if is_large(a.type) else 1
    copies *= 2 if place == 1 and not never_zero(b) else 1
    return copies + (expr.op == "_%_")
