"""Archives as plain rows, for those who ask for hundreds a second: three statements, prepared by PostgreSQL.

The same rows as `selectors.archive`, without making an object of each. Row security decides here too.
"""

from __future__ import annotations

from collections.abc import Iterable
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
_HOUSEHOLD = (
    f"SELECT {', '.join(HOUSEHOLD)}, array(SELECT period FROM registry_household other"  # noqa: S608
    " WHERE other.household_id = home.household_id ORDER BY period)"
    " FROM registry_household home WHERE household_id = %s AND period = %s"
)
_MEMBERS = (
    f"SELECT {', '.join(PERSON)} FROM registry_person"  # noqa: S608
    " WHERE household_id = %s AND period = %s ORDER BY relation, person_id"
)
_VERDICTS = (
    f"SELECT {', '.join(VERDICT)} FROM registry_verdict"  # noqa: S608
    " WHERE household_id = %s AND period = %s ORDER BY profile, id"
)


def archive(household_id: str, period: int) -> tuple[Row, list[Row], list[Row]]:
    """Household (with `periods`), members and verdicts; sealed values as bytes.

    Household.DoesNotExist when there is none, or none in the scope.
    """
    key = (household_id, period)
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        home = cursor.execute(_HOUSEHOLD, key, prepare=True).fetchone()
        if home is None:
            raise Household.DoesNotExist
        members = cursor.execute(_MEMBERS, key, prepare=True).fetchall()
        verdicts = cursor.execute(_VERDICTS, key, prepare=True).fetchall()
    return (
        _named((*HOUSEHOLD, "periods"), home),
        [_named(PERSON, row) for row in members],
        [_named(VERDICT, row) for row in verdicts],
    )


def _named(names: Iterable[str], row: Iterable[Any]) -> Row:
    return dict(zip(names, row, strict=True))
