"""The grammar of CEL expressions, after the language definition's section "Syntax".

`cel-python` has a grammar of its own, with signed numbers (`a-1` would be two values) and string patterns
that backtrack without bound; here a sign is an operator and every pattern reads its text once.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import lark

_GRAMMAR: Final = r"""
?start: choice
?choice: either
    | either QUESTION either ":" choice -> conditional
?either: both
    | either OR both -> binary
?both: relation
    | both AND relation -> binary
?relation: addition
    | relation (COMPARE | IN) addition -> binary
?addition: product
    | addition (PLUS | MINUS) product -> binary
?product: unary
    | product TIMES unary -> binary
?unary: member
    | (NOT | MINUS) unary -> prefix
?member: primary
    | member "." IDENT -> select
    | member "." IDENT "(" args ")" -> method
    | member OPEN_INDEX choice "]" -> index
    | member OPEN_MESSAGE pairs "}" -> message
?primary: IDENT -> name
    | IDENT "(" args ")" -> function
    | DOT IDENT -> dotted
    | "(" choice ")" -> paren
    | OPEN_INDEX args "]" -> list
    | OPEN_MESSAGE pairs "}" -> map
    | (TRUE | FALSE | NULL | FLOAT | UINT | INT | BYTES | RAW_STRING | LONG_STRING | STRING) -> literal
args: (choice ("," choice)* ","?)?
pairs: (choice ":" choice ("," choice ":" choice)* ","?)?

QUESTION: "?"
OR: "||"
AND: "&&"
COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
IN: "in"
PLUS: "+"
MINUS: "-"
TIMES: "*" | "/" | "%"
NOT: "!"
DOT: "."
OPEN_INDEX: "["
OPEN_MESSAGE: "{"
TRUE: "true"
FALSE: "false"
NULL: "null"
IDENT: /[_a-zA-Z][_a-zA-Z0-9]*/
FLOAT.3: /[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+([eE][+-]?[0-9]+)?/
UINT.2: /(0x[0-9a-fA-F]+|[0-9]+)[uU]/
INT.1: /0x[0-9a-fA-F]+|[0-9]+/
BYTES.3: /[rR]?[bB][rR]?("([^"\\\r\n]|\\.)*"|'([^'\\\r\n]|\\.)*')/
RAW_STRING.3: /[rR]("{3}[\s\S]*?"{3}|'{3}[\s\S]*?'{3}|"[^"\r\n]*"|'[^'\r\n]*')/
LONG_STRING.3: /"{3}([^\\]|\\[\s\S])*?"{3}|'{3}([^\\]|\\[\s\S])*?'{3}/
STRING.2: /"([^"\\\r\n]|\\.)*"|'([^'\\\r\n]|\\.)*'/

%ignore /[ \t\n\f\r]+/
%ignore /\/\/[^\n]*/
"""

# fmt: off
RESERVED: Final = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let",
    "loop", "namespace", "package", "return", "var", "void", "while",
})
# fmt: on
"""Words that CEL keeps for itself: no name may be one of them."""


@cache
def parser() -> lark.Lark:
    """The parser, built once."""
    return lark.Lark(
        _GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=False
    )
