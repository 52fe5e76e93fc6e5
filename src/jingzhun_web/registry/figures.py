"""Figures of areas, out of sums by village and by township and period that triggers keep with every change.

The tables (`registry_village_figures` and its like, see their migrations) hold sums only, under row security like
the households themselves; that they equal the lists, a test recomputes. Cost: 1,400 short rows for a whole
province, whatever the number of households.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jingzhun.standard import schema
from jingzhun_web.kit.scope import span
from jingzhun_web.registry.models import Upload
from jingzhun_web.registry.narrowing import INCOME_GROUPS, KEY_FIELDS

STATUSES = tuple(code.code for code in schema.code_list("exit_status").values)
CAUSES = tuple(code.code for code in schema.code_list("poverty_cause").values)
COUNTS = ("on_file", "registered", "exited", "not_exited", "pre_exit", "returned")
COLUMNS = (
    *COUNTS,
    "exited_this_year",
    "persons",
    "persons_known",
    *(f"status_{code}" for code in STATUSES),
    *(f"cause_{code}" for code in CAUSES),
    *(f"unknown_{name}" for name in KEY_FIELDS),
    *(f"known_{name}" for name in INCOME_GROUPS),
    *(f"yuan_{name}" for name in INCOME_GROUPS),
)
Sums = Mapping[str, int]
NOTHING: Sums = dict.fromkeys(COLUMNS, 0)
_SUMS = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in COLUMNS)
# Of a question about whole townships their own rows tell the same as those of their villages, in a fraction of
# the time. The condition names no column, so that PostgreSQL reads one of two tables and not the other.
WHOLE_TOWNSHIPS = """(SELECT NOT EXISTS (
  SELECT FROM unnest(
    nullif(current_setting('jingzhun.areas', true), '')::int8multirange
    * int8multirange(int8range(%s, %s, '[]'))
  ) AS part WHERE lower(part) %% 1000 <> 0 OR upper(part) %% 1000 <> 0
))"""
TOWNSHIP_DIGITS = 9
EVERYWHERE = (0, 10**12 - 1)


def of_both(select: str) -> str:
    """A question to the sums by township or to those by village; parameters: those of `select`, then the span it
    asks for, and all of them again."""
    return " UNION ALL ".join(
        select.format(level=level, is_it=is_it)
        for level, is_it in (("township", WHOLE_TOWNSHIPS), ("village", f"NOT {WHOLE_TOWNSHIPS}"))
    )


# No name here comes from outside: columns are those of the lists above.
_BELOW = (
    f"SELECT area / %s * %s AS place, {_SUMS} FROM registry_{{level}}_figures"  # noqa: S608
    " WHERE period = %s AND area BETWEEN %s AND %s AND {is_it} GROUP BY 1 ORDER BY 1"
)
_VILLAGES = _BELOW.format(level="village", is_it="true")
_PLACES = of_both(f"({_BELOW})")
_TREND = of_both(
    f"SELECT period, max(changed_at), {', '.join(f'sum({name})::bigint' for name in COUNTS)}"  # noqa: S608
    " FROM registry_{level}_figures WHERE area BETWEEN %s AND %s AND {is_it} GROUP BY 1"
)
_PERIODS = of_both(
    "SELECT DISTINCT period FROM registry_{level}_figures WHERE on_file > 0 AND {is_it}"
)
_OUTCOMES = of_both(
    "SELECT profile, outcome, sum(n)::bigint FROM registry_{level}_outcomes"
    " WHERE period = %s AND area BETWEEN %s AND %s AND {is_it} GROUP BY 1, 2"
)


@dataclass(frozen=True)
class History:
    """Period -> households by state; and when an archive of the area changed last (None: never)."""

    trend: dict[int, dict[str, int]]
    changed_at: datetime | None


@dataclass(frozen=True)
class Load:
    """The latest register that was loaded, anywhere, and when; both None where none was."""

    loaded_at: datetime | None
    loaded_period: int | None


def sums_below(area: str, period: int, digits: int) -> dict[int, Sums]:
    """Area code (of so many digits) inside an area -> its sums, households unless the name says otherwise."""
    unit = 10 ** (12 - digits)
    given = [unit, unit, period, *span(area)]
    with connection.cursor() as cursor:
        if digits > TOWNSHIP_DIGITS:
            cursor.execute(_VILLAGES, given)
        else:
            cursor.execute(_PLACES, [*given, *span(area)] * 2)
        return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in cursor.fetchall()}


def total(parts: Iterable[Sums]) -> Sums:
    """Sums of several areas together."""
    found = dict(NOTHING)
    for part in parts:
        for name in COLUMNS:
            found[name] += part[name]
    return found


def rolled_up(parts: Mapping[int, Sums], digits: int) -> dict[int, Sums]:
    """Sums by the areas (of so many digits) that contain those given."""
    unit = 10 ** (12 - digits)
    places: dict[int, list[Sums]] = {}
    for code, part in parts.items():
        places.setdefault(code // unit * unit, []).append(part)
    return {code: total(within) for code, within in places.items()}


def history(area: str) -> History:
    """Households by state for all periods there are; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TREND, [*span(area)] * 4)
        rows = sorted(cursor.fetchall())
    return History(
        {row[0]: dict(zip(COUNTS, row[2:], strict=True)) for row in rows},
        max((row[1] for row in rows), default=None),
    )


def outcomes(area: str, period: int) -> dict[str, dict[str, int]]:
    """Profile -> outcome -> households of an area, counted like their list: by where they live now.

    Out of sums that triggers keep; a test holds them equal to the lists.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES, [period, *span(area), *span(area)] * 2)
        found: dict[str, dict[str, int]] = {}
        for profile, outcome, count in cursor.fetchall():
            if count:
                found.setdefault(profile, {})[outcome] = int(count)
        return found


def periods() -> list[int]:
    """Years for which there are figures in one's areas, latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, EVERYWHERE * 2)
        return sorted((row[0] for row in cursor.fetchall()), reverse=True)


def latest_load() -> Load:
    """The latest register that was loaded."""
    order = ("-period", "-loaded_at")
    latest = Upload.objects.order_by(*order).values_list("loaded_at", "period").first()
    return Load(*(latest or (None, None)))
