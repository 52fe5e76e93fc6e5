"""Figures equal the lists behind them, whoever looks, before and after changes."""

from __future__ import annotations

import psycopg
import pytest
from django.db.models import Sum

from jingzhun.frames.workspace import Workspace
from jingzhun_web.kit import scope
from jingzhun_web.registry import figures
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import (
    GROUPS,
    INCOME_GROUPS,
    KEY_FIELDS,
    income_items,
)
from jingzhun_web.registry.selectors import Filters, households

from .people import PROVINCE

REGISTERED = {"group": "registered"}
LISTS: dict[str, dict[str, str]] = {
    "on_file": {},
    **{name: {"group": name} for name in GROUPS},
    **{f"status_{code}": {**REGISTERED, "status": code} for code in figures.STATUSES},
    **{f"cause_{code}": {**REGISTERED, "cause": code} for code in figures.CAUSES},
    **{f"unknown_{name}": {**REGISTERED, "unknown": name} for name in KEY_FIELDS},
    **{f"known_{name}": {**REGISTERED, "known": name} for name in INCOME_GROUPS},
}


@pytest.fixture
def everywhere(undone: None) -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))


def areas_of(village: int) -> list[str]:
    digits = str(village)
    return [digits[:size].ljust(12, "0") for size in (2, 4, 6, 9, 12)]


def counted(area: str, period: int) -> dict[str, int]:
    return {
        name: households(Filters(period=period, area=area, **narrowed)).count()
        for name, narrowed in LISTS.items()
    }


def figured(area: str, period: int) -> dict[str, int]:
    sums = figures.total(figures.sums_below(area, period, 12).values())
    return {name: sums[name] for name in LISTS}


def test_every_figure_of_every_level_equals_the_count_of_its_list(
    everywhere: None, villages: list[int], province: Workspace
) -> None:
    for area in areas_of(villages[0]):
        assert figured(area, province.latest_period) == counted(area, province.latest_period)


def test_figures_follow_changes_within_their_transaction(
    everywhere: None, villages: list[int], province: Workspace
) -> None:
    period, here, there = province.latest_period, villages[0], villages[1]
    before = figured(PROVINCE, period)
    homes = Household.objects.filter(period=period, area=here)
    first, second, third = homes.order_by("household_id")[:3]

    homes.filter(pk=first.pk).update(exit_status="returned", main_cause=None, is_registered=True)
    homes.filter(pk=second.pk).update(area=there, village_code=str(there), is_registered=False)
    homes.filter(pk=third.pk).update(exit_status="exited", exit_year=period, wage_other_yuan=1)

    assert figured(PROVINCE, period) == counted(PROVINCE, period) != before
    for village in (here, there):
        assert figured(str(village), period) == counted(str(village), period)


def test_figures_follow_deletions(
    owner: psycopg.Connection, villages: list[int], province: Workspace
) -> None:
    row = "SELECT on_file FROM registry_village_figures WHERE area = %s AND period = %s"
    which = [villages[0], province.latest_period]
    owner.execute("DELETE FROM registry_household WHERE area = %s AND period = %s", which)

    assert owner.execute(row, which).fetchone() == (0,)


def test_income_rests_on_households_whose_income_is_known(
    everywhere: None, province: Workspace
) -> None:
    sums = figures.total(figures.sums_below(PROVINCE, province.latest_period, 6).values())
    for group in INCOME_GROUPS:
        listed = households(Filters(period=province.latest_period, group="registered", known=group))
        items = listed.aggregate(**{item: Sum(item) for item in income_items(group)})
        assert sums[f"yuan_{group}"] == sum(amount or 0 for amount in items.values())
        assert 0 < sums[f"known_{group}"] == listed.count()


def test_figures_of_other_areas_are_not_seen(
    undone: None, villages: list[int], province: Workspace
) -> None:
    scope.apply(scope.Scope.of_areas([str(villages[0])]))

    assert list(figures.sums_below(PROVINCE, province.latest_period, 12)) == [villages[0]]


def test_the_application_can_write_no_figure(raw: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("UPDATE registry_village_figures SET on_file = 1")
