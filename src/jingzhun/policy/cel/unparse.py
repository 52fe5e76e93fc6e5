"""A typed tree as CEL text again: canonical, with no more brackets than needed."""

from __future__ import annotations

from datetime import date
from typing import Final

from jingzhun.policy.cel.strings import literal_of_text
from jingzhun.policy.cel.tree import Call, Const, Dated, Expr, Field, Fold, Has, Value

_STRENGTH: Final = {
    "_?_:_": 1,
    "_||_": 2,
    "_&&_": 3,
    **dict.fromkeys(("_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "_in_"), 4),
    **dict.fromkeys(("_+_", "_-_"), 5),
    **dict.fromkeys(("_*_", "_/_", "_%_"), 6),
    **dict.fromkeys(("!_", "-_"), 7),
}
"""How strongly an operator binds, after the grammar of CEL; everything else is a value of its own."""
_ALONE: Final = 8
_OWNERS: Final = {"member": "m", "record": "r"}
_METHODS: Final = ("startsWith", "endsWith", "contains", "getFullYear")


def value_text(value: Value | tuple[Value, ...]) -> str:
    """A constant as CEL writes it."""
    if isinstance(value, tuple):
        return f"[{', '.join(value_text(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f'timestamp("{value.isoformat()}T00:00:00Z")'
    return literal_of_text(value) if isinstance(value, str) else repr(value)


def text_of(expr: Expr, *, named: bool = False) -> str:
    """CEL text of `expr`; with `named`, parameters stand by name and dates as date("...")."""
    match expr:
        case Const():
            return _constant(expr, named)
        case Dated():
            return expr.name
        case Field():
            return _field(expr)
        case Has():
            return f"has({_OWNERS.get(expr.field.owner, expr.field.owner)}.{expr.field.name})"
        case Fold():
            return _fold(expr, named)
        case Call():
            return _call(expr, named)


def _constant(expr: Const, named: bool) -> str:
    if named and expr.name:
        return expr.name
    if named and isinstance(expr.value, date):
        return f'date("{expr.value.isoformat()}")'
    return value_text(expr.value)


def _field(expr: Field) -> str:
    if expr.owner == "household":
        return expr.name
    return f"{_OWNERS.get(expr.owner, expr.owner)}.{expr.name}"


def _fold(expr: Fold, named: bool) -> str:
    items, word = (f"m.{expr.table}", "r") if expr.table else ("members", "m")
    if expr.where is not None:
        items += f".filter({word}, {text_of(expr.where, named=named)})"
    if expr.kind == "size" or expr.body is None:
        return f"size({items})"
    body = text_of(expr.body, named=named)
    if expr.kind == "sum":
        return f"{items}.map({word}, {body}).sum()"
    return f"{items}.{expr.kind}({word}, {body})"


def _call(expr: Call, named: bool) -> str:
    strength = _STRENGTH.get(expr.op, _ALONE)

    def part(place: int, least: int) -> str:
        arg = expr.args[place]
        text = text_of(arg, named=named)
        return f"({text})" if _strength(arg) < least else text

    if expr.op == "_?_:_":
        return f"{part(0, 2)} ? {part(1, 2)} : {part(2, 1)}"
    if expr.op in ("!_", "-_"):
        return expr.op[0] + part(0, strength + (expr.op == "-_"))
    if strength < _ALONE:
        return f"{part(0, strength)} {expr.op.strip('_')} {part(1, strength + 1)}"
    if expr.op in _METHODS:
        rest = ", ".join(text_of(arg, named=named) for arg in expr.args[1:])
        return f"{part(0, _ALONE)}.{expr.op}({rest})"
    return f"{expr.op}({', '.join(text_of(arg, named=named) for arg in expr.args)})"


def _strength(expr: Expr) -> int:
    if isinstance(expr, Call):
        return _STRENGTH.get(expr.op, _ALONE)
    is_negative = isinstance(expr, Const) and isinstance(expr.value, int | float) and expr.value < 0
    return 7 if is_negative else _ALONE
