"""Types of operators and functions: what goes in, what comes out, and bounds of whole numbers."""

from __future__ import annotations

import difflib
import math
from dataclasses import replace
from datetime import date

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.tree import (
    BOOL,
    DATE,
    DOUBLE,
    STRING,
    Call,
    Const,
    Dated,
    Expr,
    Field,
    Kind,
    Position,
    Type,
    Value,
)
from jingzhun.standard import schema

LEAST, MOST = -(2**63), 2**63 - 1


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
        return DOUBLE.known()
    return DATE.known() if isinstance(value, date) else STRING.known()


def literal(value: Value, at: Position, name: str | None = None) -> Const:
    """A constant; CelError when a whole number is outside 64 bits or a decimal is not finite."""
    if isinstance(value, int) and not isinstance(value, bool) and not LEAST <= value <= MOST:
        raise refuse(at, "The number is too large")
    if isinstance(value, float) and not math.isfinite(value):
        raise refuse(at, "The number is not finite")
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


def to_double(expr: Expr) -> Expr:
    """The expression as a decimal number."""
    if expr.type.kind is Kind.DOUBLE:
        return expr
    if isinstance(expr, Const) and isinstance(expr.value, int):
        return Const(float(expr.value), DOUBLE.known(), expr.name, expr.at)
    return Call("double", (expr,), replace(DOUBLE, nullable=expr.type.nullable), expr.at)


def _nullable(args: tuple[Expr, ...]) -> bool:
    return any(arg.type.nullable for arg in args)


def apply(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    """An operator on its arguments."""
    if op in ("_&&_", "_||_", "!_"):
        return _logic(op, args, at)
    if op == "_?_:_":
        return _choice(args, at)
    if op == "-_":
        return _negative(args, at)
    if op in ("_+_", "_-_", "_*_", "_/_", "_%_"):
        return _arithmetic(op, args, at)
    return _comparison(op, args, at)


def _logic(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    for arg in args:
        if arg.type.kind is not Kind.BOOL:
            raise refuse(
                arg.at,
                f"{op.strip('_')} joins conditions; this part gives {arg.type.kind.value}",
            )
    return Call(op, args, replace(BOOL, nullable=_nullable(args)), at)


def _choice(args: tuple[Expr, ...], at: Position) -> Expr:
    condition, yes, no = args
    if condition.type.kind is not Kind.BOOL:
        raise refuse(condition.at, "Before ? there must be a condition")
    if {yes.type.kind, no.type.kind} == {Kind.INT, Kind.DOUBLE}:
        yes, no = to_double(yes), to_double(no)
    if yes.type.kind is not no.type.kind or yes.type.kind is Kind.STRINGS:
        raise refuse(
            at, f"The two results differ in type: {yes.type.kind.value} and {no.type.kind.value}"
        )
    parts = (condition, yes, no)
    kind = Type(
        yes.type.kind,
        _nullable(parts),
        min(yes.type.low, no.type.low),
        max(yes.type.high, no.type.high),
        yes.type.codes if yes.type.codes == no.type.codes else None,
    )
    return Call("_?_:_", parts, kind, at)


def _negative(args: tuple[Expr, ...], at: Position) -> Expr:
    (arg,) = args
    if not arg.type.is_number:
        raise refuse(at, f"- needs a number, not {arg.type.kind.value}")
    if isinstance(arg, Const) and isinstance(arg.value, int | float):
        return literal(-arg.value, at)
    if arg.type.kind is Kind.DOUBLE:
        return Call("-_", args, arg.type, at)
    return Call("-_", args, bounded(-arg.type.high, -arg.type.low, arg.type.nullable, at), at)


def _arithmetic(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    left, right = args
    if not (left.type.is_number and right.type.is_number):
        wrong = left if not left.type.is_number else right
        raise refuse(wrong.at, f"{op.strip('_')} needs numbers, not {wrong.type.kind.value}")
    if left.type.kind is not right.type.kind:
        raise refuse(
            at,
            f"{op.strip('_')} mixes a whole number and a decimal number",
            do="Write double(x) around the whole number, or 2.0 instead of 2",
        )
    nullable = _nullable(args)
    if left.type.kind is Kind.DOUBLE:
        if op == "_%_":
            raise refuse(at, "% works on whole numbers only")
        zero = op == "_/_" and not _never_zero(right)
        return Call(op, args, replace(DOUBLE, nullable=nullable or zero), at)
    return Call(op, args, _int_result(op, left, right, at), at)


def _never_zero(expr: Expr) -> bool:
    if isinstance(expr, Const):
        return expr.value != 0
    return expr.type.kind is Kind.INT and (expr.type.low > 0 or expr.type.high < 0)


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
    nullable = nullable or not _never_zero(right)
    if op == "_/_":
        most = max(abs(a.low), abs(a.high))
        low = 0 if a.low >= 0 and b.low >= 0 else -most
        return bounded(low, most, nullable, at)
    most = min(max(abs(b.low), abs(b.high)), max(abs(a.low), abs(a.high)))
    return bounded(0 if a.low >= 0 else -most, 0 if a.high <= 0 else most, nullable, at)


def _comparison(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    left, right = args
    if {left.type.kind, right.type.kind} == {Kind.INT, Kind.DOUBLE}:
        left, right = to_double(left), to_double(right)
    if left.type.kind is not right.type.kind or left.type.kind is Kind.STRINGS:
        raise refuse(
            at,
            f"Can't compare {left.type.kind.value} with {right.type.kind.value}",
            do='Text stands in quotes: relation == "01"'
            if STRING.kind in (left.type.kind, right.type.kind)
            else "",
        )
    if op not in ("_==_", "_!=_") and left.type.kind in (Kind.BOOL, Kind.STRING):
        raise refuse(at, f"{op.strip('_')} has no meaning for {left.type.kind.value} here")
    _known_codes(left, right)
    _known_codes(right, left)
    return Call(op, (left, right), replace(BOOL, nullable=_nullable((left, right))), at)


def _known_codes(coded: Expr, other: Expr) -> None:
    """Refuse a code that the column's list does not have: it would silently never match."""
    name = coded.type.codes
    if name is None or not isinstance(other, Const) or not isinstance(other.value, str):
        return
    known = schema.code_list(name).by_code()
    if other.value in known:
        return
    by_name = schema.code_list(name).by_name().get(other.value.lower())
    padded = [code for code in known if code.lstrip("0") == other.value]
    near = difflib.get_close_matches(other.value, [c for c in known if c.isalpha()], n=1)
    hint = by_name or next(iter([*padded, *near]), "")
    raise refuse(
        other.at,
        f"The code list {name} has no value '{other.value}'",
        do=f"Write '{hint}'" if hint else f"Its values: {', '.join(known)}",
    )


def member_of_list(item: Expr, values: list[Expr], at: Position) -> Expr:
    """`x in [a, b]`; every value must be constant."""
    found: list[Value] = []
    for value in values:
        if not isinstance(value, Const) or isinstance(value.value, tuple):
            raise refuse(value.at, "The values of a list must be constants")
        if value.type.kind is not item.type.kind:
            raise refuse(
                value.at,
                f"The list holds {value.type.kind.value}, the left side is {item.type.kind.value}",
            )
        _known_codes(item, value)
        found.append(value.value)
    if item.type.kind is Kind.STRINGS:
        raise refuse(at, "A list can't be in a list")
    items = Const(tuple(found), Type(Kind.STRINGS, False), None, at)
    return Call("_in_", (item, items), replace(BOOL, nullable=item.type.nullable), at)


def member_of(item: Expr, container: Expr, at: Position) -> Expr:
    """`x in list`, for a column with several codes or a parameter that is a list."""
    if isinstance(container, Const) and isinstance(container.value, tuple):
        values: list[Expr] = [literal(value, container.at) for value in container.value]
        return member_of_list(item, values, at)
    if not isinstance(container, Field) or container.type.kind is not Kind.STRINGS:
        raise refuse(container.at, "After `in` there must be a list", do='Write  x in ["a", "b"]')
    if not isinstance(item, Const) or item.type.kind is not Kind.STRING:
        raise refuse(item.at, "Before `in` and a column there must be a code in quotes")
    _known_codes(container, item)
    return Call("_in_", (item, container), replace(BOOL, nullable=container.type.nullable), at)


def nested_filter(outer: Expr, inner: Expr) -> Expr:
    """Two filters as one: the inner condition is asked only where the outer holds."""
    no = Const(False, BOOL.known(), None, inner.at)
    parts = (outer, inner, no)
    return Call("_?_:_", parts, replace(BOOL, nullable=_nullable(parts)), inner.at)


def function(name: str, args: tuple[Expr, ...], at: Position) -> Expr:
    """`double(x)`, `int(x)`, `string(x)` and `size(x)`; anything else is refused."""
    if name not in ("double", "int", "string", "size"):
        raise refuse(
            at,
            f"The function {name}() is not in the subset",
            do="Available: size, has, double, int, string, date",
        )
    if len(args) != 1:
        raise refuse(at, f"{name}() takes one value")
    (arg,) = args
    if name == "size":
        return method("size", args, at)
    if name == "double" and arg.type.is_number:
        return to_double(arg)
    if name == "int" and arg.type.is_number:
        return arg if arg.type.kind is Kind.INT else _truncated(arg, at)
    if name == "string" and arg.type.kind in (Kind.INT, Kind.STRING):
        kind = replace(STRING, nullable=arg.type.nullable)
        return arg if arg.type.kind is Kind.STRING else Call("string", args, kind, at)
    raise refuse(at, f"{name}() can't convert {arg.type.kind.value}")


def _truncated(arg: Expr, at: Position) -> Call:
    # The sums of later steps are bounded by what fits; a larger decimal gives "unknown".
    return Call("int", (arg,), Type(Kind.INT, True, -(2**53), 2**53), at)


def method(name: str, args: tuple[Expr, ...], at: Position) -> Expr:
    """Methods of texts, lists of codes and dates."""
    owner, *rest = args
    if name == "size" and not rest and owner.type.kind in (Kind.STRING, Kind.STRINGS):
        return Call("size", args, Type(Kind.INT, owner.type.nullable, 0, 2**31), at)
    if name in ("startsWith", "endsWith", "contains") and owner.type.kind is Kind.STRING:
        if len(rest) != 1 or not isinstance(rest[0], Const) or rest[0].type.kind is not Kind.STRING:
            raise refuse(at, f"{name}() takes one text in quotes")
        return Call(name, args, replace(BOOL, nullable=owner.type.nullable), at)
    if name == "getFullYear" and not rest and owner.type.kind is Kind.DATE:
        return Call(name, args, Type(Kind.INT, owner.type.nullable, 0, 9999), at)
    raise refuse(
        at,
        f"{owner.type.kind.value} has no method {name}() in the subset",
        do="Available: startsWith, endsWith, contains, size on text; getFullYear on dates",
    )


def dated(
    name: str, default: Value, overrides: tuple[tuple[str, Value], ...], at: Position | None = None
) -> Const | Dated:
    """A parameter in an expression: constant, or with other values in some areas."""
    where = at or Position()
    values = [default, *(value for _, value in overrides)]
    if any(isinstance(value, float) for value in values):
        default, *others = [float(v) if isinstance(v, int) else v for v in values]
        overrides = tuple((area, value) for (area, _), value in zip(overrides, others, strict=True))
        values = [default, *others]
    if not overrides:
        return literal(default, where, name)
    kinds = [type_of_value(value) for value in values]
    kind = replace(kinds[0], low=min(k.low for k in kinds), high=max(k.high for k in kinds))
    ordered = tuple(sorted(overrides, key=lambda pair: (-len(pair[0]), pair[0])))
    return Dated(name, default, ordered, kind, where)
