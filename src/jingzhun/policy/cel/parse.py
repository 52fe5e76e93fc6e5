"""From text to an untyped tree, by the grammar of CEL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import lark
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from jingzhun.policy.cel import mistakes
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.grammar import RESERVED, parser
from jingzhun.policy.cel.strings import text_of_literal
from jingzhun.policy.cel.tree import Position

MAX_LENGTH = 20_000
MAX_NESTING = 100
"""Levels of brackets and operators within each other that a text may have."""

Branch: TypeAlias = lark.Tree[Any]


@dataclass(frozen=True)
class Raw:
    """A node before names and types are known: what it is, its own word, its parts, its place.

    The place is that of the operator or name, not of its first operand.
    """

    kind: str
    word: Any
    parts: tuple[Raw, ...]
    at: Position
    nesting: int = 1


def parse(text: str) -> Raw:
    """The tree of `text`; CelError names line and column of what can't be read."""
    if len(text) > MAX_LENGTH:
        raise CelError(
            f"The expression has {len(text)} characters, more than {MAX_LENGTH}", 1, 1,
            do="Split it into definitions",
        )  # fmt: skip
    mistakes.refuse_characters(text)
    return _built(_read(text))


def _read(text: str) -> Branch:
    try:
        return parser().parse(text)
    except UnexpectedCharacters as error:
        raise mistakes.at_offset(text, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        offset = error.pos_in_stream
        if error.token.type == "$END" or offset is None:
            raise mistakes.at_end(text, _open_bracket(text)) from None
        raise mistakes.at_offset(text, offset) from None


def _open_bracket(text: str) -> int | None:
    """Offset of the innermost bracket that is never closed."""
    opened: list[int] = []
    for token in parser().lex(text):
        if token in ("(", "[", "{"):
            opened.append(token.start_pos or 0)
        elif token in (")", "]", "}") and opened:
            opened.pop()
    return opened[-1] if opened else None


def _built(tree: Branch) -> Raw:
    """The nodes from the leaves up, in a loop: no text is deep enough to exhaust the stack."""
    made: dict[int, tuple[Raw, ...]] = {}
    for branch in tree.iter_subtrees():
        parts = tuple(
            part
            for child in branch.children
            if isinstance(child, lark.Tree)
            for part in made[id(child)]
        )
        made[id(branch)] = _node(branch, parts)
    return made[id(tree)][0]


def _node(branch: Branch, parts: tuple[Raw, ...]) -> tuple[Raw, ...]:
    kind = str(branch.data)
    if kind in ("args", "pairs"):
        return parts
    tokens = [child for child in branch.children if isinstance(child, lark.Token)]
    at = _place(tokens[0]) if tokens else Position(branch.meta.line, branch.meta.column)
    node = _BUILDERS[kind](tokens, parts, at)
    nesting = 1 + max((part.nesting for part in parts), default=0)
    if nesting > MAX_NESTING:
        raise CelError(
            f"The expression is nested more than {MAX_NESTING} levels deep", at.line, at.column,
            do="Split it into definitions",
        )  # fmt: skip
    return (replace(node, nesting=nesting),)


def _place(token: lark.Token) -> Position:
    return Position(token.line or 1, token.column or 1)


Builder: TypeAlias = Callable[[list[lark.Token], tuple[Raw, ...], Position], Raw]


def _operator(tokens: list[lark.Token], parts: tuple[Raw, ...], at: Position) -> Raw:
    return Raw("call", f"_{tokens[0]}_", parts, at)


def _prefix(tokens: list[lark.Token], parts: tuple[Raw, ...], at: Position) -> Raw:
    (operand,) = parts
    # The least whole number has no positive counterpart, so a sign belongs to its number.
    if tokens[0] == "-" and operand.kind == "literal" and _is_number(operand.word):
        return Raw("literal", -operand.word, (), at)
    return Raw("call", f"{tokens[0]}_", parts, at)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _word(kind: str) -> Builder:
    def build(tokens: list[lark.Token], parts: tuple[Raw, ...], at: Position) -> Raw:
        word = str(tokens[0])
        if kind == "name" and word in RESERVED:
            raise CelError(
                f"'{word}' is a reserved word of CEL", at.line, at.column, do=_choose(word)
            )
        return Raw(kind, word, parts, at)

    return build


def _choose(word: str) -> str:
    return (
        "Write  condition ? value : other value" if word in ("if", "else") else "Use another name"
    )


def _literal(tokens: list[lark.Token], parts: tuple[Raw, ...], at: Position) -> Raw:
    token = tokens[0]
    match token.type:
        case "INT":
            return Raw("literal", _whole(str(token), at), parts, at)
        case "FLOAT":
            return Raw("literal", float(token), parts, at)
        case "TRUE" | "FALSE":
            return Raw("literal", token == "true", parts, at)  # noqa: S105
        case "STRING" | "RAW_STRING" | "LONG_STRING":
            return Raw("literal", text_of_literal(str(token), at), parts, at)
    what, do = _NOT_LITERAL[token.type]
    raise CelError(what, at.line, at.column, do=do)


_NOT_LITERAL = {
    "NULL": (
        "null is not written in expressions",
        "Use has(household.x) to ask whether a value is known",
    ),
    "UINT": ("Unsigned numbers such as 1u are not in the subset", "Write 1"),
    "BYTES": ("Byte literals are not in the subset", 'Write a text such as "a"'),
}


def _whole(digits: str, at: Position) -> int:
    if len(digits.lstrip("0x")) > 20:
        raise CelError("The number is too large", at.line, at.column)
    return int(digits, 16 if digits.startswith("0x") else 10)


def _refused(what: str, do: str) -> Builder:
    def build(tokens: list[lark.Token], parts: tuple[Raw, ...], at: Position) -> Raw:  # noqa: ARG001
        raise CelError(f"{what} are not in the subset", at.line, at.column, do=do)

    return build


_BUILDERS: dict[str, Builder] = {
    "conditional": lambda _, parts, at: Raw("call", "_?_:_", parts, at),
    "binary": _operator,
    "prefix": _prefix,
    "paren": lambda _, parts, at: parts[0],  # noqa: ARG005
    "name": _word("name"),
    "select": _word("select"),
    "method": _word("method"),
    "function": _word("function"),
    "list": lambda _, parts, at: Raw("list", None, parts, at),
    "literal": _literal,
    "index": _refused("Indexes like a[0]", "Ask with exists, all or `in`"),
    "message": _refused("Message literals", "Write an expression that gives one value"),
    "map": _refused("Map literals", "Write an expression that gives one value"),
    "dotted": _refused("Names with a leading dot", "Leave the dot out"),
}
