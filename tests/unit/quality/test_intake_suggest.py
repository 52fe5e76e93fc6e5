"""A first mapping by headers: what is recognised, and what is left to a person."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.quality.intake import Mapping, MappingError, parse_mapping, suggest_mapping
from jingzhun.standard import schema

XLSX: Any = openpyxl  # it has no types


def suggested(tmp_path: Path, text: str, name: str = "2019年户.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return suggest_mapping(path)


def rules(text: str) -> dict[str, Any]:
    text = re.sub(r"legal_basis:.*", "legal_basis: agreement 1 (invented)", text)
    mapping: Mapping = parse_mapping(re.sub(r"received:.*", "received: 2019-06-30", text))
    return dict(mapping.tables[0].rules)


def test_national_form_headers_give_a_mapping_that_can_be_used_at_once(tmp_path: Path) -> None:
    found = rules(
        suggested(
            tmp_path,
            "户编号,行政区划代码,主要致贫原因,耕地面积（公顷）,是否危房\nH1,620102001001,因病,1,是\n",
        )
    )
    assert found["household_id"].source == ("户编号",)
    assert found["main_cause"].source == ("主要致贫原因",)
    assert found["cultivated_mu"].unit == "公顷"
    assert found["is_dangerous_house"].source == ("是否危房",)
    assert found["period"].constant == "2019"


@pytest.mark.parametrize("header", ["民族", "与户主关系"])
def test_the_standards_own_codes_in_a_file_are_suggested_as_such(
    header: str, tmp_path: Path
) -> None:
    text = suggested(
        tmp_path, f"人口编号,户编号,{header},年度\nP1,H1,01,2019\nP2,H1,04,2019\n", "p.csv"
    )

    assert "NOT READ" not in text
    (rule,) = [rule for rule in rules(text).values() if rule.source == (header,)]
    assert rule.codes == "standard"


@pytest.mark.parametrize("value", ["汉族", "no such people", ""])
def test_what_is_a_name_or_nothing_known_is_not_suggested_as_a_code(
    value: str, tmp_path: Path
) -> None:
    mixed = "01" if value == "no such people" else value
    text = suggested(
        tmp_path,
        f"人口编号,户编号,民族,年度\nP1,H1,{value},2019\nP2,H1,{mixed},2019\n",
        "p.csv",
    )

    assert rules(text)["ethnicity"].codes != "standard"


def test_national_column_codes_and_english_names_are_known(tmp_path: Path) -> None:
    found = rules(suggested(tmp_path, "AAB001,AAC001,AAR040,AAB004,AAB007\n", "p.csv"))
    assert set(found) == {"person_id", "household_id", "period", "document_number", "ethnicity"}
    english = rules(suggested(tmp_path, "household_id,village_code,period,debt_yuan\n", "h.csv"))
    assert set(english) == {"household_id", "village_code", "period", "debt_yuan"}


def test_every_label_of_the_standard_is_recognised_as_its_own_column(tmp_path: Path) -> None:
    for table in schema.tables().values():
        columns = [c for c in table.columns if c.name != "delivery_id"]  # the import fills it
        for labels in ([c.label.zh for c in columns], [c.name for c in columns]):
            path = tmp_path / "all.parquet"
            pl.DataFrame({label: ["x"] for label in labels}).write_parquet(path)
            found = rules(suggest_mapping(path, table=table.table))
            sources = {name: (rule.source or ("",))[0] for name, rule in found.items()}
            expected = dict(zip((c.name for c in columns), labels, strict=True))
            assert sources == expected


def test_what_is_missing_and_what_is_left_over_is_listed(tmp_path: Path) -> None:
    text = suggested(tmp_path, "户编号,致贫原因,乱七八糟\nH1,因病,1\n")
    assert "not found: village_code" in text
    assert '#   "乱七八糟"' in text
    with pytest.raises(MappingError, match="village_code"):
        parse_mapping(text)


def test_a_missing_year_must_be_filled_in(tmp_path: Path) -> None:
    text = suggested(tmp_path, "户编号,村代码\n", "户.csv")
    assert "period:  # REQUIRED" in text


def test_names_of_places_are_offered_for_the_village(tmp_path: Path) -> None:
    text = suggested(tmp_path, "户编号,县,乡镇,行政村,主要致贫原因\n")
    assert parse_mapping(text).tables[0].derive == {"village_code": ("县", "乡镇", "行政村")}


def test_values_that_will_not_be_read_are_shown_for_lists_only(tmp_path: Path) -> None:
    text = suggested(
        tmp_path,
        "人口编号,户编号,姓名,证件号码,民族,年度\nP1,H1,测试甲,620102199001011234,X4,2019\n",
        "p.csv",
    )
    assert 'NOT READ 无法识别: "X4"' in text
    assert "测试甲" not in text
    assert "620102199001011234" not in text


def test_each_sheet_and_a_header_below_a_title_are_found(tmp_path: Path) -> None:
    book = XLSX.Workbook()
    book.active.title = "户"
    for row in (["登记表"], [], ["户编号", "年度", "村代码"], ["H1", 2019, "620102001001"]):
        book.active.append(row)
    book.create_sheet("人").append(["人口编号", "户编号", "年份", "姓名", "民族"])
    book.create_sheet("空")
    book.save(tmp_path / "a.xlsx")

    mapping = parse_mapping(suggest_mapping(tmp_path / "a.xlsx"))

    assert [(t.table, t.sheet, t.header_row) for t in mapping.tables] == [
        ("households", "户", 3),
        ("persons", "人", 1),
    ]


@pytest.mark.parametrize("content", ["", "x,y\n1,2\n", "\n\n\n"])
def test_a_file_that_is_like_nothing_known_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError):
        suggested(tmp_path, content)


def test_a_header_can_not_smuggle_lines_into_the_mapping(tmp_path: Path) -> None:
    text = suggested(tmp_path, '户编号,村代码,"x\n- table: persons: ""}"\n')
    assert len(parse_mapping(text).tables) == 1
