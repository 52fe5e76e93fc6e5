"""Rows of an import into the archive: all in the caller's transaction, by COPY, or none.

Rows to be changed are locked first, so that whoever calls can compare them with what was shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import IntegrityError, sql

from jingzhun.errors import UserError
from jingzhun_web.registry.loading import (
    Text,
    as_households,
    as_persons,
    copied_to_scratch,
    inserted_from_scratch,
)
from jingzhun_web.registry.models import Household, Person

MODELS: dict[str, type[Household] | type[Person]] = {"households": Household, "persons": Person}
KEYS = {"households": "household_id", "persons": "person_id"}


class ApplyError(UserError):
    """Rows can't be taken over."""


def lock(table: str, ids: Sequence[str], period: int) -> int:
    """Hold rows until the transaction ends; returned is how many of them there are in the scope."""
    statement = sql.SQL(
        "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE period = {period} AND {key} = ANY(%s) FOR UPDATE) r"
    ).format(
        table=sql.Identifier(MODELS[table]._meta.db_table),
        key=sql.Identifier(KEYS[table]),
        period=sql.Literal(period),
    )
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def insert(table: str, rows: pl.DataFrame, *, source: str) -> int:
    """Add placed rows (`loading.placed`). ApplyError when a number is taken, in or outside the scope."""
    if not rows.height:
        return 0
    made = _as_stored(table, rows, source)
    scratch = copied_to_scratch(MODELS[table], Text.of(made))
    try:
        return inserted_from_scratch(MODELS[table], scratch, made.columns)
    except IntegrityError as error:
        raise ApplyError(
            _("Some numbers of this import are in use already; nothing was taken over"),
            why=_("Somebody added them since it was checked, or they belong to another area"),
            do=_("Check the import again; numbers of other areas must be corrected in the file"),
        ) from error


def update(table: str, rows: pl.DataFrame, *, source: str) -> int:
    """Set all columns of placed rows that are there already; a household's version grows by one."""
    if not rows.height:
        return 0
    made = _as_stored(table, rows, source)
    made = made.drop("version", strict=False)
    scratch = copied_to_scratch(MODELS[table], Text.of(made))
    key = KEYS[table]
    names = [name for name in made.columns if name not in (key, "period")]
    sets = [
        sql.SQL("{name} = s.{name}").format(name=sql.Identifier(name))
        for name in names
        if name != "source"
    ]
    more = [sql.SQL("source = s.source"), sql.SQL("recorded_at = now()")]
    if any(field.name == "version" for field in MODELS[table]._meta.get_fields()):
        more.append(sql.SQL("version = t.version + 1"))
    statement = sql.SQL(
        "UPDATE {table} t SET {sets} FROM {scratch} s WHERE t.{key} = s.{key} AND t.period = s.period"
    ).format(
        table=sql.Identifier(MODELS[table]._meta.db_table),
        sets=sql.SQL(", ").join([*sets, *more]),
        scratch=sql.Identifier(scratch),
        key=sql.Identifier(key),
    )
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _as_stored(table: str, rows: pl.DataFrame, source: str) -> pl.DataFrame:
    return as_households(rows, source) if table == "households" else as_persons(rows, source)
