"""The tables keep to the data standard: columns, types, codes, keys, areas."""

from __future__ import annotations

import polars as pl
import pytest

from jingzhun.frames.partitions import storage_schema
from jingzhun.sample import parameters
from jingzhun.standard import schema
from jingzhun.standard.divisions import Divisions

from .sample_support import YEARS, Made, Whole, number

STANDARD = ("households", "persons", "villages", "counties")
NEVER = set(parameters.load().noise.never)


@pytest.mark.parametrize("table", STANDARD)
def test_a_table_has_the_columns_and_types_of_the_standard(table: str, whole: Whole) -> None:
    rows = whole(table, 2019)

    assert dict(rows.schema) == storage_schema(schema.table(table))
    assert rows.height > 0


@pytest.mark.parametrize("table", STANDARD)
def test_only_the_columns_declared_as_never_filled_are_empty(table: str, whole: Whole) -> None:
    rows = pl.concat([whole(table, year) for year in YEARS])
    empty = {name for name in rows.columns if rows[name].null_count() == rows.height}

    assert empty == NEVER & set(rows.columns)


@pytest.mark.parametrize("table", STANDARD)
def test_required_columns_are_never_null(table: str, whole: Whole) -> None:
    rows = whole(table, 2019)
    required = [column.name for column in schema.table(table).columns if column.required]

    assert rows.select(required).null_count().row(0) == (0,) * len(required)


@pytest.mark.parametrize("table", STANDARD)
def test_every_code_stands_in_its_list(table: str, whole: Whole) -> None:
    rows = pl.concat([whole(table, year) for year in YEARS])
    for column in schema.table(table).columns:
        if column.codes is None:
            continue
        values = rows[column.name].drop_nulls()
        values = values.explode().drop_nulls() if column.type == "codes" else values
        unknown = set(values.unique()) - set(schema.code_list(column.codes).by_code())
        assert not unknown, column.name


@pytest.mark.parametrize("table", STANDARD)
def test_numbers_lie_within_the_limits_of_the_standard(table: str, whole: Whole) -> None:
    rows = whole(table, 2019)
    for column in schema.table(table).columns:
        if column.type not in ("int", "decimal"):
            continue
        values = rows[column.name].drop_nulls()
        low, high = values.min(), values.max()
        assert column.min is None or low is None or number(low) >= column.min, column.name
        assert column.max is None or high is None or number(high) <= column.max, column.name


@pytest.mark.parametrize("table", STANDARD)
def test_keys_are_unique(table: str, whole: Whole) -> None:
    rows = pl.concat([whole(table, year) for year in YEARS])

    assert not rows.select(schema.table(table).key).is_duplicated().any()


def test_lists_hold_no_more_items_than_allowed(whole: Whole) -> None:
    rows = whole("households", 2019)
    kinds = [
        "other_cause_same",
        "cause_illness_all_healthy",
        "cause_schooling_no_student",
        "cause_disability_none",
    ]
    slips = whole("truth_households", 2019)["mistakes"].list.set_intersection(kinds).list.len() > 0

    assert rows["other_causes"].list.len().max() == 2
    same = pl.col("other_causes").list.contains(pl.col("main_cause"))
    assert set(rows.filter(same)["household_id"]) <= set(rows.filter(slips)["household_id"])


def test_area_codes_exist_and_households_lie_in_listed_villages(
    divisions: Divisions, whole: Whole
) -> None:
    villages = set(whole("villages", 2019)["village_code"])

    assert all(code in divisions for code in villages)
    assert set(whole("households", 2019)["village_code"]) <= villages
    assert all(code in divisions for code in whole("counties", 2019)["county_code"])


def test_persons_belong_to_households_of_the_same_year(whole: Whole) -> None:
    for year in YEARS:
        households = set(whole("households", year)["household_id"])
        assert set(whole("persons", year)["household_id"]) <= households


def test_truth_stands_in_tables_of_its_own_row_for_row(whole: Whole) -> None:
    for table, key in (("households", "household_id"), ("persons", "person_id")):
        assert whole(table, 2019)[key].equals(whole(f"truth_{table}", 2019)[key])
        assert not [
            name for name in whole(table, 2019).columns if name.startswith(("true_", "truly_"))
        ]


def test_a_county_without_households_has_only_its_own_row(made: Made) -> None:
    tables = made("620105")[2019]

    if "households" not in tables:
        assert set(tables) == {"counties"}
    assert tables["counties"].height == 1


def test_village_figures_agree_with_each_other(whole: Whole) -> None:
    rows = whole("villages", 2019)

    for part, total in (
        ("labour_force", "persons"),
        ("ncms_members", "persons"),
        ("pension_members", "persons"),
        ("minority_persons", "persons"),
        ("powered_natural_villages", "large_natural_villages"),
        ("large_natural_villages", "natural_villages"),
        ("dangerous_house_households", "households"),
        ("irrigated_mu", "cultivated_mu"),
    ):
        assert (rows[part] <= rows[total]).all(), part


def test_registered_persons_are_a_believable_share_of_the_village(whole: Whole) -> None:
    persons = whole("households", 2014).filter("is_registered").group_by("village_code")
    registered = persons.agg(pl.col("persons_year_end").sum())
    both = registered.join(whole("villages", 2014), on="village_code")

    assert (both["persons_year_end"] < both["persons"]).all()
    share = number(both["persons_year_end"].sum()) / number(both["persons"].sum())
    assert 0.25 < share < 0.45


def test_county_figures_come_from_the_villages_and_the_register(made: Made) -> None:
    tables = made("621121")[2017]
    row = tables["counties"].row(0, named=True)
    households = tables["households"]
    poor = households.filter(pl.col("is_registered") & (pl.col("exit_status") != "exited"))

    assert row["rural_population"] == tables["villages"]["persons"].sum()
    assert abs(row["poor_persons"] - poor["persons_year_end"].sum()) <= 10
    assert row["wrong_exits"] <= row["audited_exits"]
    assert row["exit_year"] is None
