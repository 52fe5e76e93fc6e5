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
