"""Outcomes out of sums equal their lists, whatever happens to verdicts and households, also at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun_web.kit import scope
from jingzhun_web.kit.postgres import Addresses
from jingzhun_web.registry import figures
from jingzhun_web.registry.models import Household, Verdict
from jingzhun_web.registry.narrowing import KEY_FIELDS
from jingzhun_web.registry.selectors import Filters, households

from .outcomes import OUTCOMES, PROFILES, areas_of, keep_outcomes
from .people import PROVINCE


@pytest.fixture
def everywhere(undone: None) -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))


@pytest.fixture
def judged(everywhere: None, villages: list[int], province: Workspace) -> None:
    keep_outcomes(province.latest_period)


def outcomes_are_the_lists(area: str, period: int) -> int:
    """Outcomes out of sums are the lengths of their lists; returned is how many there are."""
    listed = {
        profile: {
            outcome: count
            for outcome in OUTCOMES
            if (
                count := households(
                    Filters(period=period, area=area, profile=profile, outcome=outcome)
                ).count()
            )
        }
        for profile in PROFILES
    }
    assert figures.outcomes(area, period) == {p: counts for p, counts in listed.items() if counts}
    return sum(sum(counts.values()) for counts in listed.values())


@pytest.mark.parametrize("size", [2, 6, 9, 12])
def test_outcomes_are_the_lists_for_every_level_that_looks_or_is_asked_for(
    size: int, judged: None, villages: list[int], province: Workspace
) -> None:
    scope.apply(scope.Scope.of_areas([str(villages[0])[:size], f"{villages[1]:012d}"]))

    for area in (*areas_of(villages[0]), *areas_of(villages[1])):
        outcomes_are_the_lists(area, province.latest_period)
    assert outcomes_are_the_lists(PROVINCE, province.latest_period) > 0


def test_outcomes_follow_verdicts_and_households_to_their_places(
    judged: None, villages: list[int], province: Workspace
) -> None:
    period = province.latest_period
    told = Verdict.objects.filter(period=period).order_by("area", "household_id", "profile")
    before = outcomes_are_the_lists(PROVINCE, period)
    homes = list(dict.fromkeys(told.values_list("household_id", flat=True)))
    there = villages[-1]

    some = Household.objects.filter(period=period, household_id__in=homes[:7])
    some.update(area=there, village_code=str(there))
    assert set(told.filter(household_id__in=homes[:7]).values_list("area", flat=True)) == {there}

    told.filter(household_id__in=homes[:3]).update(outcome="failed")
    told.filter(household_id__in=homes[10:20]).update(outcome="passed", run_id="another")
    told.filter(household_id__in=homes[20:22]).update(run_id="another")
    assert outcomes_are_the_lists(PROVINCE, period) == before
    for village in (villages[0], there):
        outcomes_are_the_lists(f"{village:012d}", period)


SUM = "SELECT coalesce(sum(n), 0) FROM registry_{level}_outcomes WHERE period = 1999 AND area = %s"
ON_FILE = (
    "INSERT INTO registry_household (household_id, period, area, village_code, version, source)"
    " VALUES ('invented', 1999, %s, %s, 1, 'test')"
)
JUDGED = (
    "INSERT INTO registry_verdict (household_id, period, area, profile, run_id, outcome, detail)"
    " VALUES ('invented', 1999, %s, 'stricter', 'invented', 'passed', '{}')"
)
MOVED = "UPDATE registry_household SET area = %s WHERE household_id = 'invented' AND period = 1999"
ALONE = "SELECT pg_advisory_xact_lock(hashtext('registry_verdict'))"
GONE = "DELETE FROM registry_{table} WHERE household_id = 'invented' AND period = 1999"


def summed(by: psycopg.Connection, village: int) -> tuple[int, int]:
    """Outcomes of the year 1999 of a village, and of its township."""
    township = village // 1000 * 1000
    found = [
        by.execute(SUM.format(level=level), [area]).fetchone()
        for level, area in (("village", village), ("township", township))
    ]
    return found[0][0], found[1][0]  # type: ignore[index]


def test_outcomes_follow_what_the_owner_deletes_and_loads_again(
    owner: psycopg.Connection, villages: list[int]
) -> None:
    place = villages[0]
    owner.execute(ON_FILE, [place, str(place)])
    owner.execute(JUDGED, [place])
    assert summed(owner, place) == (1, 1)

    owner.execute(GONE.format(table="household"))
    assert summed(owner, place) == (0, 0)
    owner.execute(ON_FILE, [place, str(place)])
    owner.execute(JUDGED, [place])
    assert summed(owner, place) == (1, 1)
    owner.execute(GONE.format(table="verdict"))
    assert summed(owner, place) == (0, 0)


def test_a_move_while_an_evaluation_is_kept_waits_and_takes_its_verdicts_along(
    addresses: Addresses, villages: list[int]
) -> None:
    here, there = villages[0], villages[-1]
    with (
        psycopg.connect(addresses.owner) as keeps,
        psycopg.connect(addresses.owner) as moves,
        psycopg.connect(addresses.owner, autocommit=True) as plain,
    ):
        plain.execute(ON_FILE, [here, str(here)])
        try:
            keeps.execute(ALONE)
            keeps.execute(JUDGED, [here])
            with ThreadPoolExecutor() as at_once:
                waits = at_once.submit(lambda: moves.execute(MOVED, [there]))
                with pytest.raises(TimeoutError):
                    waits.result(timeout=0.5)
                keeps.commit()
                waits.result(timeout=10)
                moves.commit()

            assert (summed(plain, here), summed(plain, there)) == ((0, 0), (1, 1))
        finally:
            keeps.rollback()
            moves.rollback()
            plain.execute(GONE.format(table="household"))


@pytest.mark.parametrize("level", ["village", "township"])
def test_the_application_can_write_no_sum_of_outcomes(raw: psycopg.Connection, level: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(f"UPDATE registry_{level}_outcomes SET n = 1")  # noqa: S608


def test_lists_of_what_is_not_known_leave_nobody_out(
    everywhere: None, villages: list[int], province: Workspace
) -> None:
    period = province.latest_period
    homes = Household.objects.filter(period=period, area__in=villages[:3])
    some = homes.order_by("household_id").values_list("pk", flat=True)
    Household.objects.filter(pk__in=list(some[:5])).update(housing_grade=None)
    Household.objects.filter(pk__in=list(some[3:4])).update(is_registered=False)

    on_file = Household.objects.filter(period=period)
    for name in KEY_FIELDS:
        plain = on_file.filter(**{f"{name}__isnull": True})
        assert households(Filters(period=period, unknown=name)).count() == plain.count(), name
    found = households(Filters(period=period, unknown="housing_grade", group="registered"))
    assert found.count() == on_file.filter(housing_grade=None).exclude(is_registered=False).count()
