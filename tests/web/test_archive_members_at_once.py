"""Members who come and go in transactions of their own: the archive as of a day, and many who approve at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from jingzhun.frames.workspace import Workspace
from jingzhun_web.kit import scope
from jingzhun_web.registry import changes, history, identifiers
from jingzhun_web.registry.errors import ChangeError
from jingzhun_web.registry.models import Change, Household, Person

from .archives import Office
from .members import (
    COUNT,
    EVERYWHERE,
    NUMBER,
    applied,
    field,
    joining,
    large_home,
    leaving,
    members,
    others_of,
    propose,
)


@pytest.fixture
def kept(
    villages: list[int], province: Workspace, owner: psycopg.Connection
) -> Iterator[Household]:
    """A household whose changes are committed, and taken back at the end by the owner."""
    with scope.entered(EVERYWHERE):
        found = large_home(villages[1], province.latest_period)
        counts = dict(Household.objects.filter(area=found.area).values_list("pk", COUNT))
    yield found
    owner.execute(
        "DELETE FROM registry_person WHERE person_id IN"
        " (SELECT jsonb_array_elements_text(joins) FROM registry_change)"
    )
    owner.execute(
        "UPDATE registry_person SET record_state = '1', change_reason = NULL, change_date = NULL"
        " WHERE household_id = %s AND period = %s",
        (found.household_id, found.period),
    )
    for pk, count in counts.items():
        owner.execute(
            "UPDATE registry_household SET persons_year_end = %s WHERE id = %s", (count, pk)
        )
    for table in ("changestep", "changeitem", "change"):
        owner.execute(f"DELETE FROM registry_{table}")  # noqa: S608
    owner.commit()


def test_the_archive_reads_with_those_who_were_its_members_on_the_day(kept: Household) -> None:
    office, key = Office(kept.area), (kept.household_id, kept.period)
    with scope.entered(EVERYWHERE):
        before = len(members(kept))
        leaver = others_of(kept)[0]
        came = applied(kept, office, joining())
    with scope.entered(EVERYWHERE):
        gone = applied(kept, office, leaving(leaver))

    with scope.entered(EVERYWHERE):
        left, joined, *_older = history.moments(*key)
        at_first = history.archive_at(*key, joined.at - timedelta(microseconds=1))
        between = history.archive_at(*key, joined.at)
        now = history.archive_at(*key, timezone.now())

    assert at_first is not None
    assert between is not None
    assert now is not None
    assert (joined.source, left.source) == (f"change {came.pk}", f"change {gone.pk}")
    assert list(joined.joined) == came.joins
    touched = {(part.person_id, part.field): (part.old, part.new) for part in joined.differences}
    assert touched[came.joins[0], "relation"] == (None, "04")
    assert touched["", COUNT] == (before, before + 1)
    states = {part.field: part.new for part in left.differences if part.person_id}
    assert states["record_state"] == "2"
    assert len(at_first.members) == before
    assert len(between.members) == before + 1
    told = {row.person_id: field(row, "record_state") for row in now.members}
    assert told[leaver.person_id] == "2"


def test_of_many_who_approve_the_same_person_in_two_households_at_once_one_succeeds(
    kept: Household,
) -> None:
    with scope.entered(EVERYWHERE):
        other = next(
            row
            for row in Household.objects.filter(area=kept.area, period=kept.period)
            if row.household_id != kept.household_id and members(row)
        )
        office = Office(kept.area)
        made = [propose(home, office.township, joining()) for home in (kept, other)]

    def approve(change: Change) -> bool:
        try:
            with scope.entered(EVERYWHERE):
                changes.accept(by=Office(change.area).county, change=change)
        except ChangeError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=8) as pool:
        done = list(pool.map(approve, [*made, *made, *made, *made]))

    assert sum(done) == 1
    index = identifiers.search_indexes(NUMBER)["document_index"]
    with scope.entered(EVERYWHERE):
        found = Person.objects.filter(document_index=index, source__startswith="change ")
        assert found.count() == 1
