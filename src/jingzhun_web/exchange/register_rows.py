"""The register's rows out of the database as the data standard has them: typed, identifiers opened."""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl
from django.db import connection
from psycopg import sql

from jingzhun.frames.partitions import storage_type
from jingzhun.standard import schema
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry.applying import KEYS, MODELS
from jingzhun_web.registry.columns import columns, is_sealed

NULL = "\\N"


def read(table: str, *, period: int, span: tuple[int, int]) -> pl.DataFrame:
    """Rows of `households` or `persons` whose area lies in the span (first, last), of those in the scope."""
    return _read(
        table,
        sql.SQL("period = {period} AND area BETWEEN {low} AND {high}").format(
            period=sql.Literal(period), low=sql.Literal(span[0]), high=sql.Literal(span[1])
        ),
    )


def read_some(table: str, *, period: int, ids: Sequence[str]) -> pl.DataFrame:
    """Rows of `households` or `persons` with these numbers, of those in the scope."""
    return _read(
        table,
        sql.SQL("period = {period} AND {key} = ANY({ids})").format(
            period=sql.Literal(period),
            key=sql.Identifier(KEYS[table]),
            ids=sql.Literal(list(ids)),
        ),
    )


def _read(table: str, where: sql.Composable) -> pl.DataFrame:
    wanted = list(columns(table))
    statement = sql.SQL(
        "COPY (SELECT {names} FROM {table} WHERE {where}) TO STDOUT (FORMAT csv, NULL {null})"
    ).format(
        names=sql.SQL(", ").join(sql.Identifier(column.name) for column in wanted),
        table=sql.Identifier(MODELS[table]._meta.db_table),
        where=where,
        null=sql.Literal(NULL),
    )
    buffer = io.BytesIO()
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            buffer.write(block)
    return typed(_texts(buffer.getvalue(), [column.name for column in wanted]), wanted)


def _texts(data: bytes, names: Sequence[str]) -> pl.DataFrame:
    """CSV of PostgreSQL as texts; what was null there is null, what was empty is empty."""
    if not data:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return pl.read_csv(
        data,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        null_values=NULL,
        empty_string_is_null=False,
    )


def typed(texts: pl.DataFrame, wanted: Sequence[schema.Column]) -> pl.DataFrame:
    """Texts as PostgreSQL writes them in the standard's types; sealed ones opened."""
    return texts.select(_value(texts, column) for column in wanted)


def _value(texts: pl.DataFrame, column: schema.Column) -> pl.Series | pl.Expr:
    text = pl.col(column.name)
    if is_sealed(column):
        return _opened(texts[column.name])
    if column.type == "codes":
        inside = text.str.strip_chars("{}")
        parts = pl.when(inside == "").then(pl.lit([], pl.List(pl.String)))
        return parts.otherwise(inside.str.split(",")).alias(column.name)
    if column.type == "bool":
        return (text == "t").alias(column.name)
    if column.type == "date":
        return text.str.to_date("%Y-%m-%d")
    return text.cast(storage_type(column.type))


def _opened(sealed: pl.Series) -> pl.Series:
    open_ = seals().open
    values = [
        None if text is None else open_(bytes.fromhex(text.removeprefix("\\x"))) for text in sealed
    ]
    return pl.Series(sealed.name, values, dtype=pl.String)
