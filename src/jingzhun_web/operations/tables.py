"""The tables of the database as backup and restore see them: columns, order, sequences, triggers, content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg
from psycopg import sql

# What a row looks like as text must not depend on the server's or the session's settings.
_FIXED = (
    "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'iso_8601';"
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = public;"
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"
)
_COLUMNS = """
SELECT c.relname, a.attname, t.typcategory = 'S', coalesce(a.attnum = ANY (i.indkey), false)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = ''
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname, a.attnum
"""
_DEPENDENCIES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
  AND connamespace = 'public'::regnamespace
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
JOIN pg_class c ON c.oid = tgrelid
WHERE NOT tgisinternal AND tgenabled = 'O' AND c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Table:
    """A table: its name, its columns that hold data, and how its rows are put in order."""

    name: str
    columns: tuple[str, ...]
    order: sql.Composable

    @property
    def ident(self) -> sql.Identifier:
        """The name as SQL."""
        return sql.Identifier(self.name)

    @property
    def select(self) -> sql.Composed:
        """All rows, always in the same order."""
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL("SELECT {} FROM {} ORDER BY {}").format(names, self.ident, self.order)


@dataclass(frozen=True)
class Content:
    """What a table held: rows, and SHA-256 over its rows as text."""

    rows: int
    sha256: str


Connection = psycopg.Connection


def fix_session(connection: Connection) -> None:
    """Let text forms and names be the same everywhere, for the rest of the transaction."""
    connection.execute(_FIXED)


def all_tables(connection: Connection) -> list[Table]:
    """Every table of the database; those that others refer to come first."""
    columns: dict[str, list[tuple[str, bool, bool]]] = {}
    for table, column, is_text, is_key in connection.execute(_COLUMNS):
        columns.setdefault(table, []).append((column, is_text, is_key))
    sorter = TopologicalSorter[str]({name: set() for name in columns})
    for table, other in connection.execute(_DEPENDENCIES):
        sorter.add(table, other)
    return [_table(name, columns[name]) for name in sorter.static_order()]


def _table(name: str, columns: Sequence[tuple[str, bool, bool]]) -> Table:
    keys = [(column, is_text) for column, is_text, is_key in columns if is_key]
    if keys:
        order = [_in_order(column, is_text) for column, is_text in keys]
    else:
        whole = sql.SQL("({}.*)::text").format(sql.Identifier(name))
        order = [sql.SQL('{} COLLATE "C"').format(whole)]
    return Table(name, tuple(column for column, *_ in columns), sql.SQL(", ").join(order))


def _in_order(column: str, is_text: bool) -> sql.Composable:
    # Languages sort differently from machine to machine; bytes do not.
    name = sql.Identifier(column)
    return sql.SQL('{} COLLATE "C"').format(name) if is_text else name


def read_out(
    connection: Connection, table: Table, take: Callable[[bytes], object] = lambda _: None
) -> Content:
    """Read a table as COPY writes it, piece by piece; `take` gets the pieces."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY ({}) TO STDOUT").format(table.select)) as copy:
            for piece in copy:
                digest.update(piece)
                take(bytes(piece))
        return Content(cursor.rowcount, digest.hexdigest())


def sequences(connection: Connection) -> dict[str, int | None]:
    """Last value of every sequence; None where none was taken."""
    return dict(connection.execute(_SEQUENCES).fetchall())


def set_sequence(connection: Connection, name: str, last: int | None) -> None:
    """Let a sequence go on after `last`."""
    regclass = sql.Identifier(name).as_string(connection)
    connection.execute(
        "SELECT setval(%s::regclass, %s, %s)", [regclass, last or 1, last is not None]
    )


def switch_triggers(connection: Connection, triggers: Sequence[tuple[str, str]], to: str) -> None:
    """`DISABLE` or `ENABLE` triggers (table, name); undone with the transaction."""
    for table, trigger in triggers:
        connection.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                sql.Identifier(table), sql.SQL(to), sql.Identifier(trigger)
            )
        )


def active_triggers(connection: Connection) -> list[tuple[str, str]]:
    """Triggers that fire now, without those of foreign keys, which stay on."""
    return [(table, name) for table, name in connection.execute(_TRIGGERS)]
