"""Members put on file and taken off by hand: through the chain, in order, and nobody's past is lost."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.core.exceptions import PermissionDenied

from jingzhun.frames.workspace import Workspace
from jingzhun.standard.id_numbers import make_id
from jingzhun_web.kit import scope
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import changes
from jingzhun_web.registry.chain import Standing
from jingzhun_web.registry.errors import ChangeError, ConflictError
from jingzhun_web.registry.models import Change, Household, Person
from jingzhun_web.registry.selectors import Filters, households

from .archives import Office, again, home_of, member_of
from .members import (
    CHILD,
    COUNT,
    EVERYWHERE,
    NUMBER,
    applied,
    back,
    field,
    joining,
    large_home,
    leaving,
    members,
    others_of,
    propose,
)
from .people import county_of


@pytest.fixture
def home(undone: None, villages: list[int], province: Workspace) -> Household:
    scope.apply(EVERYWHERE)
    return large_home(villages[0], province.latest_period)


@pytest.fixture
def office(home: Household) -> Office:
    return Office(home.area)


def test_a_member_is_on_file_only_after_township_and_county(
    home: Household, office: Office
) -> None:
    before = len(members(home))
    change = propose(home, office.village, joining())
    changes.accept(by=office.township, change=change)
    assert len(members(home)) == before

    change = changes.accept(by=office.county, change=Change.objects.get(pk=change.pk))

    assert change.standing == Standing.APPLIED
    (child,) = [row for row in members(home) if row.person_id in change.joins]
    assert (child.area, child.source) == (home.area, f"change {change.pk}")
    assert field(child, "record_state") == "1"
    assert field(child, "birth_date") == date(2016, 3, 9)
    assert seals().open(bytes(field(child, "name"))) == "虚构娃"
    assert field(again(home), COUNT) == before + 1


@pytest.mark.parametrize("text", ["虚构娃", "xugouwa", NUMBER])
def test_a_new_member_is_found_by_name_sound_and_number(
    home: Household, office: Office, text: str
) -> None:
    applied(home, office, joining())

    found = households(Filters(period=home.period, text=text, by_person=True))
    assert home.household_id in {row.household_id for row in found}


def test_the_difference_shows_the_number_of_persons_before_it_is_approved(
    home: Household, office: Office
) -> None:
    before = field(home, COUNT)
    change = propose(home, office.village, joining())

    rows = {row.key: row for row in changes.compared(change)}
    assert (rows[COUNT].old, rows[COUNT].new, rows[COUNT].now) == (before, before + 1, before)
    (person,) = change.joins
    assert rows[f"{person}/relation"].new == "04"
    assert rows[f"{person}/name"].now is None
    assert "虚构" not in str(list(change.items.values()))


@pytest.mark.parametrize("name", sorted(CHILD))
def test_a_new_member_needs_what_the_register_must_know(
    home: Household, office: Office, name: str
) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, joining(**{name: None}))
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"document_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")},
        {"document_number": "123"},
        {"document_type": "disability"},
        {"change_reason": "death"},
        {"change_date": "2999-01-01"},
        {"relation": "01"},
        {"relation": "no such code"},
        {"record_state": "2"},
        {"person_id": "12"},
    ],
    ids=lambda wrong: "-".join(f"{name} {value}" for name, value in wrong.items()),
)
def test_a_new_member_who_is_not_in_order_is_refused(
    home: Household, office: Office, wrong: dict[str, object]
) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, joining(**wrong))


def test_nobody_is_put_on_file_twice_and_where_they_are_is_not_told(
    home: Household, office: Office, villages: list[int]
) -> None:
    elsewhere = next(area for area in villages if county_of(area) != county_of(home.area))
    there = member_of(home_of(elsewhere, home.period))
    number = seals().open(bytes(field(there, "document_number")))
    scope.apply(office.village.scope)
    assert not Person.objects.filter(pk=there.pk).exists()

    with pytest.raises(ChangeError) as refused:
        propose(home, office.village, joining(document_number=number))

    for told in (number, f"{elsewhere}", str(county_of(elsewhere)), there.household_id):
        assert told not in refused.value.sentence


def test_a_number_on_file_may_not_become_another_members(home: Household, office: Office) -> None:
    one, two = others_of(home)[:2]
    number = seals().open(bytes(field(one, "document_number")))
    with pytest.raises(ChangeError):
        propose(home, office.village, {f"{two.person_id}/document_number": number})


def test_whoever_left_one_household_may_join_another(
    home: Household, office: Office, villages: list[int]
) -> None:
    leaver = others_of(home)[0]
    number = seals().open(bytes(field(leaver, "document_number")))
    applied(home, office, leaving(leaver))
    other = next(
        row
        for row in Household.objects.filter(area=home.area, period=home.period)
        if row.household_id != home.household_id and members(row)
    )

    given = joining(document_number=number, change_reason="married_in", relation="05")
    change = applied(other, office, given)
    assert change.standing == Standing.APPLIED

    with pytest.raises(ChangeError):
        propose(home, office.village, back(leaver))


def test_whoever_is_taken_off_keeps_their_row_and_does_not_count(
    home: Household, office: Office
) -> None:
    before, leaver = len(members(home)), others_of(home)[0]

    applied(home, office, leaving(leaver))

    row = Person.objects.get(pk=leaver.pk)
    told = (field(row, "record_state"), field(row, "change_reason"), field(row, "change_date"))
    assert told == ("2", "married_out", date(2017, 5, 1))
    assert len(members(home)) == before
    assert field(again(home), COUNT) == before - 1

    applied(home, office, back(leaver))
    assert field(again(home), COUNT) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"change_reason": None},
        {"change_reason": "newborn"},
        {"change_date": None},
        {"change_date": "2999-01-01"},
        {"record_state": "1"},
        {"record_state": "3"},
    ],
    ids=lambda wrong: "-".join(f"{name} {value}" for name, value in wrong.items()),
)
def test_nobody_is_taken_off_without_reason_and_day(
    home: Household, office: Office, wrong: dict[str, object]
) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, leaving(others_of(home)[0], **wrong))


def test_the_head_is_not_taken_off_unless_another_head_is_named(
    home: Household, office: Office
) -> None:
    head, heir = member_of(home), others_of(home)[0]
    with pytest.raises(ChangeError):
        propose(home, office.village, leaving(head, change_reason="death"))

    given = leaving(head, change_reason="death") | {f"{heir.person_id}/relation": "01"}
    applied(home, office, given)

    assert again(home).head_name is not None
    name = seals().open(bytes(field(heir, "name")))
    assert seals().open(bytes(again(home).head_name or b"")) == name
    assert field(Person.objects.get(pk=head.pk), "relation") == "01"


def test_the_only_head_does_not_become_something_else(home: Household, office: Office) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, {f"{member_of(home).person_id}/relation": "02"})


def test_the_last_member_is_taken_off_only_with_the_household(
    home: Household, office: Office
) -> None:
    Household.objects.filter(pk=home.pk).update(is_registered=True)
    all_of_them: dict[str, object] = {}
    for row in members(home):
        all_of_them |= leaving(row, change_reason="other_out")
    with pytest.raises(ChangeError):
        propose(home, office.village, all_of_them)

    applied(home, office, {**all_of_them, "is_registered": False})

    assert field(again(home), COUNT) == 0
    assert field(again(home), "is_registered") is False


def test_the_number_of_persons_is_nobodys_choice_where_members_move(
    home: Household, office: Office
) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, {**joining(), COUNT: 9})


def test_two_members_put_on_file_at_once_both_count_and_the_approver_sees_it(
    home: Household, office: Office
) -> None:
    before = field(home, COUNT)
    number = make_id("620102", date(2016, 3, 9), 996)
    one = propose(home, office.township, joining())
    two = propose(home, office.township, joining(document_number=number))
    changes.accept(by=office.county, change=one)

    with pytest.raises(ConflictError) as refused:
        changes.accept(by=office.county, change=two)
    assert refused.value.fields == (COUNT,)
    rows = changes.compared(two)
    (count,) = [row for row in rows if row.key == COUNT]
    assert (count.old, count.new, count.now) == (before, before + 2, before + 1)

    done = changes.accept(
        by=office.county, change=two, seen=changes.fingerprint(rows), keep=[COUNT]
    )
    assert field(again(home), COUNT) == before + 2
    assert done.items.get(field=COUNT).new == before + 2
    assert done.steps.get().kept == []


def test_the_same_person_proposed_twice_comes_on_file_once(home: Household, office: Office) -> None:
    one = propose(home, office.township, joining())
    two = propose(home, office.township, joining())
    changes.accept(by=office.county, change=one)

    with pytest.raises(ChangeError):
        changes.accept(
            by=office.county, change=two, seen=changes.fingerprint(changes.compared(two))
        )
    changes.refuse(by=office.county, change=Change.objects.get(pk=two.pk), reason="invented: twice")


def test_a_head_named_who_left_meanwhile_is_noticed(home: Household, office: Office) -> None:
    head, heir = member_of(home), others_of(home)[0]
    late = propose(home, office.township, leaving(head) | {f"{heir.person_id}/relation": "01"})
    applied(home, office, leaving(heir))

    with pytest.raises(ChangeError):
        changes.accept(
            by=office.county, change=late, seen=changes.fingerprint(changes.compared(late))
        )


def test_a_refused_member_is_not_on_file(home: Household, office: Office) -> None:
    before = len(members(home))
    change = propose(home, office.village, joining())
    changes.refuse(by=office.township, change=change, reason="invented: no document")

    assert len(members(home)) == before
    assert changes.compared(Change.objects.get(pk=change.pk))


def test_those_of_another_village_put_nobody_on_file(
    home: Household, office: Office, villages: list[int]
) -> None:
    elsewhere = next(area for area in villages if area != home.area)
    stranger = Office(elsewhere)
    with pytest.raises(PermissionDenied):
        propose(home, stranger.village, joining())
    scope.apply(stranger.village.scope)
    with pytest.raises(Household.DoesNotExist):
        propose(home, stranger.village, joining())


def test_the_database_puts_nobody_on_file_outside_the_scope(
    home: Household, raw: psycopg.Connection
) -> None:
    raw.execute("SELECT set_config('jingzhun.low', '1', false)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(
            "INSERT INTO registry_person (person_id, household_id, period, area,"
            " source) VALUES ('invented', %s, %s, %s, '')",
            (home.household_id, home.period, home.area),
        )
    raw.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("DELETE FROM registry_person")
