"""A typed tree as CEL text again: canonical, with parameters as names or as values."""

from __future__ import annotations

import json
from datetime import date

from jingzhun.policy.cel.tree import Call, Const, Dated, Expr, Field, Fold, Has, Value

_BINARY = {
    "_&&_",
    "_||_",
    "_<_",
    "_<=_",
    "_>_",
    "_>=_",
    "_==_",
    "_!=_",
    "_in_",
    "_+_",
    "_-_",
    "_*_",
    "_/_",
    "_%_",
}
_METHODS = {"startsWith", "endsWith", "contains", "getFullYear"}


def value_text(value: Value | tuple[Value, ...]) -> str:
    """A constant as CEL writes it."""
    if isinstance(value, tuple):
        return f"[{', '.join(value_text(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f'timestamp("{value.isoformat()}T00:00:00Z")'
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True)
    return repr(value) if value >= 0 else f"({value!r})"


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
            owner = "m" if expr.field.owner == "member" else expr.field.owner
            return f"has({owner}.{expr.field.name})"
        case Fold():
            return _fold(expr, named)
        case Call():
            return _call(expr, [text_of(arg, named=named) for arg in expr.args])


def _constant(expr: Const, named: bool) -> str:
    if named and expr.name:
        return expr.name
    if named and isinstance(expr.value, date):
        return f'date("{expr.value.isoformat()}")'
    return value_text(expr.value)


def _field(expr: Field) -> str:
    if expr.owner == "household":
        return expr.name
    return f"{'m' if expr.owner == 'member' else 'village'}.{expr.name}"


def _fold(expr: Fold, named: bool) -> str:
    people = "members"
    if expr.where is not None:
        people += f".filter(m, {text_of(expr.where, named=named)})"
    if expr.kind == "size" or expr.body is None:
        return f"size({people})"
    body = text_of(expr.body, named=named)
    if expr.kind == "sum":
        return f"{people}.map(m, {body}).sum()"
    return f"{people}.{expr.kind}(m, {body})"


def _call(expr: Call, args: list[str]) -> str:
    if expr.op in _BINARY:
        return f"({args[0]} {expr.op.strip('_')} {args[1]})"
    if expr.op == "_?_:_":
        return f"({args[0]} ? {args[1]} : {args[2]})"
    if expr.op in ("!_", "-_"):
        return f"{expr.op[0]}({args[0]})"
    if expr.op in _METHODS:
        return f"{args[0]}.{expr.op}({', '.join(args[1:])})"
    return f"{expr.op}({', '.join(args)})"
