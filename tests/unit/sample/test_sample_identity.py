"""Names and numbers: true ones without fault and unique, recorded ones with known noise."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
import pytest

from jingzhun.sample import parameters
from jingzhun.sample.county import Order, county_tables
from jingzhun.sample.names import DOT
from jingzhun.standard import id_numbers

from .sample_support import (
    AKSAY,
    DONGXIANG,
    JINGTAI,
    JISHISHAN,
    TONGWEI,
    XIAHE,
    Made,
    Whole,
    number,
)

TABLES = parameters.load().names


def test_true_numbers_are_valid_and_say_the_true_birth_date_and_sex(whole: Whole) -> None:
    truth = nw.from_native(whole("truth_persons", 2019))
    said = id_numbers.with_id_columns(truth, "true_number", on=date(2019, 12, 31)).to_native()

    assert said["true_number_problem"].null_count() == said.height
    assert said["true_number_birth_date"].equals(said["true_birth_date"])
    assert said["true_number_sex"].equals(said["true_sex"])


def test_nobody_shares_a_true_number_unless_the_truth_says_so(order: Order) -> None:
    # Neighbours in the list of counties borrow each other's codes; these nine stand side by side.
    rows = []
    for place in range(40, 49):
        tables = dict(county_tables(order, place))[2019]
        rows.append(tables["truth_persons"])
    truth = pl.concat(rows)
    double = truth.filter(pl.col("true_number").is_duplicated())

    assert double.height > 0
    known = pl.col("noise").list.contains("two_counties") | pl.col("noise").list.contains(
        "one_county"
    )
    assert double.select(known.all()).item()
    assert double.group_by("true_number").len()["len"].max() == 2
    same = double.group_by("true_number").agg(pl.col("true_name", "true_sex").n_unique())
    assert set(same["true_name"]) == {1}


def test_numbers_of_people_born_before_the_code_changed_bear_the_old_one(made: Made) -> None:
    truth = made(TONGWEI)[2019]["truth_persons"]
    code = truth["true_number"].str.slice(0, 6)
    old = truth["true_birth_date"].dt.year() < 2003

    assert number(code.filter(old).is_in(["622424"]).mean()) > 0.9
    assert number(code.filter(~old).is_in(["621121"]).mean()) > 0.95
    assert set(code.str.slice(0, 2)) == {"62"}


def test_recorded_and_true_numbers_differ_only_by_known_noise(whole: Whole) -> None:
    rows = whole("persons", 2019).join(
        whole("truth_persons", 2019).drop("household_id", "period"), on="person_id"
    )
    plain = rows.filter(
        (pl.col("document_type") == "identity") & pl.col("document_number").is_not_null()
    )
    differs = plain.filter(pl.col("document_number") != pl.col("true_number"))
    kinds = set(differs.explode("noise").drop_nulls("noise")["noise"])

    assert (differs["noise"].list.len() > 0).all()
    assert kinds >= {"id_one_character", "id_fifteen_digits", "id_lower_x"}


@pytest.mark.parametrize(
    ("kind", "rate"), [("id_one_character", 0.005), ("id_fifteen_digits", 0.010)]
)
def test_number_noise_has_the_anchored_rates(whole: Whole, kind: str, rate: float) -> None:
    share = whole("truth_persons", 2019)["noise"].list.contains(kind).mean()

    assert share == pytest.approx(rate, rel=0.25)


def test_a_one_character_error_changes_one_character(whole: Whole) -> None:
    rows = whole("persons", 2019).join(whole("truth_persons", 2019), on="person_id")
    wrong = rows.filter(
        pl.col("noise").list.contains("id_one_character") & (pl.col("document_type") == "identity")
    ).drop_nulls("document_number")
    for noted, true in wrong.select("document_number", "true_number").iter_rows():
        assert sum(a != b for a, b in zip(noted, true, strict=True)) == 1


def test_a_disability_certificate_carries_the_number_with_class_and_grade(whole: Whole) -> None:
    rows = whole("persons", 2019).join(whole("truth_persons", 2019), on="person_id")
    papers = rows.filter(pl.col("document_type") == "disability").drop_nulls("document_number")
    made = pl.concat_str("true_number", "disability_class", "disability_grade")

    assert papers.height > 0
    assert papers.select((pl.col("document_number") == made).all()).item()


@pytest.mark.parametrize(
    ("county", "ethnicity", "share"),
    [(DONGXIANG, "26", 0.88), (XIAHE, "04", 0.84), (JINGTAI, "01", 0.985), (TONGWEI, "01", 0.985)],
)
def test_a_county_has_its_ethnic_mix(made: Made, county: str, ethnicity: str, share: float) -> None:
    persons = made(county)[2019]["persons"]["ethnicity"].drop_nulls()

    # Villages are of one kind mostly, so that a county of few villages lies further from its mix.
    assert (persons == ethnicity).mean() == pytest.approx(share, abs=0.08)


def test_jishishan_is_home_to_bonan_and_salar(made: Made) -> None:
    found = set(made(JISHISHAN)[2019]["persons"]["ethnicity"])

    assert found >= {"01", "03", "26", "47", "35", "30"}


def test_kazakh_names_are_given_name_dot_fathers_name(made: Made) -> None:
    truth, persons = made(AKSAY)[2019]["truth_persons"], made(AKSAY)[2019]["persons"]
    names = truth.filter((persons["ethnicity"] == "17").fill_null(False))["true_name"]

    assert names.len() > 0
    assert (names.str.count_matches(DOT, literal=True) == 1).all()


def test_tibetan_names_have_no_surname_and_two_to_four_syllables(made: Made) -> None:
    truth, persons = made(XIAHE)[2019]["truth_persons"], made(XIAHE)[2019]["persons"]
    names = truth.filter((persons["ethnicity"] == "04").fill_null(False))["true_name"]

    assert names.str.len_chars().min() == 2
    assert names.str.len_chars().max() == 4


def test_children_bear_the_surname_of_their_father(made: Made) -> None:
    tables = made(JINGTAI)[2014]
    rows = tables["persons"].join(tables["truth_persons"], on="person_id")
    rows = rows.with_columns(pl.col("true_name").str.slice(0, 1).alias("surname"))
    heads = rows.filter((pl.col("relation") == "01") & (pl.col("true_sex") == "1"))
    children = rows.filter(
        pl.col("relation").is_in(["03", "04"])
        & (pl.col("ethnicity") == "01")
        & (pl.col("noise").list.len() == 0)
    )
    both = children.join(heads.select("household_id", "surname"), on="household_id")

    assert both.height > 100
    assert number((both["surname"] == both["surname_right"]).mean()) > 0.99


def test_no_name_is_that_of_a_well_known_person(whole: Whole) -> None:
    for year in (2014, 2019):
        names = set(whole("truth_persons", year)["true_name"])
        assert not names & set(TABLES.avoid)
        assert not set(whole("villages", year)["village_head"]) & set(TABLES.avoid)


def test_no_two_tables_of_names_share_a_mistake(whole: Whole) -> None:
    names = whole("truth_persons", 2019)["true_name"]

    assert names.null_count() == 0
    assert number(names.str.len_chars().min()) >= 2
    assert names.n_unique() > 3_000


def test_telephone_numbers_and_accounts_belong_to_nobody(whole: Whole) -> None:
    rows = whole("households", 2019)

    assert rows["phone"].drop_nulls().str.contains(r"^1000[0-9]{7}$").all()
    assert rows["bank_account"].drop_nulls().str.contains(r"^000000[0-9]{13}$").all()
