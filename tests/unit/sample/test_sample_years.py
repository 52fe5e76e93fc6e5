"""The years: the same households, growing, shrinking, leaving and returning."""

from __future__ import annotations

import polars as pl

from jingzhun.sample.county import Order, county_tables

from .sample_support import DONGXIANG, TONGWEI, YEARS, Made, Whole, number


def test_households_stay_in_their_village_under_the_same_number(whole: Whole) -> None:
    first = whole("households", 2014).select("household_id", "village_code", "main_cause")
    last = whole("households", 2019).select("household_id", "village_code", "main_cause")
    both = first.join(last, on="household_id")

    assert both.height > 0.95 * last.height
    assert (both["village_code"] == both["village_code_right"]).all()


def test_nobody_gets_another_birth_date_name_or_number_over_the_years(whole: Whole) -> None:
    columns = ["person_id", "true_name", "true_number", "true_birth_date", "true_sex"]
    first = whole("truth_persons", 2014).select(columns)
    both = first.join(whole("truth_persons", 2019).select(columns), on="person_id")

    assert both.height > 0
    for column in columns[1:]:
        assert (both[column] == both[f"{column}_right"]).all()


def test_members_come_and_go_for_a_reason(whole: Whole) -> None:
    rows = whole("persons", 2017)
    gone = rows.filter(pl.col("record_state") == "2")
    came = rows.filter((pl.col("record_state") == "1") & pl.col("change_reason").is_not_null())

    assert set(gone["change_reason"]) == {"death", "married_out", "other_out"}
    assert set(came["change_reason"]) == {"newborn", "married_in"}
    assert (
        rows.filter(pl.col("change_reason").is_not_null())["change_date"].dt.year().eq(2017).all()
    )
    later = set(whole("persons", 2019)["person_id"])
    assert not set(gone["person_id"]) & later


def test_the_look_back_removes_some_and_adds_others(whole: Whole) -> None:
    first, last = whole("households", 2014), whole("households", 2019)
    removed = first.filter("is_registered").join(last, on="household_id", how="anti")
    added = last.filter("is_registered").join(
        first.filter(~pl.col("is_registered")), on="household_id", how="semi"
    )

    assert 0.04 < removed.height / first.height < 0.09
    assert 0.04 < added.height / last.height < 0.07
    assert added["identified_date"].dt.year().is_in([2015, 2016]).all()


def test_who_has_exited_stays_so_unless_returned(whole: Whole) -> None:
    before = whole("households", 2017).filter(pl.col("exit_status") == "exited")
    after = whole("households", 2019).filter(pl.col("exit_status") == "not_exited")

    assert not set(before["household_id"]) & set(after["household_id"])


def test_incomes_grow_and_houses_improve(whole: Whole) -> None:
    unsafe = [
        float(whole("households", year).select(pl.col("is_dangerous_house").mean()).item())
        for year in YEARS
    ]
    villages = [number(whole("villages", year)["has_hard_road"].mean()) for year in YEARS]

    assert unsafe == sorted(unsafe, reverse=True)
    assert villages == sorted(villages)


def test_a_year_alone_is_the_same_as_that_year_in_a_range(made: Made, order: Order) -> None:
    place = next(p for p, c in enumerate(order.plans) if c.facts.code == DONGXIANG)
    alone = Order(order.parameters, order.plans, order.seed, (2019,), order.villages)

    for name, table in dict(county_tables(alone, place))[2019].items():
        assert table.equals(made(DONGXIANG)[2019][name]), name


def test_another_seed_gives_other_people(made: Made, order: Order) -> None:
    place = next(p for p, c in enumerate(order.plans) if c.facts.code == TONGWEI)
    other = Order(order.parameters, order.plans, order.seed + 1, (2019,), order.villages)
    names = dict(county_tables(other, place))[2019]["truth_persons"]["true_number"]

    assert len(set(names) & set(made(TONGWEI)[2019]["truth_persons"]["true_number"])) < 50
