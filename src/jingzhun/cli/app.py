"""The `jingzhun` command: its sub-commands, and how errors reach the console."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from jingzhun import __version__
from jingzhun.cli import (
    crosscheck,
    explain,
    identify,
    intake,
    link,
    measure,
    pack,
    run,
    sample,
    schema,
    sources,
)
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


# In the order in which somebody new needs them.
COMMANDS: dict[str, Callable[..., None]] = {
    "make-sample": sample.make_sample,
    "run": run.run,
    "explain": explain.explain,
    "import": intake.import_command,
    "sources": sources.sources,
    "check": run.check,
    "identify": identify.identify,
    "compare": identify.compare,
    "evaluate": run.evaluate,
    "measure": measure.measure,
    "mpi": measure.mpi,
    "schema": schema.schema_command,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(link.group)
app.add_typer(crosscheck.group)
app.add_typer(pack.group)


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
