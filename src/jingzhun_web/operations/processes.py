"""Starting the platform's processes together, and ending all of them whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from types import FrameType

from jingzhun.errors import UserError

GRACE = 20
"""Seconds that a process has for ending by itself; a job cut off begins anew with the next worker."""
_PATIENCE = 5
"""Seconds that one request waits for its answer before there is another."""
_PAUSE = 0.1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ProcessError(UserError):
    """A process of the platform can't start, or ended by itself."""


def stop_on_signals() -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal raise KeyboardInterrupt once; later ones are ignored.

    Ending is bounded in time, so that nobody needs a second Ctrl-C, which would leave processes behind.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, stop)


def must_be_free(host: str, port: int) -> None:
    """ProcessError when something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Addresses that only wait for their time-out don't count as used.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise ProcessError(
                f"The platform can't listen at {host}, port {port}",
                why=error.strerror or "",
                do=f"End what uses it, or choose another port: JINGZHUN_PORT={port + 1}",
            ) from error


def run_together(
    commands: Mapping[str, Sequence[str]], *, environment: Mapping[str, str], ready: str = ""
) -> None:
    """Run commands, by name, until a signal or until one of them ends; then end all of them.

    `ready` is printed when the first of them answers requests (`JINGZHUN_HOST`, `JINGZHUN_PORT`).
    ProcessError when one ended without being asked to.
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            # A group of its own: Ctrl-C reaches this process only, which tells each child once.
            children[name] = subprocess.Popen(command, env=dict(environment), process_group=0)
        if ready and _has_answered(children, environment):
            print(ready, flush=True)
        gone = _first_to_end(children)
    except KeyboardInterrupt:
        print("Ending ...", file=sys.stderr, flush=True)
    else:
        raise ProcessError(
            f"The {gone} ended by itself, code {children[gone].returncode}",
            do="The lines above say why",
        )
    finally:
        end(children)


def _has_answered(
    children: Mapping[str, subprocess.Popen[bytes]], environment: Mapping[str, str]
) -> bool:
    """Wait for an answer, whatever it says: the port is open seconds before the pages are loaded.

    False when a process ended before there was one.
    """
    host, port = environment["JINGZHUN_HOST"].strip("[]"), int(environment["JINGZHUN_PORT"])
    while all(child.poll() is None for child in children.values()):
        connection = HTTPConnection(host, port, timeout=_PATIENCE)
        try:
            connection.request("HEAD", "/sign-in/")
            connection.getresponse()
        except (OSError, HTTPException):
            time.sleep(_PAUSE)
        else:
            return True
        finally:
            connection.close()
    return False


def _first_to_end(children: Mapping[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(_PAUSE)


def end(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Ask processes to end, wait, and kill the groups of those that do not."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE
    for name, child in children.items():
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(
                f"The {name} needs more than {GRACE} seconds and is cut off; "
                "work that it had begun begins anew at the next start.",
                file=sys.stderr,
            )
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
