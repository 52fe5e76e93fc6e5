"""Changes of archives: proposed, reviewed, approved; refused; in conflict. Nothing is silently lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.actors import Actor
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import changes, services
from jingzhun_web.registry.chain import Standing
from jingzhun_web.registry.errors import ChangeError, ConflictError
from jingzhun_web.registry.models import Change, Household, Person, StatusEntry
from jingzhun_web.registry.selectors import Filters, households

from .archives import Office, again, home_of, member_of
from .people import PROVINCE

WAGE = "wage_other_yuan"
WHY = "invented: counted again"


@pytest.fixture
def home(undone: None, villages: list[int], province: Workspace) -> Household:
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    return home_of(villages[0], province.latest_period)


@pytest.fixture
def office(home: Household) -> Office:
    return Office(home.area)


def propose(home: Household, by: Actor, **fields: object) -> Change:
    return changes.propose(
        by=by,
        household_id=home.household_id,
        period=home.period,
        fields=fields,
        reason=WHY,
    )


def wage(home: Household) -> int | None:
    found: int | None = getattr(again(home), WAGE)
    return found


def set_exited(home: Household, by: Actor) -> None:
    services.set_status(
        by=by,
        household_id=home.household_id,
        period=home.period,
        exit_status="exited",
        on=date(2018, 5, 1),
        reason=WHY,
        source="case 1",
    )


def test_an_entry_of_the_village_counts_only_after_township_and_county(
    home: Household, office: Office
) -> None:
    before = wage(home)
    change = propose(home, office.village, **{WAGE: 1234})
    assert wage(home) == before

    change = changes.accept(by=office.township, change=change)
    assert (wage(home), change.waits_for) == (before, "approve")

    change = changes.accept(by=office.county, change=change)
    assert (wage(home), change.standing) == (1234, Standing.APPLIED)
    assert again(home).version == home.version + 1
    assert again(home).source == f"change {change.pk}"


def test_every_step_is_in_the_log_without_values(home: Household, office: Office) -> None:
    change = propose(home, office.village, **{WAGE: 1234})
    changes.accept(by=office.township, change=change)
    changes.accept(by=office.county, change=change)

    entries = Entry.objects.filter(kind="household", object_id=home.household_id)
    assert [entry.act for entry in entries] == [
        "propose_change",
        "review_change",
        "approve_change",
    ]
    assert not any("1234" in str(entry.detail) for entry in entries)


def test_nobody_skips_a_step_or_accepts_their_own(home: Household, office: Office) -> None:
    change = propose(home, office.village, **{WAGE: 1234})
    for actor in (office.village, office.other_village, office.county):
        with pytest.raises(PermissionDenied):
            changes.accept(by=actor, change=change)

    own = propose(home, office.county, **{WAGE: 77})
    assert own.waits_for == "approve"
    with pytest.raises(PermissionDenied):
        changes.accept(by=office.county, change=own)
    changes.accept(by=office.other_county, change=own)
    assert wage(home) == 77


def test_an_entry_of_the_township_needs_the_county_only(home: Household, office: Office) -> None:
    change = propose(home, office.township, **{WAGE: 5})

    assert change.waits_for == "approve"
    changes.accept(by=office.county, change=change)
    assert wage(home) == 5


def test_a_refused_change_changes_nothing_and_says_why(home: Household, office: Office) -> None:
    before = wage(home)
    change = propose(home, office.village, **{WAGE: 1234})

    with pytest.raises(ChangeError):
        changes.refuse(by=office.township, change=change, reason=" ")
    change = changes.refuse(by=office.township, change=change, reason="invented: no evidence")

    assert (change.standing, wage(home)) == (Standing.REFUSED, before)
    assert change.steps.get().note == "invented: no evidence"
    with pytest.raises(ChangeError):
        changes.accept(by=office.county, change=change)


def test_the_approver_sees_both_values_where_the_register_changed_meanwhile(
    home: Household, office: Office
) -> None:
    late = propose(home, office.village, **{WAGE: 1000, "debt_yuan": 7})
    changes.accept(by=office.township, change=late)
    other = propose(home, office.township, **{WAGE: 2000})
    changes.accept(by=office.county, change=other)

    with pytest.raises(ConflictError) as refused:
        changes.accept(by=office.county, change=late)
    assert refused.value.fields == (WAGE,)
    rows = changes.compared(late)
    (conflict,) = [row for row in rows if row.is_conflict]
    assert (conflict.old, conflict.new, conflict.now) == (getattr(home, WAGE), 1000, 2000)

    changes.accept(by=office.county, change=late, seen=changes.fingerprint(rows), keep=[WAGE])
    assert wage(home) == 2000
    assert getattr(again(home), "debt_yuan") == 7  # noqa: B009
    assert late.steps.get(act="approve").kept == [WAGE]


def test_what_was_looked_at_must_still_be_so_when_it_is_decided(
    home: Household, office: Office
) -> None:
    late = propose(home, office.township, **{WAGE: 1000})
    Household.objects.filter(pk=home.pk).update(**{WAGE: 2000})
    seen = changes.fingerprint(changes.compared(late))
    Household.objects.filter(pk=home.pk).update(**{WAGE: 3000})

    with pytest.raises(ConflictError):
        changes.accept(by=office.county, change=late, seen=seen)


def test_changes_of_different_fields_do_not_stand_in_each_others_way(
    home: Household, office: Office
) -> None:
    one = propose(home, office.township, **{WAGE: 1000})
    two = propose(home, office.township, debt_yuan=9)
    changes.accept(by=office.county, change=one)
    changes.accept(by=office.county, change=two)

    assert (wage(home), getattr(again(home), "debt_yuan")) == (1000, 9)  # noqa: B009


def test_of_two_who_edit_at_once_the_second_is_told(home: Household, office: Office) -> None:
    seen = changes.seen_of(home.household_id, home.period)
    given = {"household_id": home.household_id, "period": home.period, "reason": WHY, "seen": seen}
    changes.propose(by=office.village, fields={WAGE: 1}, **given)  # type: ignore[arg-type]

    with pytest.raises(ConflictError):
        changes.propose(by=office.other_village, fields={WAGE: 2}, **given)  # type: ignore[arg-type]


def test_a_name_and_a_number_stay_sealed_and_are_found_by_their_new_form(
    home: Household, office: Office
) -> None:
    head = member_of(home)
    change = propose(home, office.township, **{f"{head.person_id}/name": "虚构某"})
    item = change.items.get()
    assert (item.old, item.new) == (None, None)
    assert "虚构" not in str(bytes(item.new_sealed or b""))

    changes.accept(by=office.county, change=change)

    found = Person.objects.get(pk=head.pk)
    assert seals().open(bytes(getattr(found, "name"))) == "虚构某"  # noqa: B009
    assert seals().open(bytes(again(home).head_name or b"")) == "虚构某"
    for text in ("虚构某", "xugoumou"):
        listed = households(Filters(period=home.period, text=text, by_person=True))
        assert home.household_id in {row.household_id for row in listed}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (WAGE, -1),
        (WAGE, "many"),
        ("main_cause", "no such code"),
        ("other_causes", ["01", "02", "03"]),
        ("identified_date", "2017-02-30"),
        ("exit_status", "exited"),
        ("village_code", "620000000000"),
        ("no_such_field", 1),
    ],
)
def test_what_the_standard_does_not_allow_is_refused(
    home: Household, office: Office, field: str, value: object
) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, **{field: value})


def test_a_wrong_identity_number_is_refused(home: Household, office: Office) -> None:
    head = member_of(home)
    with pytest.raises(ChangeError):
        propose(home, office.village, **{f"{head.person_id}/document_number": "123"})


def test_somebody_elses_member_cannot_be_changed_here(home: Household, office: Office) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, **{"invented/sex": "1"})


def test_a_status_is_set_by_a_decision_and_told_with_its_reason(
    home: Household, office: Office
) -> None:
    Household.objects.filter(pk=home.pk).update(exit_status="not_exited")
    with pytest.raises(PermissionDenied):
        set_exited(home, office.village)

    set_exited(home, office.county)

    entry = StatusEntry.objects.get(household_id=home.household_id)
    assert (entry.old_status, entry.new_status) == ("not_exited", "exited")
    assert getattr(again(home), "exit_year") == 2018  # noqa: B009


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "***"),
        ("phone", "abc"),
        ("phone", "123"),
        ("bank_account", "*"),
        ("identified_date", "9999-12-31"),
        ("identified_date", "0001-01-01"),
    ],
)
def test_what_can_be_no_telephone_account_or_day_is_not_proposed(
    home: Household, office: Office, field: str, value: str
) -> None:
    with pytest.raises(ChangeError):
        propose(home, office.village, **{field: value})


def test_nobody_is_born_tomorrow(home: Household, office: Office) -> None:
    somebody = member_of(home)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    with pytest.raises(ChangeError, match="尚未到来"):
        propose(home, office.village, **{f"{somebody.person_id}/birth_date": tomorrow})
