"""Numbers of findings out of the sums by village and township that triggers keep; a test holds them equal to
the lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit.scope import span
from jingzhun_web.registry.figures import of_both

YEARS = (2010, 2060)
STATES = tuple(f"state_{state.value}" for state in State)
COLUMNS = (*STATES, *(f"verdict_{name}" for name in VERDICTS))
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
    def span(self) -> tuple[int, int]:
        """First and last code of the area."""
        return span(self.area) if self.area else (0, 10**12)

    @property
    def where(self) -> tuple[str, list[Any]]:
        """As a condition of SQL with its values."""
        given: list[Any] = [self.period, *self.span]
        parts = ["period = %s AND area BETWEEN %s AND %s"]
        for name in ("rule", "kind", "severity"):
            if getattr(self, name):
                parts.append(f"{name} = %s")
                given.append(getattr(self, name))
        return " AND ".join(parts), given


@dataclass(frozen=True)
class Sums:
    """Findings that stand, and findings that are withdrawn: each by COLUMNS."""

    standing: dict[str, int]
    withdrawn: dict[str, int]


def sums_by(column: str, of: Narrowed) -> dict[str, Sums]:
    """`rule` or `severity` -> its sums; those without any finding are left out."""
    if column not in ("rule", "severity"):
        raise ValueError(column)
    rows = _summed("figures", f"{column}, is_withdrawn", _SUMMED, of)
    found: dict[str, dict[bool, dict[str, int]]] = defaultdict(dict)
    for name, is_withdrawn, *numbers in rows:
        if any(numbers):
            found[str(name)][bool(is_withdrawn)] = dict(
                zip(COLUMNS, (int(n) for n in numbers), strict=True)
            )
    nothing = dict.fromkeys(COLUMNS, 0)
    return {
        name: Sums(parts.get(False, nothing), parts.get(True, nothing))
        for name, parts in found.items()
    }


def overdue_by(columns: Sequence[str], of: Narrowed, on: date) -> dict[tuple[str, ...], int]:
    """Values of some of `rule`, `severity`, `state` -> waiting findings whose deadline is past on a day."""
    if not set(columns) <= {"rule", "severity", "state"}:
        raise ValueError(columns)
    rows = _summed("due", ", ".join(columns), "sum(n)::bigint", of, before=on)
    return {tuple(str(value) for value in row[:-1]): int(row[-1]) for row in rows if row[-1]}


def periods() -> list[int]:
    """Years for which there are findings, latest first."""
    # Asked year by year, so that the index answers whatever the area.
    text = (
        "SELECT y FROM generate_series(%s::int, %s::int) y WHERE EXISTS"
        " (SELECT FROM crosscheck_village_figures s WHERE s.period = y) ORDER BY 1 DESC"
    )
    return [int(row[0]) for row in _rows(text, YEARS)]


def _summed(
    kind: str, keys: str, summed: str, of: Narrowed, *, before: date | None = None
) -> list[tuple[Any, ...]]:
    where, given = of.where
    if before is not None:
        where, given = f"{where} AND due < %s", [*given, before]
    # No name here comes from outside.
    parts = of_both(
        f"SELECT {keys}, {summed} FROM crosscheck_{{level}}_{kind}"  # noqa: S608
        f" WHERE {where} AND {{is_it}} GROUP BY {keys}"
    )
    return _rows(parts, [*given, *of.span] * 2)


def _rows(text: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return list(cursor.fetchall())
