"""What the truth says of findings: at the anchored rates, and found by the pack's rules when links are right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jingzhun.crosscheck.job import CrossCheckJob
from jingzhun.frames.deliveries import covered, deliveries
from jingzhun.frames.workspace import UNPLACED, Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.sample import make_sample, parameters
from jingzhun.sample.external.county import HOUSEHOLD_RULES
from jingzhun.standard.divisions import Divisions

from .external_support import PERIOD, TABLES
from .sample_support import number

ON = date(2019, 12, 31)
EXTERNAL = parameters.load().external
KEY = ["rule", "household_id", "person_id", "record"]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, divisions: Divisions) -> Workspace:
    out = tmp_path_factory.mktemp("external") / "province"
    make_sample(out, households=12_000, seed=3, divisions=divisions)
    return Workspace.open(out)


def rows(ws: Workspace, table: str) -> pl.DataFrame:
    return ws.scan(table, period=PERIOD).to_native().collect()


@pytest.fixture(scope="module")
def truth(province: Workspace) -> pl.DataFrame:
    """True findings; people outside the register by their first record."""
    outside = pl.when(pl.col("household_id").is_null()).then(pl.col("records").list.first())
    return rows(province, "truth_findings").with_columns(record=outside)


@pytest.fixture(scope="module")
def found(province: Workspace) -> pl.DataFrame:
    """Findings of the pack's rules when every record is linked to the person that it is of."""
    links = rows(province, "truth_links").drop_nulls("person_id")
    first = links.select("source", "record_id", "person_id")
    second = links.select("source", "record_id", person_id="also_person_id").drop_nulls()
    homes = rows(province, "persons").select("person_id", "household_id")
    right = pl.concat([first, second]).join(homes, on="person_id")
    with province.writing() as batch:
        for table in TABLES:
            own = right.filter(pl.col("source") == table).with_columns(
                band=pl.lit("certain"), county=pl.col("household_id").str.slice(0, 6)
            )
            for (county,), part in own.partition_by("county", as_dict=True).items():
                columns = part.select("person_id", "household_id", "record_id", "band")
                batch.put(f"links_{table}", str(county), PERIOD, columns)
    job = CrossCheckJob(province, load_pack("gansu"), ON, PERIOD, tables=TABLES)
    parts = [job.counties(counties) for counties in province.chunks(PERIOD)] + [job.missed()]
    outside = pl.when(pl.col("household_id").is_null()).then(pl.col("record_ids").list.first())
    return pl.concat(parts).with_columns(record=outside).unique(KEY)


def test_every_rule_of_the_pack_is_a_rule_of_the_truth(truth: pl.DataFrame) -> None:
    rules = load_pack("gansu").crosschecks

    assert set(truth["rule"]) <= set(rules)
    # Deposits are asked about only of the few who are not yet out.
    assert set(rules) - set(truth["rule"]) <= {"X07a", "X07b", "X07c"}


def test_findings_of_households_name_no_person_and_others_do(truth: pl.DataFrame) -> None:
    levels = {name: rule.level for name, rule in load_pack("gansu").crosschecks.items()}

    assert {name for name, level in levels.items() if level == "household"} == HOUSEHOLD_RULES
    on_file = truth.drop_nulls("household_id")
    named = on_file.select("rule", has=pl.col("person_id").is_not_null()).unique()
    assert dict(named.iter_rows()) == {rule: rule not in HOUSEHOLD_RULES for rule in named["rule"]}


def test_with_right_links_the_rules_find_what_is_true(
    truth: pl.DataFrame, found: pl.DataFrame
) -> None:
    real = truth.filter("is_true").unique(KEY)
    right = found.join(real.select(*KEY), on=KEY, how="semi", nulls_equal=True)
    missed = real.join(found.select(KEY), on=KEY, how="anti", nulls_equal=True)
    # The register takes dropouts of grades eight and nine for leavers of junior secondary school.
    missed = missed.filter(pl.col("rule") != "X09a")

    assert right.height / found.height > 0.97
    assert missed.height / real.height < 0.01


@pytest.mark.parametrize("rule", ["X01", "X03", "X04", "X10", "X12a", "X13a", "X14c", "X15a"])
def test_about_a_third_of_the_findings_have_a_lawful_explanation(
    rule: str, truth: pl.DataFrame
) -> None:
    real = truth.filter(pl.col("is_true") & (pl.col("rule") == rule))

    assert real.height > 30
    assert number(real["lawful_exception"].mean()) == pytest.approx(EXTERNAL.lawful, abs=0.13)


def test_lawful_findings_say_why_and_only_they(truth: pl.DataFrame) -> None:
    said = truth["explanation"].is_not_null()

    assert said.equals(truth["lawful_exception"].alias(said.name))
    assert set(truth["explanation"].drop_nulls()) <= set(EXTERNAL.explanations)


def test_hidden_assets_of_the_wrongly_included_have_the_shares_of_mashan(
    province: Workspace, truth: pl.DataFrame
) -> None:
    wrong = rows(province, "truth_households").filter("wrong_inclusion")
    real = truth.filter(
        pl.col("is_true")
        & ~pl.col("lawful_exception")
        & pl.col("household_id").is_in(wrong["household_id"].implode())
    )
    shares = {
        rule: real.filter(pl.col("rule") == rule)["household_id"].n_unique() / wrong.height
        for rule in ("X01", "X02", "X03", "X04")
    }

    assert shares["X01"] == pytest.approx(0.75, abs=0.06)
    assert shares["X03"] == pytest.approx(0.14, abs=0.05)
    assert shares["X04"] == pytest.approx(0.11, abs=0.05)
    assert shares["X02"] < 0.05


def test_stale_records_are_findings_that_are_not_true(truth: pl.DataFrame) -> None:
    untrue = truth.filter(~pl.col("is_true"))

    assert untrue.height > 0
    assert not untrue["lawful_exception"].any()


def test_missed_households_are_found_from_other_departments_alone(truth: pl.DataFrame) -> None:
    missed = truth.filter(pl.col("rule").is_in(["X12a", "X13a", "X13b"]))
    outside = missed.filter(pl.col("household_id").is_null())

    assert set(outside["rule"]) == {"X12a", "X13a", "X13b"}
    assert (outside["records"].list.len() > 0).all()
    assert not outside["lawful_exception"].all()


def test_records_without_an_area_and_elsewhere_find_their_place(province: Workspace) -> None:
    nowhere = province.read("vehicles", UNPLACED, PERIOD)

    assert nowhere is not None
    assert nowhere["area_code"].null_count() == nowhere.height
    for part in province.files("vehicles", PERIOD):
        if part.county != UNPLACED:
            held = province.read("vehicles", part.county, PERIOD)
            assert held is not None
            assert set(held["area_code"].str.slice(0, 6)) == {part.county}


def test_people_on_file_twice_have_both_numbers_in_the_truth(
    province: Workspace, truth: pl.DataFrame
) -> None:
    links = rows(province, "truth_links")
    both = links.drop_nulls("also_person_id")
    people = rows(province, "truth_persons").select("person_id", "true_number")
    numbers = both.join(people, on="person_id").join(
        people, left_on="also_person_id", right_on="person_id", suffix="_also"
    )

    assert both.height > 0
    assert numbers["true_number"].equals(numbers["true_number_also"].alias("true_number"))
    assert truth.filter(pl.col("rule") == "X08").height % 2 == 0


def test_every_table_stands_in_the_ledger_as_a_delivery(province: Workspace) -> None:
    found = deliveries(province, on=ON)

    assert [one.table for one in found] == sorted(TABLES)
    for one in found:
        assert one.rows == province.rows(one.table, PERIOD)
        assert one.legal_basis
        assert "invented" in one.source
        assert covered(province, one.table, PERIOD, ON) == ("",)


def test_records_name_the_delivery_that_they_came_with(province: Workspace) -> None:
    (one,) = deliveries(province, "deaths")

    assert set(rows(province, "deaths")["delivery_id"]) == {one.id}


def test_without_external_tables_there_is_only_the_register(
    tmp_path: Path, divisions: Divisions
) -> None:
    made = make_sample(tmp_path / "ws", households=60, seed=5, divisions=divisions, external=False)

    assert not set(TABLES) & set(made.rows)
    assert Workspace.open(tmp_path / "ws").imports == ()


def test_only_the_last_period_gets_external_tables(tmp_path: Path, divisions: Divisions) -> None:
    make_sample(tmp_path / "ws", households=40, seed=5, divisions=divisions, periods=(2018, 2019))
    ws = Workspace.open(tmp_path / "ws")

    assert ws.rows("pension", 2019) > 0
    assert ws.rows("pension", 2018) == 0
