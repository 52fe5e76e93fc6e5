"""Which areas a transaction may see: set once, kept by PostgreSQL itself for every row of every query.

An area code of 12 digits stands for a stretch of codes: a county for all codes that begin with its six digits.
A scope is a set of such stretches. Row-level security compares a row's area with it, so that counts,
searches, exports and raw SQL can't differ from lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from jingzhun.standard.divisions.codes import prefix_of

DIGITS = 12


@dataclass(frozen=True)
class Scope:
    """Stretches of area codes (first, last), ascending and apart; `actor` is who acts (0: the system)."""

    spans: tuple[tuple[int, int], ...] = ()
    actor: int = 0

    @classmethod
    def of_areas(cls, codes: Iterable[str], *, actor: int = 0) -> Scope:
        """The scope of some areas with everything in them."""
        return cls(_merged(sorted(span(code) for code in codes)), actor)

    def contains(self, code: str) -> bool:
        """Whether a whole area lies in the scope."""
        first, last = span(code)
        return any(low <= first and last <= high for low, high in self.spans)

    @property
    def multirange(self) -> str:
        """The spans as PostgreSQL writes an int8multirange."""
        return "{" + ",".join(f"[{low},{high}]" for low, high in self.spans) + "}"


def span(code: str) -> tuple[int, int]:
    """First and last code of an area given by its 12 digits (or its prefix)."""
    head = prefix_of(code)
    return int(head.ljust(DIGITS, "0")), int(head.ljust(DIGITS, "9"))


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for low, high in spans:
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


NOTHING = Scope()


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """A transaction that sees the rows of `scope` and no others; the setting ends with it."""
    with transaction.atomic():
        apply(scope)
        yield


def apply(scope: Scope) -> None:
    """Set the scope for the rest of the present transaction."""
    low = scope.spans[0][0] if scope.spans else 1
    high = scope.spans[-1][1] if scope.spans else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jingzhun.low', %s, true), set_config('jingzhun.high', %s, true),"
            " set_config('jingzhun.areas', %s, true), set_config('jingzhun.actor', %s, true)",
            [str(low), str(high), scope.multirange, str(scope.actor)],
        )
