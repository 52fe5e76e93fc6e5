"""A batch becomes accepted and rejected rows: counts add up, nothing is lost, nothing runs twice."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, import_files, parse_mapping
from jingzhun.standard.id_numbers import make_id

ON = date(2020, 1, 31)
MAPPING = """
tables:
- table: households
  files: "h*"
  period: {from: 年度, optional: true}
  columns:
    household_id: 户编号
    village_code: 村代码
    main_cause: {from: 致贫原因, optional: true}
    debt_yuan: {from: 负债, optional: true}
    phone: {from: 电话, optional: true}
- table: persons
  files: "p*"
  period: 2019
  columns:
    person_id: 人口编号
    household_id: 户编号
    name: 姓名
    document_number: {from: 证件号码, optional: true}
    ethnicity: {from: 民族, optional: true}
    sex: {from: 性别, optional: true}
  derive: {birth_date: document_number, sex: document_number}
"""
VILLAGE, ELSEWHERE = "620102001001", "620421001001"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws", pack="gansu", created=ON)


@pytest.fixture
def run(tmp_path: Path, workspace: Workspace) -> Callable[..., ImportReport]:
    """Write files and import them: `run(h="...", p="...")`."""

    def importing(mapping: str = MAPPING, again: bool = False, **files: str) -> ImportReport:
        paths = []
        for name, text in files.items():
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        return import_files(paths, parse_mapping(mapping), workspace, on=ON, again=again)

    return importing


def households(*rows: str) -> str:
    return "户编号,年度,村代码,致贫原因,负债,电话\n" + "\n".join(rows) + "\n"


def persons(*rows: str) -> str:
    return "人口编号,户编号,姓名,证件号码,民族,性别\n" + "\n".join(rows) + "\n"


def held(workspace: Workspace, table: str, period: int = 2019) -> pl.DataFrame:
    return workspace.scan(table, period=period).to_native().collect()


def rejects(report: ImportReport, table: str) -> list[dict[str, str | None]]:
    assert report.rejects is not None
    return pl.read_csv(report.rejects / f"{table}.csv", infer_schema=False).rows(named=True)


def test_households_and_persons_arrive_together(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    report = run(
        p=persons("P1,H1,测试甲,,汉族,男", "P2,H1,测试乙,,藏,女"),
        h=households(f"H1,2019,{VILLAGE},因病,100,"),
    )
    assert report.tables["households"].new == 1
    assert report.tables["persons"].new == 2
    assert held(workspace, "persons")["household_key"].null_count() == 0
    assert report.rejects is None


def test_a_row_with_several_problems_is_one_rejected_row_with_all_reasons(
    run: Callable[..., ImportReport],
) -> None:
    report = run(h=households("H1,2019,x,xx,-5,", f"H2,2019,{VILLAGE},因病,1,"))
    counts = report.tables["households"]
    assert (counts.read, counts.accepted, counts.rejected) == (2, 1, 1)
    row = rejects(report, "households")[0]
    assert row["source_row"] == "2"
    assert row["field"] == "village_code | main_cause | debt_yuan"
    assert row["reason_code"] == "not_a_division | unknown_name | out_of_range"
    assert "行政区划代码" in str(row["reason_zh"])


def test_the_rejected_row_is_kept_whole_and_can_be_corrected_and_imported(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    report = run(h=households("H1,2019,x,因病,=1+1,13900000000", f"'-H2,2019,{VILLAGE},x,,"))
    assert report.rejects is not None
    text = (report.rejects / "households.csv").read_text(encoding="utf-8-sig")

    corrected = text.replace("2019,x,", f"2019,{VILLAGE},").replace("'=1+1", "7")
    again = run(h2=corrected.replace(f"{VILLAGE},x,", f"{VILLAGE},因残,"))

    assert again.tables["households"].accepted == 2
    found = held(workspace, "households")
    assert found["household_id"].to_list() == ["-H2", "H1"]
    assert found["phone"].to_list() == [None, "13900000000"]


def test_rejects_are_harmless_in_a_spreadsheet_and_readable_by_the_owner_only(
    run: Callable[..., ImportReport],
) -> None:
    report = run(h=households("=cmd|' /C calc'!A0,2019,x,@x,-5,+1"))
    row = rejects(report, "households")[0]
    assert row["户编号"] == "'=cmd|' /C calc'!A0"
    assert row["致贫原因"] == "'@x"
    assert row["负债"] == "-5"  # a plain number is no formula
    assert report.rejects is not None
    for path in report.rejects.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    parquet = pl.read_parquet(report.rejects / "households.parquet")
    assert parquet["户编号"].to_list() == ["=cmd|' /C calc'!A0"]
    assert parquet["reason_code"].to_list()[0] == ["not_a_division", "unknown_name", "out_of_range"]


def test_direct_identifiers_are_masked_where_a_reason_is_told(
    run: Callable[..., ImportReport],
) -> None:
    report = run(
        h=households(f"H1,2019,{VILLAGE},因病,1,139\x07", f"H2,2019,{VILLAGE},,,"),
        p=persons(f"P1,H2,测试{'甲' * 600},,,"),
    )
    phone, name = rejects(report, "households")[0], rejects(report, "persons")[0]
    assert phone["value"] == name["value"] == "***"
    assert "139" not in f"{phone['reason_en']}{phone['reason_zh']}"
    assert "甲" not in f"{name['reason_en']}{name['reason_zh']}"


def test_a_source_column_may_be_called_like_one_of_the_rejects_own(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    path = tmp_path / "a.csv"
    path.write_text("value,field,village\nH1,x,bad\n")
    mapping = parse_mapping(
        "table: households\nperiod: 2019\ncolumns: {household_id: value, village_code: village}"
    )
    row = rejects(import_files([path], mapping, workspace, on=ON), "households")[0]
    assert row["source: value"] == "H1"
    assert row["value"] == "bad"


def test_the_second_row_with_a_key_is_a_duplicate_of_the_first_accepted_one(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    report = run(
        h1=households(f"H1,2019,{VILLAGE},x,,", f"H1,2019,{VILLAGE},因病,,"),
        h2=households(f"H1,2019,{VILLAGE},因残,,", f"H1,2018,{VILLAGE},因残,,"),
    )
    counts = report.tables["households"]
    assert (counts.read, counts.accepted, counts.rejected) == (4, 2, 2)
    found = rejects(report, "households")
    assert [row["reason_code"] for row in found] == ["unknown_name", "duplicate"]
    assert "row 3 of h1.csv" in str(found[1]["reason_en"])
    assert held(workspace, "households")["main_cause"].to_list() == ["01"]


def test_persons_without_a_known_household_are_rejected(
    run: Callable[..., ImportReport],
) -> None:
    run(h=households(f"H1,2019,{VILLAGE},,,", f"H2,2018,{VILLAGE},,,"))
    report = run(
        p=persons("P1,H1,测试甲,,,", "P2,H2,测试乙,,,", "P3,H3,测试丙,,,"),
        h2=households("H3,2019,bad,,,"),
    )
    assert [row["人口编号"] for row in rejects(report, "persons")] == ["P2", "P3"]
    assert {row["reason_code"] for row in rejects(report, "persons")} == {"household_unknown"}


def test_ragged_rows_are_rejected_with_their_line(run: Callable[..., ImportReport]) -> None:
    report = run(h=households(f"H1,2019,{VILLAGE},,,,,", f"H2,2019,{VILLAGE},,,", "H3"))
    assert report.tables["households"].read == 3
    found = rejects(report, "households")
    assert [(r["source_row"], r["source_line"]) for r in found] == [
        ("2", f"H1,2019,{VILLAGE},,,,,"),
        ("4", "H3"),
    ]
    assert {r["reason_code"] for r in found} == {"ragged_row"}


def test_a_missing_required_cell_is_a_reason(run: Callable[..., ImportReport]) -> None:
    report = run(h=households(f",2019,{VILLAGE},,,", f"H2,,{VILLAGE},,,"))
    assert [r["field"] for r in rejects(report, "households")] == ["household_id", "period"]


def test_a_repeated_import_of_the_same_content_changes_nothing(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    text = households(f"H1,2019,{VILLAGE},因病,,", "H2,2019,x,,,")
    first = run(h=text)
    before = (workspace.path / "index.json").read_bytes()

    second = run(h_renamed=text)

    assert second.already == ON
    assert second.tables["households"].read == 2
    assert second.rejects == first.rejects
    assert (workspace.path / "index.json").read_bytes() == before


def test_the_same_rows_in_other_bytes_are_unchanged(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    rows = [f"H1,2019,{VILLAGE},因病,100,", f"H2,2019,{VILLAGE},因残,,"]
    run(h=households(*rows))
    snapshot = workspace.data_hash()
    counts = run(h=households(*reversed(rows))).tables["households"]
    assert (counts.new, counts.changed, counts.unchanged) == (0, 0, 2)
    assert workspace.data_hash() == snapshot


def test_a_known_key_is_updated_in_the_mapped_columns_only(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(h=households(f"H1,2019,{VILLAGE},因病,100,139", f"H2,2019,{VILLAGE},因残,5,"))
    report = run(h=f"户编号,年度,村代码,负债\nH1,2019,{VILLAGE},\nH2,2019,{VILLAGE},5\n")
    counts = report.tables["households"]
    assert (counts.new, counts.changed, counts.unchanged) == (0, 1, 1)
    first = held(workspace, "households").row(0, named=True)
    assert (first["debt_yuan"], first["main_cause"], first["phone"]) == (None, "01", "139")


def test_a_household_that_comes_under_another_county_moves_with_its_persons(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(
        h=households(f"H1,2019,{VILLAGE},因病,,", f"H2,2019,{VILLAGE},,,"),
        p=persons("P1,H1,测试甲,,,", "P2,H2,测试乙,,,"),
    )
    report = run(h=households(f"H1,2019,{ELSEWHERE},因病,,"))
    assert report.tables["households"].changed == 1
    assert workspace.rows("households") == workspace.rows("persons") == 2
    moved = workspace.scan("persons", period=2019, county="620421").to_native().collect()
    assert moved["person_id"].to_list() == ["P1"]
    assert moved["household_key"].to_list() == [62042100000000]


def test_a_person_can_change_household_across_counties(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(
        h=households(f"H1,2019,{VILLAGE},,,", f"H2,2019,{ELSEWHERE},,,"),
        p=persons("P1,H1,测试甲,,,"),
    )
    counts = run(p=persons("P1,H2,测试甲,,,")).tables["persons"]
    assert (counts.new, counts.changed) == (0, 1)
    assert held(workspace, "persons")["household_id"].to_list() == ["H2"]


def test_birth_date_and_sex_come_from_a_valid_number_where_they_are_empty(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    good = make_id("620102", date(1990, 1, 2), 2)
    run(
        h=households(f"H1,2019,{VILLAGE},,,"),
        p=persons(
            f"P1,H1,测试甲,{good},,", f"P2,H1,测试乙,{good[:-1]}?,,", f"P3,H1,测试丙,{good},,男"
        ),
    )
    found = held(workspace, "persons").sort("person_id")
    assert found["birth_date"].to_list() == [date(1990, 1, 2), None, date(1990, 1, 2)]
    assert found["sex"].to_list() == ["2", None, "1"]


def test_the_village_comes_from_the_names_of_places(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "h.csv"
    path.write_text(
        "户编号,县,乡,村\nH1,城关区,酒泉路街道,畅家巷社区居委会\nH2,城关,酒泉路街道,无此村\nH3,城关区,,x\n"
    )
    mapping = parse_mapping(
        "table: households\nperiod: 2019\ncolumns: {household_id: 户编号}\n"
        "derive: {village_code: [县, 乡, 村]}"
    )
    report = import_files([path], mapping, workspace, on=ON)
    assert held(workspace, "households")["village_code"].to_list() == ["620102001001"]
    codes = [row["reason_code"] for row in rejects(report, "households")]
    assert codes == ["unknown_place", "required_missing"]


def test_headers_that_the_mapping_names_and_the_file_lacks_are_listed(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    with pytest.raises(InputError, match=r"户编号.*村代码") as caught:
        run(h="编号,代码\nH1,1\n")
    assert "编号, 代码" in caught.value.why
    assert workspace.imports == ()


def test_a_header_that_stands_twice_is_refused_only_when_it_is_used(
    run: Callable[..., ImportReport],
) -> None:
    run(h=f"户编号,年度,村代码,备注,备注\nH1,2019,{VILLAGE},a,b\n")
    with pytest.raises(InputError, match="more than once"):
        run(h=f"户编号,年度,村代码,村代码\nH1,2019,{VILLAGE},{VILLAGE}\n")


def test_a_file_that_no_table_takes_is_refused(run: Callable[..., ImportReport]) -> None:
    with pytest.raises(InputError, match="No table of the mapping takes"):
        run(x="a\n1\n")


def test_an_error_in_the_second_file_leaves_the_workspace_as_it_was(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    before = sorted(path.name for path in workspace.path.rglob("*") if path.is_file())
    with pytest.raises(InputError):
        run(h=households(f"H1,2019,{VILLAGE},,,"), p=persons('P1,H1,"测试'))
    after = sorted(path.name for path in workspace.path.rglob("*") if path.is_file())
    assert [name for name in after if name != ".lock"] == before


def test_the_ledger_tells_counts_and_no_person(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(h=households(f"H1,2019,{VILLAGE},因病,,13900000000", "H2,2019,x,,,13900000001"))
    entry = workspace.imports[-1]
    assert entry["on"] == "2020-01-31"
    assert entry["files"][0]["name"] == "h.csv"
    assert entry["tables"]["households"]["rejected"] == 1
    assert "1390000" not in str(entry)


def test_two_forms_of_one_table_arrive_in_one_batch(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "a1.csv").write_text(f"id,v,debt\nH1,{VILLAGE},5\n")
    (tmp_path / "b1.csv").write_text(f"户,村,因\nH2,{VILLAGE},因病\nH1,{VILLAGE},因病\n")
    mapping = parse_mapping(
        """
tables:
- {table: households, files: "a*", period: 2019, columns: {household_id: id, village_code: v, debt_yuan: debt}}
- {table: households, files: "b*", period: 2019, columns: {household_id: 户, village_code: 村, main_cause: 因}}
"""
    )
    report = import_files([tmp_path / "a1.csv", tmp_path / "b1.csv"], mapping, workspace, on=ON)
    counts = report.tables["households"]
    assert (counts.accepted, counts.new, counts.rejected) == (2, 2, 1)
    found = held(workspace, "households")
    assert found["debt_yuan"].to_list() == [5, None]
    assert found["main_cause"].to_list() == [None, "01"]


def test_villages_and_counties_are_imported_by_their_codes(
    tmp_path: Path, workspace: Workspace
) -> None:
    (tmp_path / "v.csv").write_text(f"v,n\n{VILLAGE},10\n")
    (tmp_path / "c.csv").write_text("c,gdp\n620102,1.5\n")
    mapping = parse_mapping(
        """
tables:
- {table: villages, files: v.csv, period: 2019, columns: {village_code: v, households: n}}
- {table: counties, files: c.csv, period: 2019,
   columns: {county_code: c, gdp_10k_yuan: {from: gdp, unit: 亿元}}}
"""
    )
    import_files([tmp_path / "v.csv", tmp_path / "c.csv"], mapping, workspace, on=ON)
    assert held(workspace, "villages")["households"].to_list() == [10]
    county = held(workspace, "counties").row(0, named=True)
    assert (county["county_code"], county["gdp_10k_yuan"]) == ("620102000000", 15000.0)
