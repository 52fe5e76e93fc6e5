"""From text to an untyped tree, by the grammar of `cel-python`."""

from __future__ import annotations

import ast as python_ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import lark
from celpy.celparser import CELParseError, CELParser

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.tree import Position

MAX_LENGTH = 20_000


@dataclass(frozen=True)
class Raw:
    """A node before names and types are known: what it is, its own word, its parts, its place."""

    kind: str
    word: Any
    parts: tuple[Raw, ...]
    at: Position


def parse(text: str) -> Raw:
    """The tree of `text`; CelError names line and column of what can't be read."""
    if len(text) > MAX_LENGTH:
        raise CelError(f"The expression has {len(text)} characters, more than {MAX_LENGTH}", 1, 1)
    try:
        tree = CELParser().parse(_separate_minus(text))
    except CELParseError as error:
        raise CelError(
            "The expression can't be read here",
            max(error.line or 1, 1),
            max(error.column or 1, 1),
            why=_reason(text, error),
            do="Write a CEL expression such as  has_safe_water && household_size > 2",
        ) from error
    except RecursionError as error:
        raise CelError("The expression is nested too deeply", 1, 1) from error
    return _node(tree)


_MINUS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|([\w)\]])(\s*)-(?=[\d.])""")


def _separate_minus(text: str) -> str:
    """`a-1` as `a- 1`: the grammar's numbers carry a sign, so that `a-1` would be two values."""
    # Inside a string nothing changes; elsewhere the blank keeps later columns within one of the source.
    return _MINUS.sub(lambda m: m[0] if m[1] else f"{m[2]}{m[3]}- ", text)


def _reason(text: str, error: CELParseError) -> str:
    line = (text.splitlines() or [""])[max((error.line or 1) - 1, 0) :][:1]
    rest = line[0][max((error.column or 1) - 1, 0) :][:20] if line else ""
    for wrong, right in (("=", "=="), ("and", "&&"), ("or", "||"), ("not", "!"), ("&", "&&")):
        if rest.lstrip().startswith(wrong) and not rest.lstrip().startswith(right):
            return f"Found '{rest.strip()}'; did you mean {right}?"
    return f"Found '{rest.strip()}'" if rest.strip() else "The text ends too early"


def _at(tree: lark.Tree[Any]) -> Position:
    meta = tree.meta
    return Position(getattr(meta, "line", 1) or 1, getattr(meta, "column", 1) or 1)


_CHAIN = {"conditionalor": "_||_", "conditionaland": "_&&_"}
_OPERATORS = {
    "relation_lt": "_<_",
    "relation_le": "_<=_",
    "relation_gt": "_>_",
    "relation_ge": "_>=_",
    "relation_eq": "_==_",
    "relation_ne": "_!=_",
    "relation_in": "_in_",
    "addition_add": "_+_",
    "addition_sub": "_-_",
    "multiplication_mul": "_*_",
    "multiplication_div": "_/_",
    "multiplication_mod": "_%_",
}


def _node(tree: lark.Tree[Any]) -> Raw:
    return _BUILDERS[str(tree.data)](tree)


def _trees(tree: lark.Tree[Any]) -> list[lark.Tree[Any]]:
    return cast("list[lark.Tree[Any]]", tree.children)


def _expr(tree: lark.Tree[Any]) -> Raw:
    parts = [_node(child) for child in _trees(tree)]
    return parts[0] if len(parts) == 1 else Raw("call", "_?_:_", tuple(parts), _at(tree))


def _logic(tree: lark.Tree[Any]) -> Raw:
    parts = [_node(child) for child in _trees(tree)]
    word = _CHAIN[str(tree.data)]
    return parts[0] if len(parts) == 1 else Raw("call", word, tuple(parts), _at(tree))


def _binary(tree: lark.Tree[Any]) -> Raw:
    if len(tree.children) == 1:
        return _node(_trees(tree)[0])
    left, right = _trees(tree)
    return Raw(
        "call", _OPERATORS[str(left.data)], (_node(_trees(left)[0]), _node(right)), _at(tree)
    )


def _unary(tree: lark.Tree[Any]) -> Raw:
    if len(tree.children) == 1:
        return _node(_trees(tree)[0])
    sign, operand = _trees(tree)
    word = "!_" if sign.data == "unary_not" else "-_"
    return Raw("call", word, (_node(operand),), _at(tree))


def _only(tree: lark.Tree[Any]) -> Raw:
    return _node(_trees(tree)[0])


def _name(tree: lark.Tree[Any]) -> Raw:
    return Raw("name", str(tree.children[0]), (), _at(tree))


def _select(tree: lark.Tree[Any]) -> Raw:
    owner, word = tree.children
    return Raw("select", str(word), (_node(cast("lark.Tree[Any]", owner)),), _at(tree))


def _arguments(tree: lark.Tree[Any]) -> tuple[Raw, ...]:
    return tuple(_node(child) for child in _trees(tree))


def _method(tree: lark.Tree[Any]) -> Raw:
    owner, word, *rest = tree.children
    args = _arguments(cast("lark.Tree[Any]", rest[0])) if rest else ()
    return Raw("method", str(word), (_node(cast("lark.Tree[Any]", owner)), *args), _at(tree))


def _function(tree: lark.Tree[Any]) -> Raw:
    word, *rest = tree.children
    args = _arguments(cast("lark.Tree[Any]", rest[0])) if rest else ()
    return Raw("function", str(word), args, _at(tree))


def _list(tree: lark.Tree[Any]) -> Raw:
    items = _arguments(_trees(tree)[0]) if tree.children else ()
    return Raw("list", None, items, _at(tree))


def _literal(tree: lark.Tree[Any]) -> Raw:
    token = cast("lark.Token", tree.children[0])
    at = _at(tree)
    match token.type:
        case "INT_LIT":
            return Raw("literal", int(token, 16 if "x" in token.lower() else 10), (), at)
        case "FLOAT_LIT":
            return Raw("literal", float(token), (), at)
        case "BOOL_LIT":
            return Raw("literal", str(token) == "true", (), at)
        case "STRING_LIT" | "MLSTRING_LIT":
            return Raw("literal", _string(str(token), at), (), at)
        case "NULL_LIT":
            raise CelError(
                "null is not written in expressions", at.line, at.column,
                do="Use has(household.x) to ask whether a value is known",
            )  # fmt: skip
    raise CelError(f"The literal {token} is not in the subset", at.line, at.column)


def _string(token: str, at: Position) -> str:
    try:
        value = python_ast.literal_eval(token)
    except (ValueError, SyntaxError) as error:
        raise CelError("The string can't be read", at.line, at.column, why=str(error)) from error
    return str(value)


def _refused(tree: lark.Tree[Any]) -> Raw:
    at = _at(tree)
    raise CelError(f"{_REFUSED[str(tree.data)]} are not in the subset", at.line, at.column)


_REFUSED = {
    "member_index": "Indexes like a[0]",
    "member_object": "Message literals",
    "map_lit": "Map literals",
    "dot_ident": "Names with a leading dot",
    "dot_ident_arg": "Names with a leading dot",
}
_BUILDERS: dict[str, Callable[[lark.Tree[Any]], Raw]] = {
    "expr": _expr,
    "conditionalor": _logic,
    "conditionaland": _logic,
    "relation": _binary,
    "addition": _binary,
    "multiplication": _binary,
    "unary": _unary,
    "member": _only,
    "primary": _only,
    "paren_expr": _only,
    "ident": _name,
    "member_dot": _select,
    "member_dot_arg": _method,
    "ident_arg": _function,
    "list_lit": _list,
    "literal": _literal,
    **dict.fromkeys(_REFUSED, _refused),
}
