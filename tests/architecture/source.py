"""What the architecture tests look at: the project's files, and the syntax trees of its modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "jingzhun"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Module:
    """One Python file of the repository."""

    path: Path

    @property
    def place(self) -> str:
        """Path below the repository, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def floor(self) -> str:
        """The part of the package it stands in: `cli`, `policy`, `errors` ..."""
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @cached_property
    def text(self) -> str:
        """The file as it stands."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its tree."""
        return tuple(ast.walk(self.tree))

    def calls(self) -> Iterator[ast.Call]:
        """Every call in it."""
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method in it."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[str]:
        """Full names of the modules it imports."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The Python files below some folders of the repository; the package by default."""
    roots = [ROOT / folder for folder in folders] or [PACKAGE]
    found = (path for root in roots for path in sorted(root.rglob("*.py")))
    return tuple(Module(path) for path in found if not _is_made(path))


def _is_made(path: Path) -> bool:
    """Whether a program wrote the file: Django's first migrations, and what benchmarks install for themselves."""
    place = path.relative_to(ROOT)
    return place.parts[:2] == ("bench", "data") or place.match("migrations/0001_*.py")


def called(call: ast.Call) -> str:
    """The last name of what is called: `now` of `datetime.now()`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def text_of(node: ast.expr | None) -> str | None:
    """The text of a literal; None for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case _:
            return None
