"""What an archive read at any time, and what happened to it: from the rows that triggers keep of each change.

A kept row says what the archive read until `pgh_created_at`. So at a moment it read as the first row kept
after that moment, or as it reads now when none was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeAlias

from jingzhun_web.registry import selectors
from jingzhun_web.registry.models import Household, Person
from jingzhun_web.registry.values import HOUSEHOLD, PERSON

Row: TypeAlias = Any
"""A household or person, or a kept row of one: the same columns."""
STATUS = "exit_status"


@dataclass(frozen=True)
class Difference:
    """A field that a change of the register touched. Empty `person_id`: of the household."""

    person_id: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Moment:
    """Everything of one archive that changed in one transaction, and by what (`source`).

    Whoever came to the household with it is in `joined`, and their known fields are differences from null.
    """

    at: datetime
    source: str
    differences: Sequence[Difference]
    joined: Sequence[str] = ()


@dataclass(frozen=True)
class _Versions:
    """The rows of one household or person, oldest first, each with the time until which it was so."""

    rows: Sequence[tuple[Row, datetime | None]]

    def at(self, when: datetime) -> Row | None:
        """The row as it read; None when it was not on file yet."""
        if self.rows[0][0].recorded_at > when:
            return None
        return next(row for row, until in self.rows if until is None or until > when)


def archive_at(household_id: str, period: int, when: datetime) -> selectors.Archive | None:
    """The archive as it read; None when it was not on file yet.

    Household.DoesNotExist when there is none now, or none in the scope.
    """
    now = selectors.archive(household_id, period)
    home = _household(now.household).at(when)
    if home is None:
        return None
    found = [versions.at(when) for versions in _members(household_id, period).values()]
    members = [row for row in found if row is not None]
    members.sort(key=lambda row: (row.relation or "99", row.person_id))
    return replace(now, household=home, members=members)


def moments(household_id: str, period: int) -> list[Moment]:
    """Every change of an archive, latest first; its last is when it came on file, without differences."""
    home = Household.objects.get(household_id=household_id, period=period)
    own, members = _household(home), _members(household_id, period)
    found: dict[datetime, list[Difference]] = defaultdict(list)
    sources: dict[datetime, str] = {}
    for person_id, versions in [("", own), *members.items()]:
        for (old, until), (new, _until) in pairwise(versions.rows):
            at = until or new.recorded_at
            found[at] += _differences(person_id, old, new)
            sources[at] = new.source
    first = own.rows[0][0]
    joined = _joined(members, first.source, sources)
    for at, people in joined.items():
        found[at] += [part for person in people for part in _whole(members[person].rows[0][0])]
    told = [
        Moment(at, sources[at], parts, joined.get(at, ())) for at, parts in found.items() if parts
    ]
    told.sort(key=lambda moment: moment.at, reverse=True)
    return [*told, Moment(first.recorded_at, first.source, ())]


def _joined(
    members: Mapping[str, _Versions], first: str, sources: dict[datetime, str]
) -> Mapping[datetime, list[str]]:
    """Who came later than the household, by the moment of the act that brought them; its source is told too."""
    moment_of = {source: at for at, source in sources.items()}
    found: dict[datetime, list[str]] = defaultdict(list)
    for person_id, versions in members.items():
        row = versions.rows[0][0]
        if row.source != first:
            # An import writes its rows one after the other.
            at = moment_of.setdefault(row.source, row.recorded_at)
            sources[at] = row.source
            found[at].append(person_id)
    return found


def statuses(household_id: str) -> list[tuple[int, str | None]]:
    """Period and exit status of each year's archive, oldest first."""
    rows = Household.objects.filter(household_id=household_id).order_by("period")
    return list(rows.values_list("period", STATUS))


def _household(home: Household) -> _Versions:
    kept = Household.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        household_id=home.household_id, period=home.period, id=home.pk
    )
    return _versions(kept, home)


def _members(household_id: str, period: int) -> Mapping[str, _Versions]:
    model = Person.pgh_event_model  # type: ignore[attr-defined]
    kept: dict[int, list[Row]] = defaultdict(list)
    for row in model.objects.filter(household_id=household_id, period=period):
        kept[row.id].append(row)
    now = Person.objects.filter(household_id=household_id, period=period).order_by("person_id")
    return {row.person_id: _versions(kept[row.pk], row) for row in now}


def _versions(kept: Iterable[Row], now: Row) -> _Versions:
    earlier = sorted(kept, key=lambda row: (row.pgh_created_at, row.pgh_id))
    return _Versions([*((row, row.pgh_created_at) for row in earlier), (now, None)])


def _differences(person_id: str, old: Row, new: Row) -> list[Difference]:
    names = PERSON if person_id else (*HOUSEHOLD, STATUS)
    return [
        Difference(person_id, name, _plain(getattr(old, name)), _plain(getattr(new, name)))
        for name in names
        if _plain(getattr(old, name)) != _plain(getattr(new, name))
    ]


def _whole(row: Row) -> list[Difference]:
    """What is known of somebody who came: all of it differs from nothing."""
    known = {name: _plain(getattr(row, name)) for name in PERSON}
    return [
        Difference(row.person_id, name, None, value)
        for name, value in known.items()
        if value is not None
    ]


def _plain(value: Any) -> Any:
    """A sealed value as bytes, whatever the driver calls them."""
    return bytes(value) if isinstance(value, memoryview) else value
