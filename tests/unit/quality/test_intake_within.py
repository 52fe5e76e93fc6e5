"""An import that may touch some areas only, and tells where each accepted row stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, import_files, parse_mapping
from jingzhun.quality.intake.keys import file_and_row, keys_of

ON = date(2020, 1, 31)
OWN, ELSEWHERE = "620102001001", "620421001001"
MAPPING = """
tables:
- table: households
  files: "h*"
  period: 2019
  columns: {household_id: 户编号, village_code: 村代码}
- table: persons
  files: "p*"
  period: 2019
  columns: {person_id: 人口编号, household_id: 户编号, name: 姓名}
"""


@pytest.fixture
def report(tmp_path: Path) -> ImportReport:
    workspace = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    homes = f"户编号,村代码\nH1,{OWN}\nH2,{ELSEWHERE}\nH3,x\nH4,{OWN}\n"
    (tmp_path / "h.csv").write_text(homes, encoding="utf-8")
    people = "人口编号,户编号,姓名\nP1,H1,测试甲\nP2,H2,测试乙\n"
    (tmp_path / "p.csv").write_text(people, encoding="utf-8")
    sources = [tmp_path / "h.csv", tmp_path / "p.csv"]
    return import_files(sources, parse_mapping(MAPPING), workspace, on=ON, within=(OWN[:6],))


def test_rows_outside_the_area_are_rejected_and_their_members_with_them(
    report: ImportReport,
) -> None:
    homes, people = report.tables["households"], report.tables["persons"]

    assert homes.reasons == {
        ("village_code", "outside_area"): 1,
        ("village_code", "not_a_division"): 1,
    }
    assert homes.accepted == 2
    assert (people.accepted, people.rejected) == (1, 1)


def test_what_a_member_outside_is_told_names_no_other_area(report: ImportReport) -> None:
    assert report.rejects is not None
    text = (report.rejects / "persons.csv").read_text(encoding="utf-8-sig")

    assert "household_unknown" in text
    assert ELSEWHERE[:6] not in text


def test_each_accepted_row_is_found_by_its_key(report: ImportReport) -> None:
    index = report.keys["households"]
    keys = pl.DataFrame({"household_id": ["H2", "H4"], "period": [2019, 2019]})

    places = index.places(index.find(keys_of(keys, ("household_id", "period"))))

    assert places[0] == -1
    assert file_and_row(int(places[1])) == (0, 5)


DELIVERED = """
tables:
- table: households
  files: "*"
  period: 2019
  columns: {household_id: 户编号, village_code: 村代码, phone: 电话}
"""


@pytest.mark.parametrize("area", [OWN[:6], OWN[:9]])
def test_a_number_of_a_row_elsewhere_is_refused_and_that_row_stays(
    tmp_path: Path, area: str
) -> None:
    workspace = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    beside = OWN[:6] + "002001"
    (tmp_path / "all.csv").write_text(
        f"户编号,村代码,电话\nH1,{OWN},1\nH2,{ELSEWHERE},2\nH3,{beside},3\n", encoding="utf-8"
    )
    import_files([tmp_path / "all.csv"], parse_mapping(DELIVERED), workspace, on=ON)
    (tmp_path / "own.csv").write_text(
        f"户编号,村代码,电话\nH1,{OWN},7\nH2,{OWN},8\nH3,{OWN},9\n", encoding="utf-8"
    )
    report = import_files(
        [tmp_path / "own.csv"], parse_mapping(DELIVERED), workspace, on=ON, within=(area,)
    )

    inside = 2 if area == OWN[:6] else 1
    reasons = report.tables["households"].reasons
    assert reasons == {("household_id", "number_elsewhere"): 3 - inside}
    rows = [workspace.read("households", code, 2019) for code in (OWN[:6], ELSEWHERE[:6])]
    phones = {
        home: phone
        for frame in rows
        if frame is not None
        for home, phone in frame.select("household_id", "phone").iter_rows()
    }
    assert phones == {"H1": "7", "H2": "2", "H3": "9" if inside == 2 else "3"}


def test_rows_elsewhere_may_stand_in_a_workspace_beside(tmp_path: Path) -> None:
    beside = Workspace.create(tmp_path / "beside", pack="gansu", created=ON)
    (tmp_path / "all.csv").write_text(f"户编号,村代码,电话\nH2,{ELSEWHERE},2\n", encoding="utf-8")
    import_files([tmp_path / "all.csv"], parse_mapping(DELIVERED), beside, on=ON)
    copy = Workspace.create(tmp_path / "copy", pack="gansu", created=ON)
    (tmp_path / "own.csv").write_text(f"户编号,村代码,电话\nH2,{OWN},8\n", encoding="utf-8")

    report = import_files(
        [tmp_path / "own.csv"],
        parse_mapping(DELIVERED),
        copy,
        on=ON,
        within=(OWN[:6],),
        beside=beside,
    )

    assert report.tables["households"].reasons == {("household_id", "number_elsewhere"): 1}
