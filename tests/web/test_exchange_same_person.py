"""A child put on file by hand and delivered later by a file is one person."""

from __future__ import annotations

from typing import Any

import pytest

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Role
from jingzhun_web.exchange import checking, lineage, services
from jingzhun_web.exchange.models import Import
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household, Person

from .archives import Office
from .intake_support import PERIOD, checked, csv, done, officer, uploaded
from .members import CHILD, NUMBER, applied, field, joining, large_home, members
from .people import SignedIn, county_of

pytestmark = pytest.mark.usefixtures("filled_home")


@pytest.fixture
def one(undone: None, villages: list[int]) -> Actor:
    return officer("first", county_of(villages[0]))


@pytest.fixture
def house(one: Actor, villages: list[int]) -> Household:
    """A household with a child that was put on file by hand."""
    found = large_home(villages[0], PERIOD)
    applied(found, Office(villages[0]), joining())
    return found


def child_of(house: Household) -> Person:
    return next(row for row in members(house) if field(row, "change_reason") == "newborn")


def delivered(one: Actor, house: Household, number: str, **more: object) -> Import:
    """A file in which the child has a number of the file's own."""
    row = {**CHILD, "person_id": number, "household_id": house.household_id, "period": PERIOD}
    rows = csv([row | {"record_state": "1", "relation": "04"} | more])
    return checked(one, uploaded(one, county_of(house.area), ("p.csv", rows)))


def told(batch: Import, kind: str) -> list[Any]:
    persons = next(d for d in checking.read_differences(batch) if d.table == "persons")
    return persons.told(kind, 0, 100)


def test_who_is_on_file_under_another_number_is_changed_and_not_new(
    one: Actor, house: Household
) -> None:
    ours = child_of(house)

    batch = delivered(one, house, "FROM-FILE-1", name="虚构娃儿")

    assert told(batch, "new") == []
    (row,) = told(batch, "changed")
    assert (row.key, row.number_in_file) == (ours.person_id, "FROM-FILE-1")
    assert (row.file, row.row) == (0, 2)
    assert "name" in {column.name for column, _old, _new in row.fields}
    assert ours.person_id not in {row.key for row in told(batch, "missing")}


def test_they_stay_one_person_when_the_file_is_taken_over_and_when_it_comes_again(
    one: Actor, house: Household
) -> None:
    ours, before = child_of(house), len(members(house))
    two = officer("second", county_of(house.area))
    scope.apply(one.scope)
    batch = delivered(one, house, "FROM-FILE-1", name="虚构娃儿")
    services.propose_import(by=one, batch=batch)
    scope.apply(two.scope)

    done(two, services.approve_import(by=two, batch=batch))

    assert len(members(house)) == before
    assert not Person.objects.filter(person_id="FROM-FILE-1").exists()
    name = next(o for o in lineage.origins("persons", ours.person_id, PERIOD) if o.field == "name")
    assert name.row == 2
    scope.apply(one.scope)
    again = delivered(one, house, "FROM-FILE-1", name="虚构娃儿")
    assert told(again, "changed") == told(again, "new") == []


@pytest.mark.parametrize("differs", ["household", "document", "not told"])
def test_another_household_or_document_is_another_person(
    differs: str, one: Actor, house: Household, villages: list[int]
) -> None:
    other = Household.objects.filter(area=villages[0]).exclude(household_id=house.household_id)
    given: dict[str, dict[str, Any]] = {
        "household": {"household_id": other[0].household_id},
        "document": {"document_number": NUMBER[:-2] + "00"},
        "not told": {"document_number": None},
    }

    batch = delivered(one, house, "FROM-FILE-1", **given[differs])

    assert [row.key for row in told(batch, "new")] == ["FROM-FILE-1"]
    assert child_of(house).person_id in {row.key for row in told(batch, "missing")}


def test_the_page_says_that_it_is_the_same_person(
    one: Actor, house: Household, sign_in: SignedIn
) -> None:
    batch = delivered(one, house, "FROM-FILE-1", name="虚构娃儿")
    client = sign_in(Role.COUNTY, county_of(house.area), "third")

    page = client.get(
        f"/intake/{batch.pk}/difference/persons/changed/", headers={"Accept-Language": "en"}
    )

    assert "in the file FROM-FILE-1" in page.content.decode()
