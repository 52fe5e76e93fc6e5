"""Records of other departments: what is accepted, what the ledger keeps, what a later delivery changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from delivery_support import (
    ABROAD,
    CAR,
    ELSEWHERE,
    HEADER,
    ON,
    VAN,
    VILLAGE,
    Vehicles,
    held,
    mapping,
)

from jingzhun.frames.deliveries import covered, deliveries
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, import_files, parse_mapping


@pytest.fixture
def vehicles(tmp_path: Path) -> Vehicles:
    return Vehicles(tmp_path)


@pytest.fixture
def workspace(vehicles: Vehicles) -> Workspace:
    return vehicles.workspace


@pytest.fixture
def run(vehicles: Vehicles) -> Callable[..., ImportReport]:
    return vehicles.run


# -- what is accepted ------------------------------------------------------------------------------


def test_a_delivery_may_come_before_any_register(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    report = run(CAR, VAN)

    rows = held(workspace)
    assert report.tables["vehicles"].new == 2
    assert rows["record_id"].to_list() == ["1", "2"]
    assert rows["kind"].to_list() == ["car", "van"]
    assert rows["delivery_id"].to_list() == [report.deliveries[0].id] * 2
    assert workspace.counties(2019, "vehicles") == ["620102"]


@pytest.mark.parametrize(
    "row",
    [
        "1,2019,,,甘A00001,轿车,2018-03-01,",
        "1,2019,测试甲,123,甘A00001,轿车,2018-03-01,",
        "1,2019,测试甲,身份不明,,轿车,,",
    ],
)
def test_records_without_name_number_or_area_and_with_a_wrong_number_are_kept(
    run: Callable[..., ImportReport], workspace: Workspace, row: str
) -> None:
    report = run(row)

    assert report.rejected == 0
    assert workspace.counties(2019, "vehicles") == ["000000"]


def test_a_record_may_lie_outside_the_counties_of_the_pack(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    report = run(CAR.replace(VILLAGE, ABROAD), VAN.replace(VILLAGE, "6229"))

    assert report.rejected == 0
    assert workspace.counties(2019, "vehicles") == ["110101", "622900"]


def test_cells_that_can_not_be_read_reject_their_row(run: Callable[..., ImportReport]) -> None:
    report = run(CAR, VAN.replace("面包车", "飞船"), VAN.replace("2018-04-01", "昨天"))

    counts = report.tables["vehicles"]
    assert (counts.read, counts.accepted, counts.rejected) == (3, 1, 2)
    assert set(counts.reasons) == {("kind", "unknown_name"), ("owned_on", "not_a_date")}
    assert report.deliveries[0].rows == 1


def test_rejected_rows_do_not_say_in_words_who_the_person_is(
    run: Callable[..., ImportReport],
) -> None:
    report = run(CAR.replace("甘A00001", "甘" * 501), VAN.replace("面包车", "飞船"))

    assert report.rejects is not None
    words = pl.read_csv(report.rejects / "vehicles.csv", infer_schema=False)
    told = str(words.select("value", "reason_en", "reason_zh").rows())
    assert "***" in told
    assert "飞船" in told
    assert "甘甘" not in told


def test_the_area_can_be_derived_from_the_names_of_places(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    rules = mapping(more="derive: {area_code: [市, 县]}")

    run(
        "1,2019,测试甲,,甘A00001,轿车,2018-03-01,兰州市,城关区",
        rules=rules,
        header=HEADER.replace("区划", "市,县"),
    )

    assert held(workspace)["area_code"].to_list() == ["620102000000"]


# -- the ledger ------------------------------------------------------------------------------------


def test_the_ledger_keeps_source_legal_basis_dates_areas_hash_and_rows(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    more = (
        "covers: [620102, '6229']\n  purpose: comparison\n  from: 2019-01-01\n  until: 2019-07-01"
    )

    report = run(CAR, rules=mapping(covers=more))

    (found,) = deliveries(Workspace.open(workspace.path))
    assert (found,) == report.deliveries
    assert found.id == f"{report.import_id}-1"
    assert (found.table, found.period, found.rows) == ("vehicles", 2019, 1)
    assert found.source == "traffic police (invented)"
    assert found.legal_basis == "agreement 1 (invented)"
    assert found.purpose == "comparison"
    assert (found.received, found.imported) == (date(2019, 6, 30), ON)
    assert (found.from_date, found.until_date) == (date(2019, 1, 1), date(2019, 7, 1))
    assert found.covers == ("620102", "6229")
    assert found.sha256 == report.sources[0].sha256


def test_a_delivery_covers_every_area_unless_it_says_which(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(CAR)

    assert covered(workspace, "vehicles", 2019) == ("",)
    assert covered(workspace, "vehicles", 2018) == ()


def test_an_abolished_county_is_covered_as_its_successor(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(CAR, rules=mapping(covers="covers: ['620824']"))  # Huating, a city of its own since 2018

    assert covered(workspace, "vehicles", 2019) == ("620881",)


def test_a_delivery_without_a_record_says_that_nobody_has_one(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    rules = mapping(covers="covers: ['622926']").replace(
        "period: {from: 年度, optional: true, missing: [无]}", "period: 2019"
    )

    report = run(rules=rules)

    assert [(d.period, d.rows) for d in report.deliveries] == [(2019, 0)]
    assert covered(workspace, "vehicles", 2019) == ("622926",)


def test_rows_of_two_years_are_two_entries_of_one_delivery(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(CAR, VAN.replace("2019", "2018", 1))

    found = deliveries(workspace)
    assert [(d.period, d.rows) for d in found] == [(2018, 1), (2019, 1)]
    assert len({d.id for d in found}) == 1


# -- several deliveries ----------------------------------------------------------------------------


def test_the_same_delivery_again_changes_nothing(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(CAR, VAN)
    before = (workspace.path / "index.json").read_bytes()

    report = run(CAR, VAN)

    assert report.already == ON
    assert len(report.deliveries) == 1
    assert (workspace.path / "index.json").read_bytes() == before


def test_a_later_delivery_updates_its_records_and_leaves_the_others(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    june = run(CAR, VAN).deliveries[0].id
    moved = CAR.replace(VILLAGE, ELSEWHERE).replace("轿车", "货车")

    report = run(moved, "3,2019,测试丙,,甘A00003,轿车,,", rules=mapping("2019-07-31"))

    july = report.deliveries[0].id
    rows = held(workspace)
    assert rows.select("record_id", "kind", "area_code", "delivery_id").rows() == [
        ("1", "truck", ELSEWHERE, july),
        ("2", "van", VILLAGE, june),
        ("3", "car", None, july),
    ]
    assert [d.id for d in deliveries(workspace)] == [june, july]
    assert (report.tables["vehicles"].new, report.tables["vehicles"].changed) == (1, 1)


def test_a_row_that_comes_again_as_it_was_stays_with_the_delivery_that_brought_it(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    june = run(CAR, VAN).deliveries[0].id
    report = run(CAR, VAN.replace("面包车", "货车"), rules=mapping("2019-07-31"))

    assert report.tables["vehicles"].unchanged == 1
    assert held(workspace)["delivery_id"].to_list() == [june, report.deliveries[0].id]


def test_an_earlier_delivery_that_comes_late_does_not_undo_a_later_one(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(CAR, rules=mapping("2019-07-31"))
    old = CAR.replace(VILLAGE, ELSEWHERE).replace("轿车", "货车")

    report = run(old, VAN, rules=mapping("2019-06-30"))

    counts = report.tables["vehicles"]
    assert (counts.accepted, counts.new, counts.changed, counts.unchanged) == (2, 1, 0, 1)
    assert held(workspace).select("record_id", "kind", "area_code").rows() == [
        ("1", "car", VILLAGE),
        ("2", "van", VILLAGE),
    ]


def test_a_row_repeated_inside_a_late_delivery_is_still_a_duplicate(
    run: Callable[..., ImportReport],
) -> None:
    run(CAR, rules=mapping("2019-07-31"))

    report = run(CAR, CAR, rules=mapping("2019-06-30"))

    assert report.rejected == 1


def test_the_id_of_an_import_without_delivery_is_the_one_it_always_had() -> None:
    text = "table: households\nperiod: 2019\ncolumns: {household_id: a, village_code: b}\n"

    assert "delivery" not in parse_mapping(text).canonical()


def test_two_tables_of_other_departments_arrive_in_one_batch(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = """
tables:
- table: deaths
  files: "d*"
  period: 2019
  delivery: {source: police (invented), legal_basis: b, received: 2019-06-30}
  columns: {record_id: a, name: b, died_on: c}
- table: school_roll
  files: "s*"
  period: 2019
  delivery: {source: schools (invented), legal_basis: b, received: 2019-06-30, covers: [620102]}
  columns: {record_id: a, name: b, stage: c}
"""
    (tmp_path / "d.csv").write_text("a,b,c\n1,测试甲,2019-01-01\n", encoding="utf-8")
    (tmp_path / "s.csv").write_text("a,b,c\n1,测试乙,小学\n", encoding="utf-8")

    files = [tmp_path / "d.csv", tmp_path / "s.csv"]
    report = import_files(files, parse_mapping(text), workspace, on=ON)

    ids = [d.id for d in report.deliveries]
    assert ids == [f"{report.import_id}-1", f"{report.import_id}-2"]
    assert report.deliveries[0] == replace(deliveries(workspace, "deaths")[0])
    assert covered(workspace, "school_roll", 2019) == ("620102",)
