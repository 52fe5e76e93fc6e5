"""A typed tree as a parse tree of `cel-python`, for its evaluator to walk.

Built from the typed tree and not from text, because a parse has some forty levels of calls where this has
eight: long sums would exhaust the stack.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from celpy import celtypes
from lark import Token, Tree

from jingzhun.policy.cel.tree import (
    Call,
    Const,
    Dated,
    Expr,
    Field,
    Fold,
    Has,
    Kind,
    Position,
    Value,
)

Node: TypeAlias = Tree[Any]

_RELATION = {
    "_<_": "lt",
    "_<=_": "le",
    "_>_": "gt",
    "_>=_": "ge",
    "_==_": "eq",
    "_!=_": "ne",
    "_in_": "in",
}
_ADDITION = {"_+_": "add", "_-_": "sub"}
_MULTIPLICATION = {"_*_": "mul", "_/_": "div", "_%_": "mod"}
_LOGIC = {"_&&_": "conditionaland", "_||_": "conditionalor", "_?_:_": "expr"}
_PREFIX = {"!_": "unary_not", "-_": "unary_neg"}
_OWNERS = {"member": "m", "record": "r"}
_METHODS = ("startsWith", "endsWith", "contains", "getFullYear")


@lru_cache(maxsize=4096)
def tree_of(expr: Expr) -> Node:
    """The parse tree.

    Fields are selected from `household`, `village`, `m` (a member) and `r` (a record); a member's records
    from `m` too; dated parameters from `dated`.
    """
    match expr:
        case Const():
            return _node("constant", [cel_value(expr.value)], expr.at)
        case Dated():
            return _select("dated", expr.name, expr.at)
        case Field():
            return _select(_OWNERS.get(expr.owner, expr.owner), expr.name, expr.at)
        case Has():
            return _function("has", [tree_of(expr.field)], expr.at)
        case Fold():
            return _fold(expr)
        case Call():
            return _call(expr)


def cel_value(value: Value | tuple[Value, ...] | list[Value]) -> Any:
    """A Python value as `cel-python` has it. A date is the midnight, UTC, at which it begins."""
    match value:
        case bool():
            return celtypes.BoolType(value)
        case int():
            return celtypes.IntType(value)
        case float():
            return celtypes.DoubleType(value)
        case str():
            return celtypes.StringType(value)
        case date():
            return celtypes.TimestampType(datetime(value.year, value.month, value.day, tzinfo=UTC))
    return celtypes.ListType([cel_value(item) for item in value])


def _node(data: str, children: list[Any], at: Position) -> Node:
    tree = Tree(data, children)
    # The evaluator reads the place of every node that fails.
    tree.meta.line, tree.meta.column, tree.meta.empty = at.line, at.column, False
    return tree


def _name(word: str, at: Position) -> Node:
    return _node("primary", [_node("ident", [Token("IDENT", word)], at)], at)


def _select(owner: str, name: str, at: Position) -> Node:
    return _node("member_dot", [_name(owner, at), Token("IDENT", name)], at)


def _function(name: str, args: list[Node], at: Position) -> Node:
    call = _node("ident_arg", [Token("IDENT", name), _node("exprlist", args, at)], at)
    return _node("primary", [call], at)


def _method(owner: Node, name: str, args: list[Node], at: Position) -> Node:
    listed = [_node("exprlist", args, at)] if args else []
    return _node("member_dot_arg", [owner, Token("IDENT", name), *listed], at)


def _call(expr: Call) -> Node:
    args, at, op = [tree_of(arg) for arg in expr.args], expr.at, expr.op
    if op in _LOGIC:
        return _node(_LOGIC[op], args, at)
    if op in _PREFIX:
        return _node("unary", [_node(_PREFIX[op], [], at), *args], at)
    for kind, words in (
        ("relation", _RELATION),
        ("addition", _ADDITION),
        ("multiplication", _MULTIPLICATION),
    ):
        if op in words:
            return _node(kind, [_node(f"{kind}_{words[op]}", args[:1], at), args[1]], at)
    return _method(args[0], op, args[1:], at) if op in _METHODS else _function(op, args, at)


def _fold(expr: Fold) -> Node:
    at = expr.at
    items = _select("m", expr.table, at) if expr.table else _name("members", at)
    word = "r" if expr.table else "m"
    if expr.where is not None:
        items = _method(items, "filter", [_name(word, at), tree_of(expr.where)], at)
    if expr.body is None:
        return _function("size", [items], at)
    body = [_name(word, at), tree_of(expr.body)]
    if expr.kind != "sum":
        return _method(items, expr.kind, body, at)
    total = "sum_decimals" if expr.type.kind is Kind.DOUBLE else "sum_whole"
    return _method(_method(items, "map", body, at), total, [], at)
