"""Writing files so that they are whole or not there, and the same bytes for the same content."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import polars as pl


def replace_text(path: Path, text: str) -> None:
    """Put `text` into `path` in one step, on disk before it becomes visible."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with scratch.open("w", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    _to_disk(path.parent)


def _to_disk(folder: Path) -> None:
    """Have the names in a folder on disk; all that was renamed before on the same disk comes with them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_parquet(rows: pl.DataFrame, path: Path) -> None:
    """Write `rows` as Parquet that other engines read too: zstd, statistics, no categorical type."""
    rows.write_parquet(path, compression="zstd", compression_level=1, statistics=True)
    # Opened for appending: fsync needs a descriptor, and the file must reach the disk before its name counts.
    with path.open("ab") as handle:
        os.fsync(handle.fileno())


def content_hash(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
