"""Households hold together: heads, couples, generations, school, work, health."""

from __future__ import annotations

import polars as pl
import pytest

from .sample_support import YEARS, Whole, current, number


def with_noise(whole: Whole, year: int) -> pl.DataFrame:
    """Current members with the kinds of noise and slips put into their records."""
    truth = whole("truth_persons", year).drop("household_id", "period")
    mistakes = whole("truth_households", year).select("household_id", "mistakes")
    rows = whole("persons", year).join(truth, on="person_id").join(mistakes, on="household_id")
    return current(rows).with_columns(
        (pl.lit(year) - pl.col("true_birth_date").dt.year()).alias("age")
    )


def clean(rows: pl.DataFrame, *kinds: str) -> pl.DataFrame:
    """Rows without the named kinds of noise."""
    return rows.filter(
        (pl.col("noise").list.set_intersection(list(kinds)).list.len() == 0)
        & (pl.col("mistakes").list.set_intersection(list(kinds)).list.len() == 0)
    )


@pytest.mark.parametrize("year", YEARS)
def test_every_household_has_one_head_except_where_a_slip_was_put(whole: Whole, year: int) -> None:
    rows = clean(with_noise(whole, year), "no_head", "two_heads")
    heads = rows.group_by("household_id").agg((pl.col("relation") == "01").sum().alias("heads"))

    assert (heads["heads"] == 1).all()


def test_spouses_are_of_opposite_sex_in_truth(whole: Whole) -> None:
    rows = clean(with_noise(whole, 2019), "no_head", "two_heads")
    pairs = (
        rows.filter(pl.col("relation").is_in(["01", "02"]))
        .group_by("household_id")
        .agg(pl.col("true_sex").n_unique().alias("sexes"), pl.len())
    )

    assert (pairs.filter(pl.col("len") == 2)["sexes"] == 2).all()


def test_relations_fit_the_sex(whole: Whole) -> None:
    rows = clean(with_noise(whole, 2019), "relation_and_sex", "no_head", "two_heads")
    men, women = ["03", "06", "07", "09", "11", "15"], ["04", "05", "08", "10", "12", "16"]

    assert set(rows.filter(pl.col("relation").is_in(men))["true_sex"]) == {"1"}
    assert set(rows.filter(pl.col("relation").is_in(women))["true_sex"]) == {"2"}


def test_children_are_younger_than_their_parents(whole: Whole) -> None:
    rows = clean(with_noise(whole, 2019), "two_counties", "one_county", "no_head", "two_heads")
    oldest = rows.group_by("household_id").agg(
        pl.col("age").filter(pl.col("relation").is_in(["03", "04"])).max().alias("child"),
        pl.col("age").filter(pl.col("relation").is_in(["01", "02"])).max().alias("parent"),
        pl.col("age").filter(pl.col("relation").is_in(["11", "12"])).min().alias("grandparent"),
        pl.col("age").filter(pl.col("relation") == "01").max().alias("head"),
    )

    assert number((oldest["parent"] - oldest["child"]).min()) >= 14
    assert number((oldest["grandparent"] - oldest["head"]).min()) >= 15


@pytest.mark.parametrize("year", YEARS)
def test_households_have_about_four_members(whole: Whole, year: int) -> None:
    rows = whole("households", year).filter("is_registered")

    assert rows["persons_year_end"].mean() == pytest.approx(4.1, abs=0.15)


def test_the_size_on_record_is_the_number_of_members(whole: Whole) -> None:
    counted = current(whole("persons", 2019)).group_by("household_id").len()
    rows = whole("households", 2019).join(counted, on="household_id", how="left")
    slips = whole("truth_households", 2019).filter(
        pl.col("mistakes").list.set_intersection(["size_differs", "without_members"]).list.len() > 0
    )
    differs = rows.filter(pl.col("len").fill_null(0) != pl.col("persons_year_end"))

    assert set(differs["household_id"]) == set(slips["household_id"])


def test_ages_form_a_believable_pyramid(whole: Whole) -> None:
    ages = with_noise(whole, 2019)["age"]

    assert ages.min() == 0
    assert 0.12 < number((ages < 15).mean()) < 0.26
    assert 0.10 < number((ages >= 65).mean()) < 0.20
    assert number(ages.max()) < 105


def test_children_of_compulsory_age_are_at_school_but_for_a_few(whole: Whole) -> None:
    rows = clean(with_noise(whole, 2019), "grade_and_age").filter(pl.col("age").is_between(6, 15))
    out = rows.filter(pl.col("student_status") == "01")
    schools = {"03", "04", "05", "06", "07", "10", "01", None}

    assert set(rows["student_status"]) <= schools
    assert 0.001 < out.height / rows.height < 0.03
    assert out["not_in_school_reason"].null_count() == 0


def test_nobody_who_cannot_work_has_a_job_but_by_a_slip(whole: Whole) -> None:
    slips = (
        "student_working",
        "labour_healthy_none",
        "labour_child_able",
        "months_out_of_range",
        "old_in_public_post",
    )
    rows = clean(with_noise(whole, 2019), *slips)
    working = rows.filter(pl.col("work_months") > 0)

    assert set(working["labour_ability"].drop_nulls()) == {"01", "02", "05"}
    assert number(working["age"].min()) >= 16
    assert number(working["work_months"].max()) <= 12


def test_a_cause_of_poverty_is_true_when_it_is_written_down(whole: Whole) -> None:
    persons = with_noise(whole, 2014)
    sick = persons.group_by("household_id").agg(
        (pl.col("health").list.eval(pl.element().is_in(["02", "03"])).list.any()).any().alias("ill")
    )
    rows = whole("households", 2014).join(sick, on="household_id")
    rows = rows.join(whole("truth_households", 2014), on="household_id")
    slip = pl.col("mistakes").list.contains("cause_illness_all_healthy")
    ill = rows.filter((pl.col("main_cause") == "01") & ~slip)

    assert number(ill["ill"].mean()) > 0.97


def test_causes_have_the_shares_of_the_plan(whole: Whole) -> None:
    causes = whole("households", 2019).filter("is_registered")["main_cause"].drop_nulls()
    shares = dict(causes.value_counts(normalize=True).iter_rows())

    for cause, share in (("01", 0.30), ("09", 0.18), ("07", 0.15), ("03", 0.10), ("02", 0.09)):
        assert shares[cause] == pytest.approx(share, abs=0.025), cause


def test_medical_insurance_is_nearly_complete_by_2019_and_less_before(whole: Whole) -> None:
    def share(year: int) -> float:
        rows = current(whole("persons", year))
        covered = pl.col("has_resident_medical") | pl.col("has_employee_medical")
        return float(rows.select(covered.mean()).item())

    assert share(2019) > 0.985
    assert 0.90 < share(2014) < share(2017) < share(2019)
