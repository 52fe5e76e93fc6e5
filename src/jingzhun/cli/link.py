"""`jingzhun link`: who of one table is who of another."""

from __future__ import annotations

import typer

from jingzhun.cli import link_private

group = typer.Typer(
    name="link",
    help="Link people of the register and of other departments' records.",
    no_args_is_help=True,
)
for name, command in link_private.COMMANDS.items():
    group.command(name)(command)
