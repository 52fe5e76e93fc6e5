"""The register: who is on it, who has left it, what they earn, and what is true."""

from __future__ import annotations

import polars as pl
import pytest

from jingzhun.sample import parameters
from jingzhun.sample.county import Order

from .sample_support import DONGXIANG, TONGWEI, YEARS, Made, Whole, net_income, number

INCOME = parameters.load().income


def registered(whole: Whole, year: int) -> pl.DataFrame:
    return net_income(whole("households", year)).filter("is_registered")


def test_a_county_has_the_registered_households_of_the_plan(made: Made, order: Order) -> None:
    planned = {county.facts.code: county.households for county in order.plans}

    for code in (TONGWEI, DONGXIANG):
        assert made(code)[2019]["households"]["is_registered"].sum() == planned[code]


def test_about_one_in_twenty_households_on_file_is_not_registered(whole: Whole) -> None:
    rows = whole("households", 2019)

    assert (~rows["is_registered"]).mean() == pytest.approx(0.048, abs=0.008)
    outside = rows.filter(~pl.col("is_registered"))
    for column in ("exit_status", "main_cause", "household_attribute", "helper_count"):
        assert outside[column].null_count() == outside.height


@pytest.mark.parametrize("year", YEARS)
def test_exits_follow_the_curve_of_the_county(made: Made, order: Order, year: int) -> None:
    plans = {county.facts.code: county for county in order.plans}
    for code in (TONGWEI, DONGXIANG):
        rows = made(code)[year]["households"].filter("is_registered")
        poor = rows.filter(pl.col("exit_status") != "exited")
        share = number(poor["persons_year_end"].sum()) / number(rows["persons_year_end"].sum())
        assert share == pytest.approx(plans[code].remaining[year], abs=0.035)


def test_exit_columns_agree_with_each_other(whole: Whole) -> None:
    rows = whole("households", 2019).join(whole("truth_households", 2019), on="household_id")
    rows = rows.filter(~pl.col("mistakes").list.contains("exit_year_missing"))
    exited = rows.filter(pl.col("exit_status") == "exited")
    waiting = rows.filter(pl.col("exit_status").is_in(["not_exited", "returned"]))

    assert exited["exit_year"].is_between(2014, 2019).all()
    assert exited["no_exit_reason"].null_count() == exited.height
    assert waiting["exit_year"].null_count() == waiting.height
    assert waiting["no_exit_reason"].null_count() == 0
    returned = rows.filter(pl.col("exit_status") == "returned")
    assert returned.height > 0
    assert returned.select("return_year", "return_cause").null_count().row(0) == (0, 0)


@pytest.mark.parametrize(("year", "median"), [(2014, 2600), (2019, 9000)])
def test_incomes_have_the_anchored_medians(whole: Whole, year: int, median: float) -> None:
    # The five counties are poorer than the province on the whole.
    assert registered(whole, year)["per_person"].median() == pytest.approx(median, rel=0.12)


def test_wages_and_transfers_have_their_shares_in_2019(whole: Whole) -> None:
    rows = registered(whole, 2019)

    assert 0.32 < number(rows["wage"].sum()) / number(rows["net"].sum()) < 0.42
    assert 0.18 < number(rows["transfer"].sum()) / number(rows["net"].sum()) < 0.30


def test_items_are_whole_yuan_and_rarely_unknown(whole: Whole) -> None:
    rows = whole("households", 2019)
    items = [
        name
        for name in rows.columns
        if name.endswith("_yuan") and name.split("_")[0] in ("wage", "business", "transfer")
    ]
    unknown = rows.select(pl.any_horizontal(pl.col(items).is_null()).mean()).item()

    assert 0.001 < unknown < 0.006
    assert all((rows[name].drop_nulls() >= 0).all() for name in items)


def test_wages_are_months_times_pay_of_the_members(whole: Whole) -> None:
    truth = whole("truth_households", 2019).filter(pl.col("mistakes").list.len() == 0)
    slips = whole("truth_persons", 2019).filter(
        pl.col("noise")
        .list.set_intersection(
            ["pay_absurd", "months_out_of_range", "work_place_without_months", "student_working"]
        )
        .list.len()
        > 0
    )
    paid = (
        whole("persons", 2019)
        .group_by("household_id")
        .agg(
            (pl.col("work_months") * pl.col("monthly_pay_yuan")).sum().alias("paid"),
            (pl.col("work_months").is_null() & pl.col("monthly_pay_yuan").is_not_null())
            .any()
            .alias("gap"),
        )
    )
    rows = whole("households", 2019).join(paid, on="household_id").filter(~pl.col("gap"))
    rows = rows.join(truth, on="household_id", how="semi").join(
        slips, on="household_id", how="anti"
    )
    known = rows.drop_nulls("wage_employment_yuan")

    assert known.height > 1000
    assert (known["wage_employment_yuan"] == known["paid"]).all()


def test_production_income_has_production_expenditure_but_for_slips(whole: Whole) -> None:
    rows = whole("households", 2019).join(whole("truth_households", 2019), on="household_id")
    rows = rows.filter(~pl.col("mistakes").list.contains("production_without_expense"))
    planting = rows.filter(pl.col("business_planting_yuan") > 0)

    assert (planting["expense_planting_yuan"] > 0).all()


@pytest.mark.parametrize("year", YEARS)
def test_most_of_the_exited_are_above_the_line_and_most_others_below(
    whole: Whole, year: int
) -> None:
    rows = registered(whole, year).drop_nulls("per_person")
    line = INCOME.national_line[year]
    exited = pl.col("exit_status") == "exited"

    assert number((rows.filter(exited)["per_person"] >= line).mean()) > 0.85
    assert number((rows.filter(~exited)["per_person"] < line).mean()) > 0.65


def test_first_list_has_a_tenth_wrongly_included_and_misses_nearly_as_many(whole: Whole) -> None:
    truth = whole("truth_households", 2014)
    rows = whole("households", 2014)
    on_list = truth.filter(rows["is_registered"])

    assert on_list["wrong_inclusion"].mean() == pytest.approx(0.10, abs=0.02)
    assert truth["omitted"].sum() / on_list.height == pytest.approx(0.085, abs=0.02)


def test_two_percent_of_exits_are_wrong_and_half_of_them_unseen(whole: Whole) -> None:
    rows = net_income(whole("households", 2019)).join(
        whole("truth_households", 2019).drop("period"), on="household_id"
    )
    exited = rows.filter(pl.col("exit_status") == "exited")
    wrong = exited.filter("wrong_exit")
    shown = (pl.col("per_person") < pl.col("line_yuan")) | pl.col("is_dangerous_house")

    assert wrong.height / exited.height == pytest.approx(0.02, abs=0.012)
    assert 0.35 < wrong.select(shown.mean()).item() < 0.75
    below = pl.col("true_income_per_capita_yuan") < pl.col("line_yuan")
    bad = below | pl.col("true_housing_grade").is_in(["C", "D"])
    assert wrong.select(bad.all()).item()
    right = exited.filter(~pl.col("wrong_exit"))
    assert not right.select(bad.any()).item()


def test_only_the_wrongly_included_have_hidden_assets(whole: Whole) -> None:
    truth = whole("truth_households", 2014)
    assets = truth["hidden_assets"].list.len() > 0

    assert assets.equals(truth["wrong_inclusion"])
    cars = truth.filter("wrong_inclusion")["hidden_assets"].list.contains("car").mean()
    assert cars == pytest.approx(0.76, abs=0.06)


def test_houses_water_and_school_trouble_a_few_of_the_exited(whole: Whole) -> None:
    rows = registered(whole, 2019).filter(pl.col("exit_status") == "exited")

    assert 0.005 < number(rows["is_dangerous_house"].mean()) < 0.06
    assert 0.005 < number((~rows["has_safe_water"]).mean()) < 0.06


def test_safe_water_is_the_same_as_passing_all_four_tests(whole: Whole) -> None:
    rows = whole("households", 2019).drop_nulls(["has_safe_water", "water_litres_per_day"])
    passes = (
        (pl.col("water_litres_per_day") >= 20)
        & pl.col("is_water_quality_safe")
        & (pl.col("water_fetch_minutes") <= 20)
        & (pl.col("water_supply_rate") >= 0.9)
    )

    assert rows.select((passes == pl.col("has_safe_water")).all()).item()


def test_every_kind_of_mistake_happens(made: Made, whole: Whole) -> None:
    noise = parameters.load().noise
    found = {
        kind
        for year in YEARS
        for kind in whole("truth_households", year)["mistakes"].explode().drop_nulls().unique()
    }
    slips = {
        kind
        for year in YEARS
        for kind in whole("truth_persons", year)["noise"].explode().drop_nulls().unique()
    }

    assert set(noise.households) <= found
    rare = {"id_full_width", "dot_variant", "pay_absurd", "old_in_public_post"}
    assert set(noise.persons) | set(noise.identity) <= slips | rare
