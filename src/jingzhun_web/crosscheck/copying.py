"""Findings into the database: copied to a scratch table, then in one step, leaving the work on them as it is."""

from __future__ import annotations

import io

import polars as pl
from django.db import connection
from psycopg import sql

from jingzhun_web.crosscheck.rows import NAMES

_SCRATCH = "incoming_findings"
# What a run may change of a finding that is on file: the engine's columns, never the work on it.
_KEPT = {"finding_id"}
_CHANGED = [name for name in NAMES.values() if name not in _KEPT]

_LAY = """
INSERT INTO crosscheck_finding AS f ({names}) SELECT {names} FROM {scratch}
ON CONFLICT (finding_id, period) DO UPDATE SET {changes},
  -- A county's own finding that was placed in a village stays there.
  area = CASE WHEN excluded.area % 1000000 = 0 THEN f.area ELSE excluded.area END,
  -- Closed because it was withdrawn, and back again: it has to be looked into.
  state = CASE WHEN {is_back} THEN 'found' ELSE f.state END,
  due = CASE WHEN {is_back} THEN excluded.due ELSE f.due END
WHERE ({ours}) IS DISTINCT FROM ({theirs})
"""
_IS_BACK = (
    "f.engine_state = 'withdrawn' AND excluded.engine_state <> 'withdrawn'"
    " AND f.state = 'closed' AND f.verdict = ''"
)
_TELL = """
INSERT INTO crosscheck_event (finding_id, area, at, by, act, from_state, to_state, note, detail)
SELECT f.id, f.area, now(), 0, e.event, '', '', '', e.detail::jsonb
FROM incoming_events e JOIN crosscheck_finding f USING (finding_id) WHERE f.period = %s
"""


def lay(rows: pl.DataFrame) -> int:
    """Findings (columns as fields) on those on file; returned is how many are new or changed."""
    names = list(rows.columns)
    _fill(_SCRATCH, "crosscheck_finding", rows)
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in _CHANGED
    )
    statement = sql.SQL(_LAY).format(
        names=_listed(names),
        scratch=sql.Identifier(_SCRATCH),
        changes=changes,
        is_back=sql.SQL(_IS_BACK),
        ours=_listed(_CHANGED, "f"),
        theirs=_listed(_CHANGED, "excluded"),
    )
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def tell(events: pl.DataFrame, *, period: int) -> int:
    """What a run did to findings (finding_id, event, detail as JSON), into their history."""
    if not events.height:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_events")
        cursor.execute(
            "CREATE TEMP TABLE incoming_events (finding_id text, event text, detail text) ON COMMIT DROP"
        )
    _copy("incoming_events", events)
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [period])
        return int(cursor.rowcount)


def _fill(scratch: str, like: str, rows: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {scratch}")
    statement = sql.SQL(
        "CREATE TEMP TABLE {scratch} ON COMMIT DROP AS SELECT {names} FROM {like} WITH NO DATA"
    ).format(
        scratch=sql.Identifier(scratch), names=_listed(rows.columns), like=sql.Identifier(like)
    )
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)
    _copy(scratch, rows)


def _copy(table: str, rows: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    # Empty texts are quoted, nulls are not: PostgreSQL tells them apart by that.
    rows.write_csv(buffer, include_header=False, null_value="", quote_style="non_numeric")
    fill = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), _listed(rows.columns)
    )
    with connection.connection.cursor() as cursor, cursor.copy(fill) as copy:
        copy.write(buffer.getvalue())


def _listed(names: list[str], of: str = "") -> sql.Composed:
    parts = (sql.Identifier(of, name) if of else sql.Identifier(name) for name in names)
    return sql.SQL(", ").join(parts)
