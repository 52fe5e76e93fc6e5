"""`jingzhun-web`: the platform's commands for whoever runs the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from jingzhun.errors import UserError
from jingzhun_web.kit.embedded import embedded
from jingzhun_web.kit.environment import SettingsError, environment
from jingzhun_web.operations.processes import must_be_free, run_together, stop_on_signals

app = typer.Typer(
    help="Jingzhun's web platform.", no_args_is_help=True, pretty_exceptions_enable=False
)
OWNER, APP = "owner", "app"
INTERRUPTED = 130
_INSIDE = (sys.executable, "-m", "jingzhun_web.inside")


@contextmanager
def database() -> Iterator[None]:
    """The database that the settings name, or the embedded one, its addresses in the environment."""
    env = environment()
    if env.database_url:
        yield
        return
    if env.mode == "production":
        raise SettingsError("Production needs DATABASE_URL")
    with embedded(env.home / "postgres") as addresses:
        os.environ["DATABASE_URL"] = addresses.app
        os.environ["JINGZHUN_OWNER_DATABASE_URL"] = addresses.owner
        environment.cache_clear()
        yield


def _child(*arguments: str, role: str = APP) -> None:
    """Run a command of the platform in a process of its own, as owner or application."""
    if role == OWNER and not environment().owner_database_url:
        raise SettingsError(
            "This command needs the role that owns the tables",
            do="Set JINGZHUN_OWNER_DATABASE_URL for this command only",
        )
    done = subprocess.run([*_INSIDE, *arguments], env=_environment(role), check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


def _environment(role: str) -> dict[str, str]:
    env = environment()
    place = {"JINGZHUN_HOST": env.host, "JINGZHUN_PORT": str(env.port)}
    return {**os.environ, **place, "JINGZHUN_DB_ROLE": role}


@app.command()
def migrate() -> None:
    """Bring the database to the present version; safe to repeat."""
    with database():
        _child("migrate", role=OWNER)


@app.command()
def createadmin(
    username: str, area: Annotated[str, typer.Option(help="Area code, 2 to 12 digits.")]
) -> None:
    """Make the first account administrator of an area; the password is asked for, or read from a pipe."""
    with database():
        _child("createadmin", username, area)


@app.command("verify-audit")
def verify_audit() -> None:
    """Verify the chain of the audit log; ends with 1 at the first entry that was tampered with."""
    with database():
        _child("verify-audit")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The archive to be written.")]) -> None:
    """Write all tables and files, as of one moment, into one archive; the platform may be running."""
    with database():
        _child("backup", str(file), role=OWNER)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="An archive of jingzhun-web backup.")],
) -> None:
    """Put a backup back into an empty database, and compare every table with it by count and checksum."""
    with database():
        _child("restore", str(file), role=OWNER)


@app.command()
def check(
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Whether real data may come in.")
    ] = False,
) -> None:
    """Tell what is wrong with settings and database; ends with 1 when something is."""
    with database():
        _child("check-migrations")
        if deploy:
            _child("check")
        else:
            print("Settings and database are right.")


@app.command()
def demo(
    workspace: Annotated[Path, typer.Argument(help="Workspace with an invented province.")],
) -> None:
    """Load an invented province, make one account per role, and serve until Ctrl-C.

    What is there already is kept: a second start takes seconds.
    """
    env = environment()
    if env.mode != "demo":
        raise SettingsError("The demo does not run in production mode")
    must_be_free(env.host, env.port)
    with database():
        _child("migrate", role=OWNER)
        _child("demo", str(workspace), str(env.home / "accounts.txt"))
        _run(web=_web(), worker=[*_INSIDE, "worker"])


@app.command()
def serve() -> None:
    """Serve pages until Ctrl-C; the database must be at the present version."""
    must_be_free(environment().host, environment().port)
    with database():
        _child("check-migrations")
        _run(web=_web())


@app.command()
def worker() -> None:
    """Do the long work that was started in the browser, until Ctrl-C; as many of them as you like."""
    with database():
        _child("check-migrations")
        _run(worker=[*_INSIDE, "worker"])


def _run(**commands: list[str]) -> None:
    env = environment()
    ready = f"Jingzhun runs at http://{env.host}:{env.port}/  (Ctrl-C ends it)"
    names = {name.replace("web", "web server"): command for name, command in commands.items()}
    run_together(names, environment=_environment(APP), ready=ready if "web" in commands else "")


def _web() -> list[str]:
    env = environment()
    command = [sys.executable, "-m", "granian", "jingzhun_web.wsgi:application"]
    options = {
        "interface": "wsgi",
        "host": env.host,
        "port": env.port,
        "workers": env.workers,
        "blocking-threads": 4,
        "log-level": "warning",
    }
    return command + [f"--{name}={value}" for name, value in options.items()]


def main() -> None:
    """Run the command; an anticipated error becomes one paragraph and its exit code."""
    stop_on_signals()
    try:
        app(standalone_mode=True)
    except UserError as error:
        print(f"jingzhun-web: {error.sentence}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
