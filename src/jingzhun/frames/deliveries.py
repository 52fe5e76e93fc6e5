"""Deliveries of other departments' records: what the import ledger says of each, and which areas they cover.

A delivery that does not cover an area says nothing about the people there: whether they have a record is
then unknown, which is not the same as having none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jingzhun.errors import WorkspaceError
from jingzhun.frames.workspace import Workspace

LEDGER = "deliveries"
"""Key of an entry of the import ledger under which its deliveries stand."""
EVERYWHERE = ""
"""The prefix of every area."""

_DATES = ("received", "from_date", "until_date", "imported")


@dataclass(frozen=True)
class Delivery:
    """One delivery of one external table for one period."""

    id: str
    """Rows that it brought or last changed carry this as `delivery_id`."""
    table: str
    period: int
    source: str
    """Who delivered it."""
    legal_basis: str
    """Law, agreement or order under which it was delivered."""
    purpose: str | None
    received: date
    from_date: date | None
    """First day that the records are about; null when not said."""
    until_date: date | None
    """First day after; null when not said."""
    covers: tuple[str, ...]
    """Prefixes of area codes; `EVERYWHERE` alone when nothing was left out."""
    sha256: str
    """Over the content of its files."""
    rows: int
    """Accepted rows, those that changed nothing included."""
    imported: date

    def entry(self) -> dict[str, Any]:
        """The delivery for the import ledger: no names of persons, no paths."""
        plain = {**vars(self), "covers": list(self.covers)}
        return plain | {name: _text(plain[name]) for name in _DATES}

    @classmethod
    def of_entry(cls, entry: dict[str, Any]) -> Delivery:
        """The delivery that a part of a ledger entry tells; WorkspaceError when it can't be read."""
        try:
            days = {name: _day(entry[name]) for name in _DATES}
            return cls(**{**entry, **days, "covers": tuple(entry["covers"])})
        except (KeyError, TypeError, ValueError) as error:
            raise WorkspaceError(
                "The import ledger names a delivery that can't be read",
                why=type(error).__name__,
                do="Restore index.json from a backup, or import into a new workspace",
            ) from error

    def covers_area(self, code: str) -> bool:
        """Whether the area of this code, or one that it lies in, was delivered."""
        return any(code.startswith(prefix) for prefix in self.covers)


def deliveries(ws: Workspace, table: str | None = None, on: date | None = None) -> list[Delivery]:
    """Deliveries of one external table or all, by table, period and the day on which they were received.

    `on`: those received by that day only. A delivery that was imported again stands once.
    """
    found: dict[tuple[str, str, int], Delivery] = {}
    for entry in ws.imports:
        for part in entry.get(LEDGER, ()):
            one = Delivery.of_entry(part)
            found[(one.id, one.table, one.period)] = one
    wanted = (
        one
        for one in found.values()
        if table in (None, one.table) and (on is None or one.received <= on)
    )
    return sorted(wanted, key=lambda one: (one.table, one.period, one.received, one.id))


def covered(ws: Workspace, table: str, period: int, on: date | None = None) -> tuple[str, ...]:
    """Prefixes of the areas for which the table was delivered in a period, none inside another.

    Empty where nothing was delivered: then nothing is known of anybody. `on` as for `deliveries`.
    """
    found = (one for one in deliveries(ws, table, on) if one.period == period)
    return widest(prefix for one in found for prefix in one.covers)


def widest(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The prefixes without those that begin with another one."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
