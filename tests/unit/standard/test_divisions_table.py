"""The file of divisions and the table of historic codes: what is read and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jingzhun.errors import StandardError
from jingzhun.standard.divisions import Divisions, historic_codes

HEADER = "code,name,level,parent_code\n"
TOP = "620000000000,甘肃省,province,\n620100000000,兰州市,prefecture,620000000000\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "divisions.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("620102,城关区,county,620100000000\n", "not a division code of 12 digits"),
        ("62010200000x,城关区,county,620100000000\n", "not a division code of 12 digits"),
        ("620102000000,城关区,township,620100000000\n", "is of level county"),
        ("620102000000,,county,620100000000\n", "has no name"),
        ("620102000000,城关区,county,620300000000\n", "parent of 620102000000 is not in the table"),
        ("620202000000,城关区,county,620100000000\n", "does not contain it"),
        ("620100000000,兰州,prefecture,620000000000\n", "listed twice"),
        ("620102000000,城关区,county\n", "The row has 3 cells"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    path = written(tmp_path, HEADER + TOP + row)

    with pytest.raises(StandardError, match=reason) as refusal:
        Divisions.load(path)

    assert refusal.value.where.file == str(path)
    assert refusal.value.where.line == 4


def test_a_header_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "code,name,level\n")

    with pytest.raises(StandardError, match="parent_code is missing"):
        Divisions.load(path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_bytes((HEADER + TOP).encode("gb18030"))

    with pytest.raises(StandardError, match="UTF-8"):
        Divisions.load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StandardError, match="can't be read"):
        Divisions.load(tmp_path / "none.csv")


def test_names_and_divisions_hold_from_one_day_until_before_another(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "code,name,level,parent_code,valid_from,valid_until\n"
        "620000000000,甘肃省,province,,,\n"
        "620100000000,旧名市,prefecture,620000000000,,2015-06-01\n"
        "620100000000,新名市,prefecture,620000000000,2015-06-01,\n"
        "620300000000,后设市,prefecture,620000000000,2018-01-01,\n",
    )

    known = Divisions.load(path)
    before, after = known.valid_on(date(2015, 5, 31)), known.valid_on(date(2015, 6, 1))

    assert known["6201"].name == "新名市"
    assert before["6201"].name == "旧名市"
    assert after["6201"].name == "新名市"
    assert "6203" not in after


def test_the_shipped_historic_codes_hold_only_what_the_sources_say() -> None:
    known = historic_codes()

    assert known["620824"].new_code == "620881"
    assert known["620824"].valid_until == date(2018, 1, 1)
    assert {code for code in known if known[code].new_code is None} == {
        "6221", "6222", "6223", "6224", "6225", "6226", "6227", "6228"
    }  # fmt: skip
    assert all(code.confidence and code.source for code in known.values())


def test_own_historic_codes_are_added_over_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "old_code,new_code,valid_until,name,confidence,source\n"
        "620824101000,620881101000,2018-01-01,某镇,H,own records\n"
        "6221,6209,,自填,L,own records\n",
        encoding="utf-8",
    )

    known = historic_codes([own])

    assert known["620824101"].new_code == "620881101"
    assert known["6221"].name == "自填"
    assert "620824" in known


@pytest.mark.parametrize("row", ["62,x,,n,H,s", "62082,,,n,H,s", "620824,,2018,n,H,s"])
def test_a_wrong_row_of_own_historic_codes_is_refused_with_its_line(
    tmp_path: Path, row: str
) -> None:
    own = tmp_path / "own.csv"
    own.write_text(f"old_code,new_code,valid_until,name,confidence,source\n{row}\n", "utf-8")

    with pytest.raises(StandardError) as refusal:
        historic_codes([own])

    assert refusal.value.where.line == 2
