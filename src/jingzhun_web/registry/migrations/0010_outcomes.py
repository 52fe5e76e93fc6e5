"""Verdicts stay with their household; outcomes by village and by township, kept by triggers.

A household that moves takes its verdicts along, so that its new village sees them, its old one no longer does, and
sums can be those of verdicts alone. Triggers on whole statements count signs over the rows before and after: they
never join the two, which for a province's verdicts would not end.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy, read_once

LEVELS = {"village": "area", "township": "area / 1000 * 1000"}
TABLE = "registry_{level}_outcomes"
TABLES = tuple(TABLE.format(level=level) for level in LEVELS)
KEY = "period, area, profile, outcome"
NEW, OLD = "SELECT 1 AS sign, * FROM new_rows", "SELECT -1 AS sign, * FROM old_rows"
SOURCES = {
    "insert": (NEW, "NEW TABLE AS new_rows"),
    "update": (f"{NEW} UNION ALL {OLD}", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
    "delete": (OLD, "OLD TABLE AS old_rows"),
}
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp"
SUMS, FOLLOWS = "registry_outcomes_{act}", "registry_verdicts_{act}"

# Whoever keeps an evaluation holds this lock alone (`evaluate.results`). A move meanwhile waits for it, because it
# does not see the verdicts that are being written.
MEANWHILE = "PERFORM pg_advisory_xact_lock_shared(hashtext('registry_verdict'));"
PLACE = "household_id, period, area"
WITH_HOUSEHOLD = "v.household_id = m.household_id AND v.period = m.period"
# Which households moved or went, and what happens to their verdicts: all of a statement at once, since one by one
# the sums of the village they come to would be written again for each.
MOVES = {
    "update": (
        f"SELECT {PLACE} FROM new_rows EXCEPT SELECT {PLACE} FROM old_rows",
        "UPDATE registry_verdict v SET area = m.area FROM ({moved}) m",
    ),
    "delete": (
        f"SELECT {PLACE} FROM old_rows",
        "DELETE FROM registry_verdict v USING ({moved}) m",
    ),
}


def _added(rows: str) -> str:
    """In order of the key, so that two who change the same areas wait for each other and never in a ring."""
    changed = (
        f"SELECT {KEY}, sum(sign) AS n FROM ({rows}) AS r GROUP BY {KEY} HAVING sum(sign) <> 0"
    )
    villages, townships = (
        f"INSERT INTO {TABLE.format(level=level)} AS s ({KEY}, n)"
        f" SELECT period, {place}, profile, outcome, sum(n) FROM changed GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        f" ON CONFLICT ({KEY}) DO UPDATE SET n = s.n + excluded.n"
        for level, place in LEVELS.items()
    )
    return f"WITH changed AS MATERIALIZED ({changed}), villages AS ({villages}) {townships};"


def _function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {AS_OWNER} SET jit = off SET work_mem = '64MB'"
        f" AS $$ BEGIN {body} RETURN NULL; END $$;"
        f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;"
    )


def _sums(act: str, rows: str, tables: str) -> str:
    name = SUMS.format(act=act)
    return (
        _function(name, _added(rows))
        + f"CREATE TRIGGER {name} AFTER {act} ON registry_verdict REFERENCING {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
    )


def _follows(act: str) -> str:
    name, (moved, change) = FOLLOWS.format(act=act), MOVES[act]
    body = (
        f"IF NOT EXISTS ({moved}) THEN RETURN NULL; END IF; {MEANWHILE}"
        f" {change.format(moved=moved)} WHERE {WITH_HOUSEHOLD};"
    )
    return (
        _function(name, body)
        + f"CREATE TRIGGER {name} AFTER {act} ON registry_household REFERENCING {SOURCES[act][1]}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
    )


TIDY = """
UPDATE registry_verdict v SET area = h.area FROM registry_household h
WHERE h.household_id = v.household_id AND h.period = v.period AND h.area <> v.area;
DELETE FROM registry_verdict v WHERE NOT EXISTS
(SELECT FROM registry_household h WHERE h.household_id = v.household_id AND h.period = v.period);
"""
MAKE = "".join(
    f"CREATE TABLE {table} (period smallint NOT NULL, area bigint NOT NULL, profile varchar(60) NOT NULL,"
    f" outcome varchar(20) NOT NULL, n integer NOT NULL, PRIMARY KEY ({KEY}));"
    for table in TABLES
)
TRIGGERS = "".join(_sums(act, *source) for act, source in SOURCES.items()) + "".join(
    map(_follows, MOVES)
)
COUNT = _added("SELECT 1 AS sign, * FROM registry_verdict")
UNMAKE = "".join(
    f"DROP TRIGGER {name.format(act=act)} ON registry_{table}; DROP FUNCTION {name.format(act=act)}();"
    for name, table, acts in ((SUMS, "verdict", SOURCES), (FOLLOWS, "household", MOVES))
    for act in acts
) + "".join(f"DROP TABLE {table};" for table in TABLES)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0009_members")]
    operations = [
        migrations.RunSQL(TIDY, migrations.RunSQL.noop),
        migrations.RunSQL(MAKE + TRIGGERS + COUNT, UNMAKE),
        *(area_policy(table) for table in TABLES),
        migrations.RunSQL(
            f"REVOKE INSERT, UPDATE ON {', '.join(TABLES)} FROM {APP_ROLE};",
            f"GRANT INSERT, UPDATE ON {', '.join(TABLES)} TO {APP_ROLE};",
        ),
        read_once(
            "registry_household",
            "registry_person",
            "registry_verdict",
            "registry_village_figures",
            *TABLES,
        ),
    ]
