"""Errors that users see: each is needed, and each says what to do."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

from jingzhun.errors import UserError

from .source import PACKAGE, Module, called, modules


def _all_errors() -> list[type[UserError]]:
    for module in modules():
        name = ".".join(("jingzhun", *module.path.relative_to(PACKAGE).with_suffix("").parts))
        if "pyspark" not in module.text:
            importlib.import_module(name.removesuffix(".__init__"))
    found: list[type[UserError]] = []
    todo = [UserError]
    while todo:
        error = todo.pop()
        found.append(error)
        todo += error.__subclasses__()
    return [error for error in found if error.__module__.startswith("jingzhun.")]


def _made() -> Iterator[tuple[Module, ast.Call]]:
    names = {error.__name__ for error in _all_errors()}
    return (
        (module, call) for module in modules() for call in module.calls() if called(call) in names
    )


def test_every_kind_of_error_is_raised_somewhere() -> None:
    made = {called(call) for _, call in _made()}

    assert [e.__name__ for e in _all_errors() if e.__name__ not in made] == []


def test_every_kind_of_error_says_what_it_is() -> None:
    assert [e.__name__ for e in _all_errors() if not (e.__doc__ or "").strip()] == []


def test_every_anticipated_error_ends_with_the_same_code() -> None:
    assert {error.exit_code for error in _all_errors()} == {2}


def test_no_handler_swallows_whatever_happens() -> None:
    swallowing = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.ExceptHandler) and _takes_all(node) and not _raises(node)
    ]

    assert swallowing == []


def _takes_all(handler: ast.ExceptHandler) -> bool:
    """Whether it catches what nobody anticipated."""
    match handler.type:
        case None | ast.Name(id="Exception" | "BaseException"):
            return True
        case _:
            return False


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))
