"""Types of operators and functions: what goes in, and what comes out."""

from __future__ import annotations

import difflib
from dataclasses import replace
from functools import reduce

from jingzhun.policy.cel.numbers import (
    arithmetic,
    common,
    decimal,
    literal,
    negative,
    refuse,
    to_double,
    to_int,
)
from jingzhun.policy.cel.tree import (
    BOOL,
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


def _nullable(args: tuple[Expr, ...]) -> bool:
    return any(arg.type.nullable for arg in args)


def apply(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    """An operator on its arguments."""
    if op in ("_&&_", "_||_", "!_"):
        return _logic(op, args, at)
    if op == "_?_:_":
        return _choice(args, at)
    if op == "-_":
        return negative(args[0], at)
    if op in ("_+_", "_-_", "_*_", "_/_", "_%_"):
        return arithmetic(op, args[0], args[1], at)
    return _comparison(op, args, at)


def _logic(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    for arg in args:
        if arg.type.kind is not Kind.BOOL:
            raise refuse(
                arg.at,
                f"{op.strip('_')} joins conditions; this part gives {arg.type.kind.value}",
                do="Compare it with something, as in  household_size >= 2",
            )
    return Call(op, args, replace(BOOL, nullable=_nullable(args)), at)


def _choice(args: tuple[Expr, ...], at: Position) -> Expr:
    condition, yes, no = args
    if condition.type.kind is not Kind.BOOL:
        raise refuse(
            condition.at,
            f"Before ? there must be a condition, not {condition.type.kind.value}",
            do="Compare it with something, as in  household_size >= 2",
        )
    if {yes.type.kind, no.type.kind} == {Kind.INT, Kind.DOUBLE}:
        yes, no = to_double(yes), to_double(no)
    if yes.type.kind is not no.type.kind or yes.type.kind is Kind.STRINGS:
        raise refuse(
            at,
            f"The two results differ in type: {yes.type.kind.value} and {no.type.kind.value}",
            do="Give both the same type",
        )
    parts = (condition, yes, no)
    return Call("_?_:_", parts, common(yes.type, no.type, _nullable(parts)), at)


def _comparison(op: str, args: tuple[Expr, ...], at: Position) -> Expr:
    left, right = args
    if {left.type.kind, right.type.kind} == {Kind.INT, Kind.DOUBLE}:
        left, right = to_double(left), to_double(right)
    if left.type.kind is not right.type.kind or left.type.kind is Kind.STRINGS:
        raise refuse(
            at,
            f"Can't compare {left.type.kind.value} with {right.type.kind.value}",
            do=_comparable({left.type.kind, right.type.kind}),
        )
    if op not in ("_==_", "_!=_") and left.type.kind in (Kind.BOOL, Kind.STRING):
        raise refuse(
            at,
            f"{op.strip('_')} has no meaning for {left.type.kind.value} here",
            do='Write == or !=, or  x in ["a", "b"]',
        )
    _known_codes(left, right)
    _known_codes(right, left)
    return Call(op, (left, right), replace(BOOL, nullable=_nullable((left, right))), at)


def _comparable(kinds: set[Kind]) -> str:
    if Kind.STRINGS in kinds:
        return 'Ask whether a list holds a code: "13" in m.health'
    if kinds == {Kind.STRING, Kind.DATE}:
        return 'Write a date as date("2019-09-30")'
    if Kind.STRING in kinds:
        return 'Text stands in quotes: relation == "01"'
    if Kind.BOOL in kinds:
        return "A condition needs no == true; write it alone, or with ! before it"
    return 'Write x.getFullYear() to compare a year, date("2019-09-30") for a day'


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
    if item.type.kind is Kind.STRINGS:
        raise refuse(at, "A list can't be in a list", do='Write  "13" in m.health || ...')
    found = tuple(_item(item, value) for value in values)
    items = Const(found, Type(Kind.STRINGS, False, items=item.type.kind), None, at)
    return Call("_in_", (item, items), replace(BOOL, nullable=item.type.nullable), at)


def _item(item: Expr, value: Expr) -> Value:
    if not isinstance(value, Const) or isinstance(value.value, tuple):
        raise refuse(
            value.at, "The values of a list must be constants", do="Compare with == instead"
        )
    if value.type.kind is not item.type.kind:
        raise refuse(
            value.at,
            f"The list holds {value.type.kind.value}, the left side is {item.type.kind.value}",
            do="Give all the same type: texts in quotes, decimals with a point",
        )
    _known_codes(item, value)
    return value.value


def member_of(item: Expr, container: Expr, at: Position) -> Expr:
    """`x in list`, for a column with several codes or a parameter that is a list."""
    if isinstance(container, Const) and isinstance(container.value, tuple):
        values: list[Expr] = [literal(value, container.at) for value in container.value]
        return member_of_list(item, values, at)
    if not isinstance(container, Field) or container.type.kind is not Kind.STRINGS:
        raise refuse(container.at, "After `in` there must be a list", do='Write  x in ["a", "b"]')
    if not isinstance(item, Const) or item.type.kind is not Kind.STRING:
        raise refuse(
            item.at,
            "Before `in` and a column there must be a code in quotes",
            do=f'Write  "01" in {container.name}',
        )
    _known_codes(container, item)
    return Call("_in_", (item, container), replace(BOOL, nullable=container.type.nullable), at)


def nested_filter(outer: Expr, inner: Expr) -> Expr:
    """Two filters as one: the inner condition is asked only where the outer holds."""
    no = Const(False, BOOL.known(), None, inner.at)
    return _choice((outer, inner, no), inner.at)


_FUNCTIONS = ("size", "has", "double", "int", "string", "date")
_METHODS = ("startsWith", "endsWith", "contains", "size", "getFullYear")
_INSTEAD = {
    "len": "Write size(x)",
    "count": "Write size(members.filter(m, ...))",
    "sum": "Write members.map(m, ...).sum()",
    "min": "Write  a < b ? a : b",
    "max": "Write  a > b ? a : b",
    "abs": "Write  x < 0 ? -x : x",
    "if": "Write  condition ? value : other value",
    "isnull": "Write !has(household.x)",
    "float": "Write double(x)",
    "str": "Write string(x)",
    "matches": "Use startsWith, endsWith or contains",
    "lowerAscii": "Compare with the code itself",
    "year": "Write x.getFullYear()",
    "today": "Write  on",
    "now": "Write  on",
}


def _available(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return (
        _INSTEAD.get(name, "")
        or (f"Did you mean {near[0]}()?" if near else "")
        or f"Available: {', '.join(known)}"
    )


def function(name: str, args: tuple[Expr, ...], at: Position) -> Expr:
    """`double(x)`, `int(x)`, `string(x)` and `size(x)`; anything else is refused."""
    if name not in ("double", "int", "string", "size"):
        raise refuse(
            at, f"The function {name}() is not in the subset", do=_available(name, _FUNCTIONS)
        )
    if len(args) != 1:
        raise refuse(at, f"{name}() takes one value", do=f"Write {name}(x)")
    (arg,) = args
    if name == "size":
        return method("size", args, at)
    if name == "double" and arg.type.is_number:
        if isinstance(arg, Const) and arg.name is not None and arg.type.kind is Kind.INT:
            # Not folded: the text of the tree names the parameter, and must say that it is converted.
            known = arg.type
            return Call("double", args, decimal(float(known.low), float(known.high), False), at)
        return to_double(arg)
    if name == "int" and arg.type.is_number:
        return arg if arg.type.kind is Kind.INT else to_int(arg, at)
    if name == "string" and arg.type.kind in (Kind.INT, Kind.STRING):
        kind = replace(STRING, nullable=arg.type.nullable)
        return arg if arg.type.kind is Kind.STRING else Call("string", args, kind, at)
    takes = "whole numbers" if name == "string" else "numbers"
    raise refuse(at, f"{name}() can't convert {arg.type.kind.value}", do=f"It takes {takes}")


def method(name: str, args: tuple[Expr, ...], at: Position) -> Expr:
    """Methods of texts, lists of codes and dates."""
    owner, *rest = args
    kind = owner.type.kind
    if name == "size" and not rest and kind in (Kind.STRING, Kind.STRINGS):
        return _size(owner, at)
    if name in ("startsWith", "endsWith", "contains") and kind is Kind.STRING:
        if len(rest) != 1 or not isinstance(rest[0], Const) or rest[0].type.kind is not Kind.STRING:
            raise refuse(at, f"{name}() takes one text in quotes", do=f'Write x.{name}("62")')
        return Call(name, args, replace(BOOL, nullable=owner.type.nullable), at)
    if name == "getFullYear" and not rest and kind is Kind.DATE:
        return Call(name, args, Type(Kind.INT, owner.type.nullable, 0, 9999), at)
    if name == "size":
        raise refuse(at, f"{kind.value} has no size()", do="It counts members, codes or characters")
    if name == "contains" and kind is Kind.STRINGS:
        raise refuse(at, "A list of codes has no contains()", do='Write  "13" in m.health')
    raise refuse(
        at,
        f"{kind.value} has no {name}() with {len(rest)} values here",
        do=_available(name, _METHODS),
    )


def _size(owner: Expr, at: Position) -> Expr:
    if isinstance(owner, Const) and isinstance(owner.value, str | tuple):
        return literal(len(owner.value), at)
    return Call("size", (owner,), Type(Kind.INT, owner.type.nullable, 0, 2**31), at)


def dated(
    name: str, default: Value, overrides: tuple[tuple[str, Value], ...], at: Position | None = None
) -> Const | Dated:
    """A parameter in an expression: constant, or with other values in some areas.

    `overrides` are (area prefix, value); the longest prefix of an area wins. CelError when the values
    differ in type.
    """
    where = at or Position()
    values = [default, *(value for _, value in overrides)]
    if any(isinstance(value, float) for value in values):
        values = [float(v) if type(v) is int else v for v in values]
    constants = [literal(value, where, name) for value in values]
    if len({constant.type.kind for constant in constants}) > 1:
        raise refuse(
            where, f"The values of {name} differ in type between areas", do="Give all the same type"
        )
    if not overrides:
        return constants[0]
    kind = reduce(lambda a, b: common(a, b, False), (constant.type for constant in constants))
    areas = [area for area, _ in overrides]
    pairs = zip(areas, values[1:], strict=True)
    ordered = tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))
    return Dated(name, values[0], ordered, kind, where)
