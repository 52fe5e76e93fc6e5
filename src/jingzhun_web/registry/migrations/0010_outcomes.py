"""Outcomes by village and by township, kept by triggers; policies of large tables read the areas once a query.

An outcome counts where its household is on file in the same village: so both tables have triggers. Of a change of
verdicts and a change of places at the same moment, the second waits by a lock until the first has ended, for
neither sees the other's rows before. A household that stays where it is takes no lock.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy, read_once

LEVELS = {"village": "area", "township": "area / 1000 * 1000"}
TABLE = "registry_{level}_outcomes"
TABLES = tuple(TABLE.format(level=level) for level in LEVELS)
KEY = "period, area, profile, outcome"
LOCK = "hashtext('registry_outcomes')"
FUNCTION = "registry_outcomes_{on}_{act}"
ACTS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "NEW TABLE AS new_rows OLD TABLE AS old_rows",
    "delete": "OLD TABLE AS old_rows",
}
COLUMNS = {
    "verdict": ("household_id", "period", "area", "profile", "outcome"),
    "household": ("household_id", "period", "area"),
}


def _changed(on: str, act: str) -> str:
    """Rows of a statement with their sign; those whose columns stayed as they were cancel out and are left out."""
    columns = ", ".join(COLUMNS[on])
    if act == "insert":
        return f"SELECT 1 AS sign, {columns} FROM new_rows"
    if act == "delete":
        return f"SELECT -1 AS sign, {columns} FROM old_rows"
    new, old = (", ".join(f"{row}.{name}" for name in COLUMNS[on]) for row in "no")
    return f"""
SELECT signed.* FROM new_rows n JOIN old_rows o ON o.id = n.id,
LATERAL (VALUES (1, {new}), (-1, {old})) AS signed (sign, {columns})
WHERE ({new}) IS DISTINCT FROM ({old})"""


def _matched(on: str) -> str:
    other = {
        "verdict": "registry_household h ON h.household_id = r.household_id AND h.period = r.period"
        " AND h.area = r.area",
        "household": "registry_verdict v ON v.household_id = r.household_id AND v.period = r.period"
        " AND v.area = r.area",
    }[on]
    return (
        f"SELECT r.period, r.area, profile, outcome, sum(sign) AS n FROM changed r JOIN {other}"
        " GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0"
    )


def _add(level: str) -> str:
    # In order of the key, so that two who change the same areas wait for each other and never in a ring.
    return f"""INSERT INTO {TABLE.format(level=level)} AS s ({KEY}, n)
SELECT period, {LEVELS[level]}, profile, outcome, sum(n) FROM matched GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT ({KEY}) DO UPDATE SET n = s.n + excluded.n"""


def _added(changed: str, on: str) -> str:
    return f"""WITH changed AS MATERIALIZED ({changed}), matched AS MATERIALIZED ({_matched(on)}),
villages AS ({_add("village")}) {_add("township")};"""


def _guard(on: str, act: str) -> str:
    """When there is nothing to do, and no lock to take for it."""
    rows = "old_rows" if act == "delete" else "new_rows"
    some = _changed(on, act) if (on, act) == ("household", "update") else f"SELECT FROM {rows}"
    shared = "" if on == "verdict" else "_shared"
    return f"""IF NOT EXISTS ({some}) THEN RETURN NULL; END IF;
PERFORM pg_advisory_xact_lock{shared}({LOCK});"""


def _function(on: str, act: str) -> str:
    name = FUNCTION.format(on=on, act=act)
    # A first load has no verdict to look for.
    none = "IF NOT EXISTS (SELECT FROM registry_verdict) THEN RETURN NULL; END IF;"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off SET work_mem = '64MB' AS $$ BEGIN
{_guard(on, act)}
{none if on == "household" else ""}
{_added(_changed(on, act), on)}
RETURN NULL; END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER {name} AFTER {act} ON registry_{on} REFERENCING {ACTS[act]}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


MAKE = (
    "".join(
        f"CREATE TABLE {table} (period smallint NOT NULL, area bigint NOT NULL,"
        f" profile varchar(60) NOT NULL, outcome varchar(20) NOT NULL, n integer NOT NULL,"
        f" PRIMARY KEY ({KEY}));"
        for table in TABLES
    )
    + "".join(_function(on, act) for on in COLUMNS for act in ACTS)
    + _added(f"SELECT 1 AS sign, {', '.join(COLUMNS['verdict'])} FROM registry_verdict", "verdict")
)
UNMAKE = "".join(
    f"DROP TRIGGER {FUNCTION.format(on=on, act=act)} ON registry_{on};"
    f" DROP FUNCTION {FUNCTION.format(on=on, act=act)}();"
    for on in COLUMNS
    for act in ACTS
) + "".join(f"DROP TABLE {table};" for table in TABLES)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0009_members")]
    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
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
