"""The `jingzhun` command: its sub-commands, and how errors reach the console."""

from __future__ import annotations

import sys

import typer

from jingzhun import __version__
from jingzhun.cli import explain as explain_command
from jingzhun.cli import measure as measure_commands
from jingzhun.cli import run as run_commands
from jingzhun.errors import UserError

app = typer.Typer(
    name="jingzhun",
    help="Targeted poverty alleviation 精准扶贫: who is poor, why, and who is lifted out, "
    "explained household by household.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def version(
    show: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Common options."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


for command in (
    run_commands.run,
    run_commands.check,
    run_commands.evaluate,
    explain_command.explain,
    measure_commands.measure,
    measure_commands.mpi,
):
    app.command()(command)


def main() -> None:
    """Run the command; an anticipated error becomes one paragraph and its exit code."""
    try:
        app()
    except UserError as error:
        print(f"jingzhun: {error.sentence}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output (a pager, `head`) has gone: nothing is wrong.
        sys.stderr.close()
        sys.exit(0)
