"""Sums of findings by township beside those by village, and the area's policy read once a query.

A province has some 100,000 villages and rules with findings, a fifth as many townships and rules: whoever sees
whole townships reads the short table. Withdrawn findings and deadlines are counted by state too, so that every
number of a page comes out of sums. Not by county: all who work in one would wait for one another.
"""

from __future__ import annotations

from django.db import migrations, models

from jingzhun_web.kit.rls import APP_ROLE, area_policy, read_once

OLD = ("crosscheck_village_figures", "crosscheck_village_due")
LEVELS = {"village": "area", "township": "area / 1000 * 1000"}
SUMS, DUE = "crosscheck_{level}_figures", "crosscheck_{level}_due"
TABLES = tuple(name.format(level=level) for level in LEVELS for name in (SUMS, DUE))
KEY = "period, area, rule, kind, severity"
SUMS_KEY, DUE_KEY = f"{KEY}, is_withdrawn", f"{KEY}, state, due"
WITHDRAWN = "(engine_state = 'withdrawn')"
STATES = (
    "found",
    "dispatched",
    "checked",
    "proposed",
    "judged",
    "handled",
    "rechecked",
    "closed",
)
VERDICTS = ("true", "not_true", "lawful_exception", "data_error")
DECIDED = "state IN ('judged', 'handled', 'rechecked', 'closed')"
WAITING = "state IN ('found', 'dispatched', 'checked', 'proposed')"
COLUMNS = {f"state_{state}": f"state = '{state}'" for state in STATES} | {
    f"verdict_{name}": f"{DECIDED} AND verdict = '{name}'" for name in VERDICTS
}
NAMES = ", ".join(COLUMNS)
_COUNTED = ", ".join(
    f"coalesce(sum(sign) FILTER (WHERE {condition}), 0)" for condition in COLUMNS.values()
)
_PLACED = f"period, {{place}} AS area, rule, kind, severity, {WITHDRAWN} AS is_withdrawn, state, due, verdict"
# In order of the key, so that two who change the same areas at once wait for each other and never in a ring.
_ADD = f"""
INSERT INTO {SUMS} AS s ({SUMS_KEY}, {NAMES}) SELECT {SUMS_KEY}, {_COUNTED}
FROM (SELECT sign, {_PLACED} FROM ({{rows}}) AS r) AS p GROUP BY {SUMS_KEY} ORDER BY {SUMS_KEY}
ON CONFLICT ({SUMS_KEY}) DO UPDATE SET {", ".join(f"{name} = s.{name} + excluded.{name}" for name in COLUMNS)};
INSERT INTO {DUE} AS s ({DUE_KEY}, n) SELECT {DUE_KEY}, sum(sign)
FROM (SELECT sign, {_PLACED} FROM ({{rows}}) AS r WHERE {WAITING} AND NOT {WITHDRAWN}) AS p
GROUP BY {DUE_KEY} ORDER BY {DUE_KEY}
ON CONFLICT ({DUE_KEY}) DO UPDATE SET n = s.n + excluded.n;
"""
NEW = "SELECT 1 AS sign, * FROM new_rows"
GONE = "SELECT -1 AS sign, * FROM old_rows"
SOURCES = {
    "insert": (NEW, "NEW TABLE AS new_rows"),
    "update": (f"{NEW} UNION ALL {GONE}", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
    "delete": (GONE, "OLD TABLE AS old_rows"),
}
ACTS = tuple(SOURCES)
FUNCTION = "crosscheck_figures_{act}"


def _added(rows: str) -> str:
    return "".join(
        _ADD.format(level=level, place=place, rows=rows) for level, place in LEVELS.items()
    )


def _function(act: str, rows: str, tables: str) -> str:
    name = FUNCTION.format(act=act)
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off AS $$ BEGIN {_added(rows)} RETURN NULL; END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER {name} AFTER {act} ON crosscheck_finding REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


_KEYS = (
    "period smallint NOT NULL, area bigint NOT NULL, rule varchar(10) NOT NULL,"
    " kind varchar(40) NOT NULL, severity varchar(10) NOT NULL"
)
_COUNTS = ", ".join(f"{name} integer NOT NULL DEFAULT 0" for name in COLUMNS)


def _tables(level: str) -> str:
    return (
        f"CREATE TABLE {SUMS} ({_KEYS}, is_withdrawn boolean NOT NULL, {_COUNTS},"
        f" PRIMARY KEY ({SUMS_KEY}));"
        f"CREATE TABLE {DUE} ({_KEYS}, state varchar(20) NOT NULL, due date NOT NULL,"
        f" n integer NOT NULL, PRIMARY KEY ({DUE_KEY}));"
    ).format(level=level)


DROP = "".join(
    f"DROP TRIGGER {OLD[0]}_{act} ON crosscheck_finding; DROP FUNCTION {OLD[0]}_{act}();"
    for act in ACTS
) + "".join(f"DROP TABLE {table};" for table in OLD)
MAKE = (
    "".join(_tables(level) for level in LEVELS)
    + "".join(_function(act, *source) for act, source in SOURCES.items())
    + _added("SELECT 1 AS sign, * FROM crosscheck_finding")
)


class Migration(migrations.Migration):
    """See the module's text. There is no way back: the sums before it lack what pages now read."""

    dependencies = [("crosscheck", "0003_figures")]
    operations = [
        migrations.RunSQL(DROP),
        migrations.RunSQL(MAKE),
        *(area_policy(table) for table in TABLES),
        migrations.RunSQL(f"REVOKE INSERT, UPDATE ON {', '.join(TABLES)} FROM {APP_ROLE};"),
        read_once("crosscheck_finding", *TABLES),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["period", "state", "rank", "due", "id"], name="finding_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["period", "rule", "rank", "due", "id"], name="finding_by_rule"
            ),
        ),
    ]
