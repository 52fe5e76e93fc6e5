"""Whether a county's rows changed since: one short text per county and period, from the rows' own versions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

UNIT = 1_000_000
"""A county's code is what is left of an area's when so much is cut off."""

# Every version of a row has a place (ctid) and a transaction (xmin) of its own, which no writer can forget
# to set; a restore or VACUUM FULL moves rows and only costs a second reading. Both tables in one statement,
# so that it tells of one moment.
_SQL = """
WITH rows AS (
    SELECT area / %(unit)s AS county, 'h' AS kind, count(*) AS n, max(recorded_at) AS latest,
        sum(hashtextextended(xmin::text || ctid::text, 0)) AS versions
    FROM registry_household WHERE period = %(period)s AND area BETWEEN %(low)s AND %(high)s GROUP BY 1
    UNION ALL
    SELECT area / %(unit)s AS county, 'p' AS kind, count(*) AS n, max(recorded_at) AS latest,
        sum(hashtextextended(xmin::text || ctid::text, 0)) AS versions
    FROM registry_person WHERE period = %(period)s AND area BETWEEN %(low)s AND %(high)s GROUP BY 1
)
SELECT county,
    coalesce(bool_and(int8range(county * %(unit)s, (county + 1) * %(unit)s)
        <@ nullif(current_setting('jingzhun.areas', true), '')::int8multirange), false),
    string_agg(concat_ws(' ', kind, n, latest, versions), '|' ORDER BY kind),
    coalesce(sum(n) FILTER (WHERE kind = 'h'), 0)
FROM rows GROUP BY county ORDER BY county
"""


@dataclass(frozen=True)
class County:
    """One county as it stands, or as much of it as was asked for and lies in the scope."""

    code: str
    period: int
    text: str
    """Differs whenever a row was added, changed or removed."""
    is_whole: bool
    """Whether all of the county was asked for and lies in the scope."""
    households: int


def counties(*, period: int, span: tuple[int, int]) -> list[County]:
    """Counties with rows in a span of areas, ascending."""
    low, high = span
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"unit": UNIT, "period": period, "low": low, "high": high})
        rows = cursor.fetchall()
    return [
        County(f"{code:06d}", period, text, inside and _is_asked_for(code, span), int(households))
        for code, inside, text, households in rows
    ]


def _is_asked_for(county: int, span: tuple[int, int]) -> bool:
    return span[0] <= county * UNIT and (county + 1) * UNIT - 1 <= span[1]
