"""Folders of tests that the database must be able to enter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """A folder that the database may enter where the tests run as root; pytest's own are closed to it."""
    with TemporaryDirectory(prefix="jingzhun-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder
