"""Row-level security as migration operations, one per table that holds people or areas."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

APP_ROLE = "jingzhun_app"

# The two bounds let the index be used, the multirange is exact. Unset, all three are null: no row.
IN_SCOPE = (
    "{column} >= nullif(current_setting('jingzhun.low', true), '')::bigint"
    " AND {column} <= nullif(current_setting('jingzhun.high', true), '')::bigint"
    " AND {column} <@ nullif(current_setting('jingzhun.areas', true), '')::int8multirange"
)


def area_policy(table: str, column: str = "area") -> RunSQL:
    """Rows of `table` are seen, written and deleted only where their area lies in the scope."""
    inside = IN_SCOPE.format(column=column)
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_area ON {table} TO {APP_ROLE} USING ({inside}) WITH CHECK ({inside});"
        f"GRANT SELECT, INSERT, UPDATE ON {table} TO {APP_ROLE};",
        f"REVOKE ALL ON {table} FROM {APP_ROLE};"
        f"DROP POLICY {table}_area ON {table};"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def read_once(*tables: str, column: str = "area") -> RunSQL:
    """The policies of tables with many rows, saying the same: the multirange is read once a query, not per row.

    The bounds stay as they are, since PostgreSQL plans with their values.
    """
    areas = "nullif(current_setting('jingzhun.areas', true), '')::int8multirange"
    now = IN_SCOPE.format(column=column)
    quick = now.replace(areas, f"(SELECT {areas})")
    change = "ALTER POLICY {0}_area ON {0} USING ({1}) WITH CHECK ({1});"
    return RunSQL(
        "".join(change.format(table, quick) for table in tables),
        "".join(change.format(table, now) for table in tables),
    )


def open_to_all(*tables: str) -> RunSQL:
    """Tables without people that everybody may read, and add to."""
    return RunSQL(
        "".join(f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE};" for table in tables),
        "".join(f"REVOKE ALL ON {table} FROM {APP_ROLE};" for table in tables),
    )
