"""Numbers of findings out of the sums by village that triggers keep; a test holds them equal to the lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit.scope import span

YEARS = (2010, 2060)
SUMS, DUE = "crosscheck_village_figures", "crosscheck_village_due"
STATES = tuple(f"state_{state.value}" for state in State)
COLUMNS = (*STATES, "withdrawn", *(f"verdict_{name}" for name in VERDICTS))
_SUMMED = ", ".join(f"sum({name})::bigint" for name in COLUMNS)


@dataclass(frozen=True)
class Narrowed:
    """What sums can be narrowed to; what is empty does not narrow."""

    period: int
    area: str = ""
    rule: str = ""
    kind: str = ""
    severity: str = ""

    @property
    def where(self) -> tuple[str, list[Any]]:
        """As a condition of SQL with its values."""
        low, high = span(self.area) if self.area else (0, 10**12)
        given: list[Any] = [self.period, low, high]
        parts = ["period = %s AND area BETWEEN %s AND %s"]
        for name in ("rule", "kind", "severity"):
            if getattr(self, name):
                parts.append(f"{name} = %s")
                given.append(getattr(self, name))
        return " AND ".join(parts), given


def sums_by(column: str, of: Narrowed) -> dict[str, dict[str, int]]:
    """`rule` or `severity` -> its sums (COLUMNS); those without any finding are left out."""
    if column not in ("rule", "severity"):
        raise ValueError(column)
    where, given = of.where
    # No name here comes from outside.
    text = f"SELECT {column}, {_SUMMED} FROM {SUMS} WHERE {where} GROUP BY 1"  # noqa: S608
    found = {
        str(row[0]): dict(zip(COLUMNS, (int(n) for n in row[1:]), strict=True))
        for row in _rows(text, given)
    }
    return {name: sums for name, sums in found.items() if any(sums.values())}


def overdue_by_rule(of: Narrowed, on: date) -> dict[str, int]:
    """Rule -> waiting findings whose deadline is past on a day."""
    where, given = of.where
    text = f"SELECT rule, sum(n)::bigint FROM {DUE} WHERE {where} AND due < %s GROUP BY 1"  # noqa: S608
    return {str(rule): int(n) for rule, n in _rows(text, [*given, on])}


def periods() -> list[int]:
    """Years for which there are findings, latest first."""
    # Asked year by year, so that the index answers whatever the area.
    text = (
        f"SELECT y FROM generate_series(%s::int, %s::int) y WHERE EXISTS"  # noqa: S608
        f" (SELECT FROM {SUMS} s WHERE s.period = y) ORDER BY 1 DESC"
    )
    return [int(row[0]) for row in _rows(text, YEARS)]


def _rows(text: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return list(cursor.fetchall())
