"""A backup put back into an empty database: read through first, then written, then compared, in that order.

Nothing is written before the whole archive was read and found as its manifest says. All rows come in with
one transaction, which ends only when every table, read out again, has the checksum of the backup.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  (an exception under a telling name)

import psycopg
from psycopg import sql

from jingzhun_web.kit.environment import environment
from jingzhun_web.operations.backup import (
    FOLDERS,
    FORMAT,
    MANIFEST,
    PIECE,
    BackupError,
    is_signed,
    keys_open,
    migrations,
    owner_connection,
)
from jingzhun_web.operations.tables import (
    Content,
    Table,
    active_triggers,
    all_tables,
    fix_session,
    read_out,
    sequences,
    set_sequence,
    switch_triggers,
)

MADE_BY_MIGRATIONS = ("areas_area", "auth_permission", "django_content_type", "django_migrations")
_BROKEN = (BadZipFile, EOFError, KeyError, OSError, ValueError, ZlibError)


def restore(source: Path, make_tables: Callable[[], None]) -> dict[str, Any]:
    """Put a backup back and return its manifest; `make_tables` migrates the empty database.

    BackupError when the archive is damaged or foreign, of another version, or when the database or the folder
    of files holds something already; no row has been written then.
    """
    with opened(source) as archive:
        manifest = checked(archive, source)
        with owner_connection() as connection:
            _must_be_empty(connection)
        _must_have_no_files()
        make_tables()
        with owner_connection() as connection:
            _put_back(connection, archive, manifest)
    return manifest


def _put_back(connection: psycopg.Connection, archive: ZipFile, manifest: dict[str, Any]) -> None:
    try:
        with connection.transaction():
            fix_session(connection)
            _must_be_of_version(connection, manifest)
            _fill(connection, archive, manifest)
            _files_back(archive, manifest)
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as error:
        # Its text may hold values of a row; the name of the error does not.
        raise BackupError(
            "The database refused what the backup holds; nothing was restored",
            why=type(error).__name__,
            do="Restore with the version that made the backup",
        ) from None


def opened(source: Path) -> ZipFile:
    """The archive, still unread; BackupError when it is none, or was cut off."""
    try:
        return ZipFile(source)
    except _BROKEN as error:
        raise BackupError(f"{source} is no whole backup", why=str(error)) from error


def checked(archive: ZipFile, source: Path) -> dict[str, Any]:
    """The manifest, after every byte of the archive was compared with it."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        wrong = None if manifest["format"] == FORMAT else f"format {manifest['format']} is unknown"
        wrong = wrong or next(_differences(archive, manifest), None)
    except _BROKEN as error:
        raise BackupError(f"{source} is damaged", why=str(error)) from error
    if wrong:
        raise BackupError(f"{source} is damaged: {wrong}", do="Take another backup")
    keys_open(manifest)
    if not is_signed(manifest):
        raise BackupError(
            f"{source} was not made by this installation, or was changed",
            why="Its signature is not that of JINGZHUN_INDEX_KEY",
            do="Set the keys of the installation that made it",
        )
    return manifest


def _differences(archive: ZipFile, manifest: dict[str, Any]) -> Iterator[str]:
    entries = {f"tables/{name}": entry for name, entry in manifest["tables"].items()}
    entries |= {f"home/{name}": entry for name, entry in manifest["files"].items()}
    if set(archive.namelist()) != {*entries, MANIFEST}:
        yield "its entries are not those of its manifest"
    for name, entry in entries.items():
        if _is_outside(name):
            yield f"{name} would lie outside"
        with archive.open(name) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        if found != entry["sha256"]:
            yield f"{name} has another checksum"


def _is_outside(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\\" in name


def _must_be_empty(connection: psycopg.Connection) -> None:
    for table in all_tables(connection):
        if table.name in MADE_BY_MIGRATIONS:
            continue
        question = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table.ident)
        if connection.execute(question).fetchone() == (True,):
            raise BackupError(
                "The database is not empty",
                why=f"There are rows in {table.name}",
                do="Restore into a new database; docs/operations.md shows how to make one",
            )


def _must_have_no_files() -> None:
    for folder in (environment().home / name for name in FOLDERS):
        if any(path.is_file() for path in folder.rglob("*")):
            raise BackupError(f"{folder} is not empty", do="Move it away first")


def _must_be_of_version(connection: psycopg.Connection, manifest: dict[str, Any]) -> None:
    if migrations(connection) != manifest["migrations"]:
        raise BackupError(
            f"The backup was made by version {manifest['version']}, with other tables",
            do="Install that version, restore, then upgrade",
        )


def _fill(connection: psycopg.Connection, archive: ZipFile, manifest: dict[str, Any]) -> None:
    entries = manifest["tables"]
    tables = [
        replace(table, columns=tuple(entries[table.name]["columns"]))
        for table in all_tables(connection)
        if table.name in entries
    ]
    # Histories and the audit log come from the backup: their triggers would write them a second time, or
    # refuse. The owner may switch them; foreign keys stay, checked before the triggers come back.
    triggers = active_triggers(connection)
    switch_triggers(connection, triggers, "DISABLE")
    names = sql.SQL(", ").join(table.ident for table in tables)
    connection.execute(sql.SQL("TRUNCATE {}").format(names))
    for table in tables:
        with archive.open(f"tables/{table.name}") as file:
            _copy_in(connection, table, file)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    switch_triggers(connection, triggers, "ENABLE")
    for name, last in manifest["sequences"].items():
        set_sequence(connection, name, last)
    _must_be_equal(connection, tables, manifest)


def _copy_in(connection: psycopg.Connection, table: Table, file: IO[bytes]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.ident, names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while piece := file.read(PIECE):
            copy.write(piece)


def _must_be_equal(
    connection: psycopg.Connection, tables: list[Table], manifest: dict[str, Any]
) -> None:
    for table in tables:
        entry = manifest["tables"][table.name]
        if read_out(connection, table) != Content(entry["rows"], entry["sha256"]):
            raise BackupError(f"{table.name} came out differently", do="Nothing was restored")
    if sequences(connection) != manifest["sequences"]:
        raise BackupError("The sequences came out differently", do="Nothing was restored")


def _files_back(archive: ZipFile, manifest: dict[str, Any]) -> None:
    home = environment().home
    for name, entry in manifest["files"].items():
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        with (
            archive.open(f"home/{name}") as file,
            NamedTemporaryFile(dir=target.parent, delete=False) as made,
        ):
            while piece := file.read(PIECE):
                made.write(piece)
                digest.update(piece)
            made.flush()
            os.fsync(made.fileno())
        if digest.hexdigest() != entry["sha256"]:
            raise BackupError(f"The file {name} came out differently", do="Nothing was restored")
        Path(made.name).replace(target)
