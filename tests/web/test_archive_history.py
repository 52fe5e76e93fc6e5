"""The archive as of any day, and its timeline, from what triggers keep; in transactions of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun_web.kit import scope
from jingzhun_web.registry import history
from jingzhun_web.registry.models import Household, Person

from .archives import home_of, member_of
from .people import PROVINCE

EVERYWHERE = scope.Scope.of_areas([PROVINCE])
WAGE = "wage_other_yuan"


@pytest.fixture
def home(villages: list[int], province: Workspace) -> Iterator[Household]:
    """A household whose changes are committed, and taken back at the end."""
    with scope.entered(EVERYWHERE):
        found = home_of(villages[1], province.latest_period)
        head = member_of(found)
    yield found
    with scope.entered(EVERYWHERE):
        Household.objects.filter(pk=found.pk).update(**{WAGE: getattr(found, WAGE)})
        Person.objects.filter(pk=head.pk).update(work_months=getattr(head, "work_months"))  # noqa: B009


def test_an_archive_reads_as_it_did_at_any_time(home: Household) -> None:
    key = (home.household_id, home.period)
    with scope.entered(EVERYWHERE):
        head = member_of(home)
        Household.objects.filter(pk=home.pk).update(**{WAGE: 111})
    with scope.entered(EVERYWHERE):
        Household.objects.filter(pk=home.pk).update(**{WAGE: 222})
        Person.objects.filter(pk=head.pk).update(work_months=9)

    with scope.entered(EVERYWHERE):
        latest, earlier, *_older, first = history.moments(*key)
        read = {
            moment.at: history.archive_at(*key, moment.at) for moment in (latest, earlier, first)
        }
        before = history.archive_at(*key, earlier.at - timedelta(microseconds=1))
        too_early = history.archive_at(*key, first.at - timedelta(days=1))

    assert getattr(read[latest.at].household, WAGE) == 222  # type: ignore[union-attr]
    assert getattr(read[earlier.at].household, WAGE) == 111  # type: ignore[union-attr]
    assert getattr(before.household, WAGE) == getattr(home, WAGE)  # type: ignore[union-attr]
    assert getattr(read[first.at].household, WAGE) == getattr(home, WAGE)  # type: ignore[union-attr]
    assert too_early is None
    touched = {(part.person_id, part.field, part.new) for part in latest.differences}
    assert touched == {("", WAGE, 222), (head.person_id, "work_months", 9)}


def test_members_too_read_as_they_did(home: Household) -> None:
    key = (home.household_id, home.period)
    with scope.entered(EVERYWHERE):
        head = member_of(home)
        Person.objects.filter(pk=head.pk).update(work_months=11)
    with scope.entered(EVERYWHERE):
        latest = history.moments(*key)[0]
        now = history.archive_at(*key, latest.at)
        before = history.archive_at(*key, latest.at - timedelta(microseconds=1))

    def months(found: object) -> object:
        rows = {row.person_id: row for row in found.members}  # type: ignore[attr-defined]
        return rows[head.person_id].work_months

    assert months(now) == 11
    assert months(before) == getattr(head, "work_months")  # noqa: B009


def test_the_application_can_neither_change_nor_delete_history(raw: psycopg.Connection) -> None:
    for statement in (
        "UPDATE registry_householdevent SET wage_other_yuan = 0",
        "DELETE FROM registry_personevent",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(statement)
        raw.rollback()
