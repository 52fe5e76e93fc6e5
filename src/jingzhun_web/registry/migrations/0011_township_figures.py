"""Sums of households by township beside those by village, kept by the same triggers.

Pages of a province read some 1,400 rows of sums instead of 16,000. Not by county: all who work in one would wait
for one another.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy, read_once

# The columns and what a household adds to them are those of the sums by village.
before = import_module("jingzhun_web.registry.migrations.0003_village_figures")

VILLAGES, TOWNSHIPS = before.TABLE, "registry_township_figures"
NAMES = before.NAMES
_ADDED = ", ".join(f"{name} = s.{name} + excluded.{name}" for name in before.SUMS)
_CONFLICT = f"ON CONFLICT (period, area) DO UPDATE SET changed_at = now(), {_ADDED}"
_PLUS = ", ".join(f"sum({name})" for name in before.SUMS)
ADD = f"""
WITH changed AS MATERIALIZED (
  SELECT r.period, r.area, {", ".join(f"{sql} AS {name}" for name, sql in before.SUMS.items())}
  FROM ({{rows}}) AS r GROUP BY r.period, r.area
), villages AS (
  INSERT INTO {VILLAGES} AS s (period, area, changed_at, {NAMES})
  SELECT period, area, now(), {NAMES} FROM changed ORDER BY period, area {_CONFLICT}
)
INSERT INTO {TOWNSHIPS} AS s (period, area, changed_at, {NAMES})
SELECT period, area / 1000 * 1000, now(), {_PLUS} FROM changed GROUP BY 1, 2 ORDER BY 1, 2 {_CONFLICT};
"""


def _replaced(act: str, add: str) -> str:
    rows = before.SOURCES[act][0]
    return f"""
CREATE OR REPLACE FUNCTION {VILLAGES}_{act}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off AS $$ BEGIN {add.format(rows=rows)} RETURN NULL; END $$;
"""


MAKE = (
    f"CREATE TABLE {TOWNSHIPS} (period smallint NOT NULL, area bigint NOT NULL,"
    f" changed_at timestamptz NOT NULL, {before.COLUMNS}, PRIMARY KEY (area, period));"
    + "".join(_replaced(act, ADD) for act in before.SOURCES)
    + f"INSERT INTO {TOWNSHIPS} (period, area, changed_at, {NAMES})"
    f" SELECT period, area / 1000 * 1000, max(changed_at), {_PLUS} FROM {VILLAGES} GROUP BY 1, 2;"
)
UNMAKE = "".join(_replaced(act, before.ADD) for act in before.SOURCES) + f"DROP TABLE {TOWNSHIPS};"


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0010_outcomes")]
    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        area_policy(TOWNSHIPS),
        migrations.RunSQL(f"REVOKE INSERT, UPDATE ON {TOWNSHIPS} FROM {APP_ROLE};", "SELECT 1;"),
        read_once(TOWNSHIPS),
    ]
