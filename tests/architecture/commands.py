"""The commands of the command line, as the tests look at them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import typer.main

from jingzhun.cli.app import app


@cache
def commands() -> dict[str, Any]:
    """`pack show` -> its command, for every command; a group's own name leads to its default, if any."""
    root: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        found[name] = inner.get(getattr(command, "default", "")) if inner else command
        found |= {f"{name} {part}": sub for part, sub in (inner or {}).items()}
    return found


def real_commands() -> Iterator[tuple[str, Any]]:
    return ((name, command) for name, command in commands().items() if command is not None)


def command_names() -> list[str]:
    """`run`, `pack show` and all the others, groups included."""
    return list(commands())
