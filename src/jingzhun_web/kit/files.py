"""Files that people hand in: kept once by their content, encrypted, outside the database.

A file is named by the SHA-256 of its content, so that the same file twice is one file, and a changed one is
noticed when it is opened.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from jingzhun.errors import UserError
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.keys import seals


class FileError(UserError):
    """A kept file is not there, or not what it was."""


@dataclass(frozen=True)
class Kept:
    """A file that is kept: its name, and its size in bytes."""

    sha256: str
    size: int


def keep(data: bytes) -> Kept:
    """Keep a file; either wholly there afterwards or not at all. Costs memory of three times its size."""
    name = hashlib.sha256(data).hexdigest()
    target = _path(name)
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=target.parent, delete=False) as made:
            made.write(seals().seal_bytes(data))
            made.flush()
            os.fsync(made.fileno())
        Path(made.name).replace(target)
    return Kept(name, len(data))


def opened(sha256: str) -> bytes:
    """The content again. FileError when it is missing or was changed."""
    path = _path(sha256)
    if not path.is_file():
        raise FileError(
            f"The file {sha256[:12]} is not there",
            why=f"{path.parent} does not hold it",
            do="Restore the folder of files from the backup",
        )
    data = seals().open_bytes(path.read_bytes())
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileError(f"The file {sha256[:12]} was changed", do="Restore it from the backup")
    return data


def folder() -> Path:
    """Where the files are."""
    return environment().home / "files"


def _path(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256
