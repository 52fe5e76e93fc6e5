"""Sums by village, period and rule, kept by triggers in the transaction of every change of a finding.

Numbers of a province are read from short rows instead of millions of findings. What is overdue depends on the
day, so that waiting findings are counted by deadline. The application reads them in its areas and never
writes them: the functions run with their owner's rights.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy

SUMS, DUE = "crosscheck_village_figures", "crosscheck_village_due"
KEY = "period, area, rule, kind, severity"
STANDS = "engine_state <> 'withdrawn'"
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
COLUMNS = {
    **{f"state_{state}": f"{STANDS} AND state = '{state}'" for state in STATES},
    "withdrawn": f"NOT ({STANDS})",
    **{f"verdict_{name}": f"{DECIDED} AND verdict = '{name}'" for name in VERDICTS},
}
NAMES = ", ".join(COLUMNS)
_COUNTED = ", ".join(
    f"coalesce(sum(sign) FILTER (WHERE {condition}), 0)" for condition in COLUMNS.values()
)
# Areas in order, so that two who change the same villages at once wait for each other and never in a ring.
ADD = f"""
INSERT INTO {SUMS} AS s ({KEY}, {NAMES}) SELECT {KEY}, {_COUNTED}
FROM ({{rows}}) AS r GROUP BY {KEY} ORDER BY {KEY}
ON CONFLICT ({KEY}) DO UPDATE SET {", ".join(f"{name} = s.{name} + excluded.{name}" for name in COLUMNS)};
INSERT INTO {DUE} AS s ({KEY}, due, n) SELECT {KEY}, due, sum(sign)
FROM ({{rows}}) AS r WHERE {WAITING} AND {STANDS} GROUP BY {KEY}, due ORDER BY {KEY}, due
ON CONFLICT ({KEY}, due) DO UPDATE SET n = s.n + excluded.n;
"""
NEW = "SELECT 1 AS sign, * FROM new_rows"
OLD = "SELECT -1 AS sign, * FROM old_rows"
SOURCES = {
    "insert": (NEW, "NEW TABLE AS new_rows"),
    "update": (f"{NEW} UNION ALL {OLD}", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
    "delete": (OLD, "OLD TABLE AS old_rows"),
}


def _function(act: str, rows: str, tables: str) -> str:
    name = f"{SUMS}_{act}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN {ADD.format(rows=rows)} RETURN NULL; END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER {name} AFTER {act} ON crosscheck_finding REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


_KEYS = (
    "period smallint NOT NULL, area bigint NOT NULL, rule varchar(10) NOT NULL,"
    " kind varchar(40) NOT NULL, severity varchar(10) NOT NULL"
)
MAKE = (
    f"CREATE TABLE {SUMS} ({_KEYS},"
    + ", ".join(f"{name} integer NOT NULL DEFAULT 0" for name in COLUMNS)
    + f", PRIMARY KEY ({KEY}));"
    + f"CREATE TABLE {DUE} ({_KEYS}, due date NOT NULL, n integer NOT NULL,"
    + f" PRIMARY KEY ({KEY}, due));"
    + "".join(_function(act, *source) for act, source in SOURCES.items())
    + ADD.format(rows="SELECT 1 AS sign, * FROM crosscheck_finding")
)
UNMAKE = (
    "".join(
        f"DROP TRIGGER {SUMS}_{act} ON crosscheck_finding; DROP FUNCTION {SUMS}_{act}();"
        for act in SOURCES
    )
    + f"DROP TABLE {SUMS}; DROP TABLE {DUE};"
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("crosscheck", "0002_security")]
    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        area_policy(SUMS),
        area_policy(DUE),
        migrations.RunSQL(
            f"REVOKE INSERT, UPDATE ON {SUMS}, {DUE} FROM {APP_ROLE};",
            f"GRANT INSERT, UPDATE ON {SUMS}, {DUE} TO {APP_ROLE};",
        ),
    ]
