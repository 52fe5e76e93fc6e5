"""`jingzhun-web`: the platform's commands for whoever runs the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from jingzhun.errors import UserError
from jingzhun_web.kit.embedded import embedded
from jingzhun_web.kit.environment import SettingsError, environment

app = typer.Typer(
    help="Jingzhun's web platform.", no_args_is_help=True, pretty_exceptions_enable=False
)
OWNER, APP = "owner", "app"
_LONGEST_WAIT = 20


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
    command = [sys.executable, "-m", "jingzhun_web.inside", *arguments]
    done = subprocess.run(command, env={**os.environ, "JINGZHUN_DB_ROLE": role}, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


@app.command()
def migrate() -> None:
    """Bring the database to the present version; safe to repeat."""
    with database():
        _child("migrate", role=OWNER)


@app.command()
def createadmin(
    username: str, area: Annotated[str, typer.Option(help="Area code, 2 to 12 digits.")]
) -> None:
    """Make the first account administrator of an area; the password is asked for."""
    with database():
        _child("createadmin", username, area)


@app.command("verify-audit")
def verify_audit() -> None:
    """Verify the chain of the audit log; ends with 1 at the first entry that was tampered with."""
    with database():
        _child("verify-audit")


@app.command()
def demo(
    workspace: Annotated[Path, typer.Argument(help="Workspace with an invented province.")],
) -> None:
    """Load an invented province, make one account per role, and serve until Ctrl-C."""
    if environment().mode != "demo":
        raise SettingsError("The demo does not run in production mode")
    with database():
        _child("migrate", role=OWNER)
        _child("load", str(workspace))
        _child("demo-accounts", str(environment().home / "accounts.txt"))
        _serve()


@app.command()
def serve() -> None:
    """Serve pages until Ctrl-C; the database must be at the present version."""
    with database():
        _child("check-migrations")
        _serve()


def _serve() -> None:
    env = environment()
    command = [
        sys.executable,
        "-m",
        "granian",
        "jingzhun_web.wsgi:application",
        "--interface",
        "wsgi",
        "--host",
        env.host,
        "--port",
        str(env.port),
        "--workers",
        str(env.workers),
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen(command, env={**os.environ, "JINGZHUN_DB_ROLE": APP})
    print(f"Jingzhun runs at http://{env.host}:{env.port}/  (Ctrl-C ends it)", flush=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        print("Ending ...", flush=True)
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    for _ in range(_LONGEST_WAIT * 10):
        if server.poll() is not None:
            return
        time.sleep(0.1)
    server.kill()


def main() -> None:
    """Run the command; an anticipated error becomes one paragraph and its exit code."""
    try:
        app()
    except UserError as error:
        print(f"jingzhun-web: {error.sentence}", file=sys.stderr)
        sys.exit(error.exit_code)
