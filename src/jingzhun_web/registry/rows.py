"""Archives as plain rows, for those who ask for hundreds a second: one statement, prepared by PostgreSQL.

The same rows as `selectors.archive`, without making an object of each. Row security decides here too.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

from jingzhun_web.registry.columns import columns, is_sealed
from jingzhun_web.registry.models import HOUSEHOLD_KEYS, PERSON_KEYS, Household

HOUSEHOLD = (
    *HOUSEHOLD_KEYS,
    "area",
    "head_name",
    "version",
    "source",
    "recorded_at",
    *(column.name for column in columns("households", without=HOUSEHOLD_KEYS)),
)
PERSON = (
    *PERSON_KEYS,
    *(column.name for column in columns("persons", without=PERSON_KEYS)),
)
VERDICT = ("profile", "run_id", "outcome", "score", "detail")
SEALED_OF_HOUSEHOLD = (
    "head_name",
    *(c.name for c in columns("households", without=HOUSEHOLD_KEYS) if is_sealed(c)),
)
SEALED_OF_PERSON = tuple(c.name for c in columns("persons", without=PERSON_KEYS) if is_sealed(c))
Row = dict[str, Any]

# Names are those of the lists above; nothing here comes from outside.
_MEMBERS = (
    f"SELECT {', '.join(PERSON)} FROM registry_person one"  # noqa: S608
    " WHERE one.household_id = home.household_id AND one.period = home.period"
    " ORDER BY relation, person_id"
)
_VERDICTS = (
    f"SELECT {', '.join(VERDICT)} FROM registry_verdict one"  # noqa: S608
    " WHERE one.household_id = home.household_id AND one.period = home.period ORDER BY profile, id"
)
# One statement, as each one asked costs more than PostgreSQL's work on it.
_ARCHIVE = (
    f"SELECT {', '.join(HOUSEHOLD)}, array(SELECT period FROM registry_household other"  # noqa: S608
    " WHERE other.household_id = home.household_id ORDER BY period),"
    f" array(SELECT to_json(m) FROM ({_MEMBERS}) m), array(SELECT to_json(v) FROM ({_VERDICTS}) v)"
    " FROM registry_household home WHERE household_id = %s AND period = %s"
)


def archive(household_id: str, period: int) -> tuple[Row, list[Row], list[Row]]:
    """Household (with `periods`), members and verdicts; sealed values as bytes.

    Members' and verdicts' values are those of JSON: days as texts. Household.DoesNotExist when there is none,
    or none in the scope.
    """
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        found = cursor.execute(_ARCHIVE, (household_id, period), prepare=True).fetchone()
    if found is None:
        raise Household.DoesNotExist
    home = dict(zip((*HOUSEHOLD, "periods", "members", "verdicts"), found, strict=True))
    members: list[Row] = home.pop("members")
    verdicts: list[Row] = home.pop("verdicts")
    for member in members:
        for name in SEALED_OF_PERSON:
            if member[name] is not None:
                member[name] = bytes.fromhex(member[name][2:])
    return home, members, verdicts
