"""Sums by village and period, kept by triggers in the transaction of every change of a household.

Figures of a province are read from some 16,000 short rows instead of millions of wide ones. The application
may read them in its areas and never write them: the function runs with its owner's rights.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy

TABLE = "registry_village_figures"
REGISTERED = "r.is_registered IS NOT FALSE"
EXITED = "r.exit_status IN ('exited', 'exited_no_policy', 'exited_policy')"
STATUSES = ("not_exited", "exited", "pre_exit", "returned", "exited_no_policy", "exited_policy")
CAUSES = tuple(f"{number:02d}" for number in (*range(1, 13), 99))
KEY_FIELDS = (
    "household_attribute",
    "main_cause",
    "exit_status",
    "identified_date",
    "persons_year_end",
    "housing_grade",
    "is_dangerous_house",
    "has_safe_water",
    "has_sanitary_toilet",
    "cultivated_mu",
)
INCOME = {
    "wage": ("wage_employment", "wage_public_post", "wage_other"),
    "business": ("business_planting", "business_forestry", "business_livestock", "business_other"),
    "property": ("property_dividend", "property_land_rent", "property_other"),
    "transfer": (
        "transfer_family_planning",
        "transfer_allowance",
        "transfer_special_hardship",
        "transfer_pension",
        "transfer_ecological",
        "transfer_disability",
        "transfer_farm_subsidy",
        "transfer_old_age",
        "transfer_reservoir",
        "transfer_long_term",
        "transfer_employment_award",
        "transfer_industry_award",
        "transfer_family_support",
    ),
    "expense": ("expense_planting", "expense_forestry", "expense_livestock", "expense_other"),
}


def _counted() -> dict[str, str]:
    """Column of the summary -> what one household adds to it, as SQL; all but the first of registered ones."""
    found = {
        "registered": "true",
        "exited": EXITED,
        "not_exited": "r.exit_status = 'not_exited'",
        "pre_exit": "r.exit_status = 'pre_exit'",
        "returned": "r.exit_status = 'returned'",
        "exited_this_year": f"{EXITED} AND r.exit_year = r.period",
        "persons_known": "r.persons_year_end IS NOT NULL",
    }
    found |= {f"status_{code}": f"r.exit_status = '{code}'" for code in STATUSES}
    found |= {f"cause_{code}": f"r.main_cause = '{code}'" for code in CAUSES}
    found |= {f"unknown_{name}": f"r.{name} IS NULL" for name in KEY_FIELDS}
    for group, items in INCOME.items():
        columns = ", ".join(f"r.{item}_yuan" for item in items)
        found[f"known_{group}"] = f"num_nonnulls({columns}) > 0"
    counted = {"on_file": "sum(r.sign)"}
    for name, condition in found.items():
        counted[name] = f"coalesce(sum(r.sign) FILTER (WHERE {REGISTERED} AND {condition}), 0)"
    return counted


def _amounts() -> dict[str, str]:
    found = {"persons": "coalesce(r.persons_year_end, 0)"}
    for group, items in INCOME.items():
        found[f"yuan_{group}"] = " + ".join(f"coalesce(r.{item}_yuan, 0)" for item in items)
    return {
        name: f"coalesce(sum(r.sign * ({amount})) FILTER (WHERE {REGISTERED}), 0)"
        for name, amount in found.items()
    }


SUMS = _counted() | _amounts()
NAMES = ", ".join(SUMS)
COLUMNS = ", ".join(
    f"{name} {'bigint' if name in _amounts() else 'integer'} NOT NULL DEFAULT 0" for name in SUMS
)
# Areas in order, so that two who change the same villages at once wait for each other and never in a ring.
ADD = f"""
INSERT INTO {TABLE} AS s (period, area, changed_at, {NAMES})
SELECT r.period, r.area, now(), {", ".join(SUMS.values())}
FROM ({{rows}}) AS r GROUP BY r.period, r.area ORDER BY r.period, r.area
ON CONFLICT (period, area) DO UPDATE SET changed_at = now(),
{", ".join(f"{name} = s.{name} + excluded.{name}" for name in SUMS)};
"""
NEW = "SELECT 1 AS sign, * FROM new_rows"
OLD = "SELECT -1 AS sign, * FROM old_rows"
SOURCES = {
    "insert": (NEW, "NEW TABLE AS new_rows"),
    "update": (f"{NEW} UNION ALL {OLD}", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
    "delete": (OLD, "OLD TABLE AS old_rows"),
}


def _function(act: str, rows: str, tables: str) -> str:
    name = f"{TABLE}_{act}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off AS $$ BEGIN {ADD.format(rows=rows)} RETURN NULL; END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER {name} AFTER {act} ON registry_household REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


MAKE = (
    f"CREATE TABLE {TABLE} (period smallint NOT NULL, area bigint NOT NULL,"
    f" changed_at timestamptz NOT NULL, {COLUMNS}, PRIMARY KEY (area, period));"
    + "".join(_function(act, *source) for act, source in SOURCES.items())
    + ADD.format(rows="SELECT 1 AS sign, * FROM registry_household")
)
UNMAKE = (
    "".join(
        f"DROP TRIGGER {TABLE}_{act} ON registry_household; DROP FUNCTION {TABLE}_{act}();"
        for act in SOURCES
    )
    + f"DROP TABLE {TABLE};"
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0002_security")]
    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        area_policy(TABLE),
        migrations.RunSQL(f"REVOKE INSERT, UPDATE ON {TABLE} FROM {APP_ROLE};", "SELECT 1;"),
    ]
