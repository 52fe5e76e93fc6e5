"""Everything into one file: all tables as of one moment, the files handed in, and what both must be.

The file is a ZIP archive: `tables/<name>` as COPY writes them, `home/<name>` as they lie in the folder, and
`manifest.json` with rows and SHA-256 of each. Direct identifiers and files stay encrypted in it; all else is
readable. The manifest is signed with the index key of the installation.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import psycopg

from jingzhun.errors import UserError
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.keys import seals
from jingzhun_web.operations.tables import all_tables, fix_session, read_out, sequences

FORMAT = 1
MANIFEST = "manifest.json"
LEFT_OUT = ("django_session",)
"""Sessions are left out: after a restore everybody signs in again."""
FOLDERS = ("files", "exchange")
"""Folders of `JINGZHUN_HOME` that can't be made again from the database."""
PIECE = 1 << 20
_KNOWN = "jingzhun backup"


class BackupError(UserError):
    """A backup can't be made, read or put back."""


def back_up(target: Path) -> dict[str, Any]:
    """Write the backup and return its manifest; the target is either complete afterwards or not there."""
    if target.exists():
        raise BackupError(f"{target} is there already", do="Name another file")
    part = target.with_name(f".{target.name}.part")
    try:
        with owner_connection() as connection, _opened(part) as archive:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            manifest = _written(connection, archive)
        part.replace(target)
    except OSError as error:
        raise BackupError(f"{target} can't be written", why=error.strerror or "") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextmanager
def owner_connection() -> Iterator[psycopg.Connection]:
    """The database as its owner, who sees all rows; nothing is committed by itself."""
    with psycopg.connect(environment().owner_database_url or "", autocommit=True) as connection:
        yield connection


@contextmanager
def _opened(part: Path) -> Iterator[ZipFile]:
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _written(connection: psycopg.Connection, archive: ZipFile) -> dict[str, Any]:
    fix_session(connection)
    tables: dict[str, Any] = {}
    for table in all_tables(connection):
        if table.name in LEFT_OUT:
            continue
        with archive.open(f"tables/{table.name}", "w", force_zip64=True) as entry:
            content = read_out(connection, table, entry.write)
        tables[table.name] = {
            "columns": table.columns,
            "rows": content.rows,
            "sha256": content.sha256,
        }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("jingzhun"),
        "migrations": migrations(connection),
        "left_out": LEFT_OUT,
        "tables": tables,
        "sequences": sequences(connection),
        # After the tables: a file that a row names was there before the row.
        "files": dict(_files_into(archive)),
        "sealed": seals().seal(_KNOWN).hex(),
    }
    manifest["signature"] = signature(manifest)
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def migrations(connection: psycopg.Connection) -> list[str]:
    """Which migrations the database has had, in alphabetical order."""
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return sorted(name for (name,) in rows)


def _files_into(archive: ZipFile) -> Iterator[tuple[str, dict[str, Any]]]:
    home = environment().home
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            # Files that are being written have other names until they are whole.
            if path.is_symlink() or not path.is_file() or path.name.startswith(("tmp", ".")):
                continue
            name = path.relative_to(home).as_posix()
            yield name, _copied(path, archive, f"home/{name}")


def _copied(path: Path, archive: ZipFile, name: str) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    # Not compressed: it is encrypted or Parquet.
    entry = ZipInfo(name)
    with path.open("rb") as file, archive.open(entry, "w", force_zip64=True) as into:
        while piece := file.read(PIECE):
            into.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


def signature(manifest: dict[str, Any]) -> str:
    """What only an installation with the same index key can write under a manifest."""
    unsigned = {key: value for key, value in manifest.items() if key != "signature"}
    return seals().index(json.dumps(unsigned, sort_keys=True)).hex()


def is_signed(manifest: dict[str, Any]) -> bool:
    """Whether the manifest's signature is that of this installation's keys."""
    return hmac.compare_digest(signature(manifest), str(manifest.get("signature", "")))


def keys_open(manifest: dict[str, Any]) -> bool:
    """Whether identifiers of the backup can be read here; SettingsError that says what to do when not."""
    return seals().open(bytes.fromhex(manifest["sealed"])) == _KNOWN
