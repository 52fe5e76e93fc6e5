"""Records of other departments: to the standard, true to the people they are of, noisy at known rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import narwhals as nw
import polars as pl
import pytest

from jingzhun.frames.partitions import storage_schema
from jingzhun.sample import parameters
from jingzhun.sample.county import Order, county_tables
from jingzhun.sample.external.rows import ALL_KINDS
from jingzhun.standard import id_numbers, schema
from jingzhun.standard.divisions import Divisions

from .external_support import PERIOD, TABLES, Outside, linked, with_external
from .sample_support import DONGXIANG, TONGWEI, XIAHE, Made, number

NOISE = parameters.load().external
Seen = Callable[[str], Outside]
COUNTIES = (TONGWEI, XIAHE)


@pytest.fixture(scope="session")
def seen(order: Order) -> Seen:
    return cache(lambda code: with_external(order, code))


@pytest.fixture(scope="session")
def equal(order: Order) -> Seen:
    return cache(lambda code: with_external(order, code, equal_names=True))


def all_of(seen: Seen, table: str) -> pl.DataFrame:
    return pl.concat([seen(code).tables[table] for code in COUNTIES])


def test_every_external_table_of_the_standard_is_made() -> None:
    external = [name for name, table in schema.tables().items() if table.role == "external"]

    assert set(TABLES) == set(external)


@pytest.mark.parametrize("table", TABLES)
def test_an_external_table_has_the_columns_types_and_codes_of_the_standard(
    table: str, seen: Seen
) -> None:
    rows, known = all_of(seen, table), schema.table(table)

    assert dict(rows.schema) == storage_schema(known)
    assert rows.height > 0
    assert rows["record_id"].is_unique().all()
    for column in known.columns:
        values = rows[column.name].drop_nulls()
        if column.codes is not None:
            assert set(values.unique()) <= set(schema.code_list(column.codes).by_code()), (
                column.name
            )
        if column.type in ("int", "decimal") and column.min is not None and values.len():
            assert number(values.min()) >= column.min, column.name


@pytest.mark.parametrize("table", TABLES)
def test_only_what_nobody_delivers_is_empty(table: str, seen: Seen) -> None:
    rows = all_of(seen, table)
    empty = {name for name in rows.columns if rows[name].null_count() == rows.height}

    assert not empty


@pytest.mark.parametrize("table", TABLES)
def test_no_record_is_of_a_day_after_the_delivery(table: str, seen: Seen) -> None:
    rows = all_of(seen, table)
    last = pl.date(PERIOD, 12, 21)
    ends = {"valid_until", "until_date"}
    days = [n for n, kind in rows.schema.items() if kind == pl.Date and n not in ends]

    assert rows.select((pl.col(days) <= last).fill_null(True).all()).row(0) == (True,) * len(days)


@pytest.mark.parametrize("table", [name for name in TABLES if schema.table(name).one_per_person])
def test_a_person_has_one_record_where_the_source_has_one(table: str, seen: Seen) -> None:
    for code in COUNTIES:
        links = seen(code).tables["truth_links"].filter(pl.col("source") == table)
        people = links["person_id"].drop_nulls()

        assert people.len() > 0
        assert people.is_unique().all()


def test_every_record_has_its_true_link_and_every_link_its_record(seen: Seen) -> None:
    for table in TABLES:
        tables = seen(TONGWEI).tables
        records = set(tables[table]["record_id"])
        links = set(tables["truth_links"].filter(pl.col("source") == table)["record_id"])
        # People on file twice, and records that lie elsewhere, are placed when all counties are made.
        assert len(records - links) <= max(3, len(records) // 100)
        assert len(links - records) <= len(links) // 5


def test_a_record_without_noise_repeats_the_true_identity(seen: Seen) -> None:
    for table in ("vehicles", "medical_insurance", "school_roll"):
        tables = seen(TONGWEI).tables
        rows = linked(tables, table).filter(pl.col("noise").list.len() == 0)
        truth = tables["truth_persons"].select(
            "true_name", "true_number", "true_birth_date", "true_sex", true_person="person_id"
        )
        both = rows.join(truth, on="true_person")

        assert both.height > 300
        assert both["name"].equals(both["true_name"])
        assert both["document_number"].equals(both["true_number"])
        assert both["birth_date"].equals(both["true_birth_date"])
        assert both["sex"].equals(both["true_sex"])


def test_a_record_with_noise_differs_from_the_truth_in_what_the_noise_says(seen: Seen) -> None:
    tables = seen(XIAHE).tables
    truth = tables["truth_persons"].select("true_name", "true_number", true_person="person_id")
    rows = linked(tables, "medical_insurance").join(truth, on="true_person")

    def noisy(kinds: list[str]) -> pl.Expr:
        return pl.col("noise").list.set_intersection(kinds).list.len() > 0

    names = ["dot_variant", "syllable_variant", "homophone", "look_alike", "name_cut"]
    numbers = [kind for kind in ALL_KINDS if kind.startswith("id_")]
    same_name = pl.col("name") == pl.col("true_name")
    same_number = (pl.col("document_number") == pl.col("true_number")).fill_null(False)

    assert rows.select((same_name == ~noisy(names)).all()).item()
    assert rows.select((same_number == ~noisy(numbers)).all()).item()


@pytest.mark.parametrize(
    ("kind", "share"),
    [("id_one_character", 0.005), ("id_fifteen_digits", 0.010), ("id_swapped", 0.002)],
)
def test_noise_of_numbers_has_its_rate(kind: str, share: float, seen: Seen) -> None:
    links = pl.concat([seen(code).tables["truth_links"] for code in COUNTIES])
    insured = links.filter(pl.col("source") == "medical_insurance")

    found = number(insured["noise"].list.contains(kind).mean())

    assert found == pytest.approx(share, rel=0.35)
    assert NOISE.noise[kind] == share


def test_swapped_digits_and_wrong_characters_give_no_valid_number(seen: Seen) -> None:
    for code in COUNTIES:
        rows = linked(seen(code).tables, "medical_insurance")
        wrong = rows.filter(
            pl.col("noise").list.contains("id_one_character")
            | pl.col("noise").list.contains("id_swapped")
        )
        valid = nw.from_native(wrong).select(
            ok=id_numbers.is_valid(nw.col("document_number"), on=date(2019, 12, 31))
        )

        assert wrong.height > 10
        assert not valid.to_native()["ok"].any()


def test_no_two_people_bear_the_same_valid_number_unless_the_truth_says_so(seen: Seen) -> None:
    tables = seen(DONGXIANG).tables
    on_file = tables["truth_persons"].select(number="true_number", who="person_id")
    bearers = [on_file]
    for table in TABLES:
        rows = linked(tables, table).filter(
            (pl.col("document_number").str.len_chars() == 18)
            & (
                pl.col("noise").list.set_intersection(["id_one_character", "id_swapped"]).list.len()
                == 0
            )
            & ~pl.col("document_number").str.contains("[ x０-９]")
        )
        # Outsiders have no number of their own in the truth: name and true birth tell them apart.
        own = rows.filter(~pl.col("shares_id") & pl.col("true_person").is_not_null())
        bearers.append(own.select(number="document_number", who="true_person"))
        strangers = rows.filter(~pl.col("shares_id") & pl.col("true_person").is_null())
        left = strangers.filter(pl.col("document_number").is_in(on_file["number"].implode()))
        assert left.height == 0, table
    people = pl.concat(bearers).unique().filter(~pl.col("who").is_null())
    twice = people.filter(pl.col("number").is_duplicated())
    known = tables["truth_persons"].filter(
        pl.col("noise").list.contains("one_county") | pl.col("noise").list.contains("two_counties")
    )

    assert set(twice["number"]) <= set(known["true_number"])


def test_a_number_of_another_is_listed_and_the_name_is_the_bearers_own(seen: Seen) -> None:
    links = pl.concat([seen(code).tables["truth_links"] for code in (*COUNTIES, DONGXIANG)])
    shared = links.filter("shares_id")

    assert shared.height > 0
    assert shared["person_id"].null_count() == shared.height
    assert shared["noise"].list.contains("id_of_another").all()


def test_most_car_owners_are_not_on_the_register(seen: Seen) -> None:
    rows = linked(seen(TONGWEI).tables, "vehicles").filter(pl.col("kind").is_in(["car", "van"]))

    assert number(rows["true_person"].is_null().mean()) > 0.7


def test_namesakes_share_the_name_of_somebody_on_file(seen: Seen) -> None:
    tables = seen(TONGWEI).tables
    rows = linked(tables, "medical_insurance").filter(
        pl.col("noise").list.contains("namesake") & (pl.col("noise").list.len() == 1)
    )
    names = set(tables["truth_persons"]["true_name"])

    assert rows.height > 20
    # Some are namesakes of people who have left the register.
    assert number(rows["name"].is_in(list(names)).mean()) > 0.8


def test_with_equal_noise_names_of_all_peoples_are_wrong_equally_often(equal: Seen) -> None:
    kinds = ["dot_variant", "syllable_variant", "homophone", "look_alike", "name_cut"]
    shares = {}
    for code, ethnicity in ((TONGWEI, "01"), (XIAHE, "04"), (DONGXIANG, "26")):
        links = equal(code).tables["truth_links"].filter(pl.col("ethnicity") == ethnicity)
        insured = links.filter(pl.col("source") == "medical_insurance")
        wrong = insured["noise"].list.set_intersection(kinds).list.len() > 0
        shares[ethnicity] = number(wrong.mean())
        register = equal(code).tables["truth_persons"]["noise"].list.set_intersection(kinds)
        assert number((register.list.len() > 0).mean()) == pytest.approx(NOISE.equal_names, rel=0.2)

    assert list(shares.values()) == pytest.approx([NOISE.equal_names] * 3, rel=0.2)


def test_names_noted_differently_are_so_for_good_within_a_table(seen: Seen) -> None:
    rows = linked(seen(TONGWEI).tables, "vehicles").drop_nulls("true_person")
    owners = rows.group_by("true_person").agg(pl.col("name").n_unique(), records=pl.len())

    assert owners.filter(pl.col("records") > 1).height > 0
    assert owners["name"].max() == 1


def test_the_register_is_the_same_with_and_without_other_departments(
    order: Order, seen: Seen, made: Made
) -> None:
    for table in ("households", "persons", "truth_persons", "truth_households", "villages"):
        assert seen(TONGWEI).tables[table].equals(made(TONGWEI)[PERIOD][table]), table


def test_records_are_the_same_whatever_other_periods_are_made(order: Order, seen: Seen) -> None:
    places = {plan.facts.code: place for place, plan in enumerate(order.plans)}
    wanted = replace(order, periods=(2017, 2019), external=frozenset({2019}))
    tables = dict(county_tables(wanted, places[XIAHE]))[PERIOD]

    for table in (*TABLES, "truth_links", "truth_findings"):
        assert tables[table].equals(seen(XIAHE).tables[table]), table


def test_areas_of_records_exist(seen: Seen, divisions: Divisions) -> None:
    for table in TABLES:
        codes = set(seen(TONGWEI).tables[table]["area_code"])
        assert all(code in divisions for code in codes), table
        assert {code[:6] for code in codes} == {TONGWEI}
