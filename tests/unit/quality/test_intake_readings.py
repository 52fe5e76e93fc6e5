"""One cell at a time: what is a value, what is missing, and which sentence a bad cell gets."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.mapping import ColumnRule, TableMapping
from jingzhun.quality.intake.readings import Reading, reading_of
from jingzhun.quality.intake.readings.dates import is_date_form
from jingzhun.quality.intake.reasons import MASK, Problem, Reason, sentence
from jingzhun.standard import schema
from jingzhun.standard.divisions import Division, Divisions, Level


def reading(table: str, column: str, *, areas: Areas | None = None, **rule: Any) -> Reading:
    known = schema.table(table)
    return reading_of(
        known,
        known.column(column),
        ColumnRule.model_validate({"from": "x"} | rule),
        TableMapping(table=table),
        areas,
    )


def read(table: str, column: str, text: str, **rule: Any) -> Any:
    """The value by both ways; they must agree where the fast one answers."""
    chosen = reading(table, column, **rule)
    slow = chosen.one(text)
    frame = pl.DataFrame({"raw": [text]})
    for tier in chosen.fast:
        fast = frame.select(tier(pl.col("raw")).cast(chosen.dtype)).to_series().to_list()[0]
        assert fast is None or fast == slow
    return slow


def reason(result: Any) -> Reason:
    assert isinstance(result, Problem)
    return result.reason


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        (" 1200 ", 1200),
        ("'1200", 1200),
        ("１２００", 1200),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("1 234 567", 1234567),
        ("3.0", 3),
        ("+5", 5),
        ("1.23456E+05", 123456),
        ("", None),
        ("NULL", None),
        ("—", None),
    ],
)
def test_a_whole_number_is_read_in_the_spellings_of_registers(text: str, value: int | None) -> None:
    assert read("households", "debt_yuan", text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3.5", Reason.NOT_WHOLE),
        ("-1", Reason.OUT_OF_RANGE),
        ("100000001", Reason.OUT_OF_RANGE),
        ("9" * 30, Reason.OUT_OF_RANGE),
        ("1.2E+05", Reason.DIGITS_LOST),
        ("1e999", Reason.DIGITS_LOST),
        ("12,34", Reason.NOT_A_NUMBER),
        ("1200元", Reason.NOT_A_NUMBER),
        ("约1200", Reason.NOT_A_NUMBER),
        ("10²", Reason.NOT_A_NUMBER),
        ("nan", Reason.NOT_A_NUMBER),
        ("inf", Reason.NOT_A_NUMBER),
        ("1_000", Reason.NOT_A_NUMBER),
        ("0x10", Reason.NOT_A_NUMBER),
        ("9" * 5000, Reason.NOT_A_NUMBER),
        ("无", Reason.NOT_A_NUMBER),
    ],
)
def test_a_number_that_would_have_to_be_guessed_is_a_problem(text: str, why: Reason) -> None:
    assert reason(read("households", "debt_yuan", text)) is why


def test_ten_thousand_yuan_become_yuan_without_binary_rests() -> None:
    assert read("households", "debt_yuan", "1.1", unit="万元") == 11000
    assert read("households", "debt_yuan", "0.0001", unit="万元") == 1
    assert reason(read("households", "debt_yuan", "0.35551", unit="万元")) is Reason.NOT_WHOLE
    assert read("households", "debt_yuan", "0.35551", unit="万元", round=True) == 3555


def test_an_amount_per_month_becomes_one_per_year() -> None:
    assert read("households", "wage_employment_yuan", "500", per="month") == 6000
    assert read("persons", "monthly_pay_yuan", "6000", per="year") == 500


def test_area_is_converted_between_mu_hectare_and_square_metre() -> None:
    assert read("households", "cultivated_mu", "2", unit="公顷") == pytest.approx(30)
    assert read("households", "cultivated_mu", "2000", unit="m2") == pytest.approx(3)
    assert read("households", "housing_area_m2", "0.15", unit="亩") == pytest.approx(100)


def test_a_missing_word_that_is_a_number_is_missing_and_not_that_number() -> None:
    assert read("persons", "work_months", "-9", missing=["-9"]) is None
    assert read("persons", "work_months", "-8", missing=["-9"]) == -8


def test_a_year_may_carry_its_word() -> None:
    assert read("households", "exit_year", "2019年") == 2019
    assert read("households", "exit_year", "2019年度") == 2019


def test_the_logarithm_of_a_survey_becomes_an_amount() -> None:
    assert read("households", "consumption_yuan", "0", transform="exp") == 1
    assert reason(read("households", "consumption_yuan", "900", transform="exp")) is (
        Reason.OUT_OF_RANGE
    )


@pytest.mark.parametrize(
    "text",
    ["1980-02-03", "1980/2/3", "1980.02.03", "19800203", "1980年2月3日", "1980-02-03 00:00:00"],
)
def test_a_date_is_read_in_every_declared_form(text: str) -> None:
    assert read("persons", "birth_date", text) == date(1980, 2, 3)


@pytest.mark.parametrize(
    "text", ["1981-02-29", "198023", "80-02-03", "03/02/1980", "1700-01-01", "29254", "1980-02"]
)
def test_a_date_that_does_not_exist_or_would_be_guessed_is_a_problem(text: str) -> None:
    assert reason(read("persons", "birth_date", text)) is Reason.NOT_A_DATE


def test_other_forms_of_dates_can_be_declared() -> None:
    assert read("persons", "birth_date", "03.02.1980", dates=["%d.%m.%Y"]) == date(1980, 2, 3)
    assert read("persons", "birth_date", "1980-02", dates=["%Y-%m"]) == date(1980, 2, 1)
    assert read("persons", "birth_date", "29254", dates=["excel"]) == date(1980, 2, 3)
    assert not is_date_form("%Y-%j")
    assert not is_date_form("%Y")


def test_wu_is_no_in_a_column_of_yes_and_no() -> None:
    assert read("households", "has_sanitary_toilet", "无") is False
    assert read("households", "has_sanitary_toilet", "有") is True
    assert read("households", "has_sanitary_toilet", "Ｙ") is True
    assert read("households", "has_sanitary_toilet", "") is None
    assert reason(read("households", "has_sanitary_toilet", "maybe")) is Reason.NOT_YES_NO


def test_wu_is_an_empty_list_where_several_values_may_stand() -> None:
    assert read("households", "other_causes", "无") == []
    assert read("households", "other_causes", "") is None


def test_several_values_are_split_and_counted() -> None:
    assert read("households", "other_causes", "因残、缺水") == ["02", "06"]
    assert read("households", "other_causes", "因残;因残") == ["02"]
    too_many = read("households", "other_causes", "因残、缺水、因学")
    assert reason(too_many) is Reason.TOO_MANY_VALUES


@pytest.mark.parametrize("text", ["藏族", "藏", "Tibetan", "tibetan", " 藏 族 ", "ＺＡ"])
def test_ethnicity_is_read_by_name(text: str) -> None:
    assert read("persons", "ethnicity", text) == "04"


def test_a_bare_code_of_ethnicity_is_refused_until_its_numbering_is_named() -> None:
    assert reason(read("persons", "ethnicity", "04")) is Reason.CODE_WITHOUT_VERSION
    assert reason(read("persons", "ethnicity", "97")) is Reason.CODE_WITHOUT_VERSION


@pytest.mark.parametrize(
    ("version", "code"), [("GB/T 3304-1991", "04"), ("system-a", "02"), ("system-b", "03")]
)
def test_the_same_code_means_another_people_in_another_system(version: str, code: str) -> None:
    assert read("persons", "ethnicity", "04", codes=version) == code


def test_a_code_that_a_system_does_not_have_is_a_problem() -> None:
    assert reason(read("persons", "ethnicity", "26", codes="system-a")) is Reason.UNKNOWN_CODE


def test_a_spreadsheet_may_drop_the_leading_zero_of_a_code() -> None:
    assert read("households", "main_cause", "1") == "01"
    assert read("persons", "ethnicity", "4", codes="standard") == "04"


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    problem = read("households", "main_cause", "缺技术能力")
    words = sentence(problem, schema.table("households").column("main_cause"), "缺技术能力")
    assert "缺技术" in words.zh
    assert "lack of skill" in words.en


def test_values_of_the_mapping_translate_local_words() -> None:
    assert read("households", "main_cause", "病", values={"病": "因病"}) == "01"
    assert read("persons", "work_months", "全年", values={"全年": "12"}) == 12


def test_control_characters_and_damaged_text_are_problems() -> None:
    assert reason(read("persons", "name", "测\x00试")) is Reason.CONTROL_CHARACTER
    assert reason(read("persons", "name", "测\n试")) is Reason.CONTROL_CHARACTER
    assert reason(read("persons", "name", "测\u202e试")) is Reason.CONTROL_CHARACTER
    assert reason(read("persons", "name", "测\ufffd")) is Reason.DAMAGED_TEXT
    assert reason(read("persons", "name", "测" * 501)) is Reason.TOO_LONG


def test_a_text_that_begins_like_a_formula_is_just_text() -> None:
    assert read("households", "village_group", "=1+1") == "=1+1"


def test_a_household_number_that_a_spreadsheet_has_rounded_is_refused() -> None:
    assert reason(read("households", "household_id", "6.2E+17")) is Reason.DIGITS_LOST


def test_a_document_number_is_spelt_one_way_and_never_rejected_for_being_wrong() -> None:
    assert read("persons", "document_number", " 62010219900101001x ") == "62010219900101001X"
    assert read("persons", "document_number", "６20102 19900101 0010") == "620102199001010010"
    assert read("persons", "document_number", "620102900101001") == "620102900101001"
    assert read("persons", "document_number", "62010219900101001044") == "62010219900101001044"
    assert read("persons", "document_number", "不详") == "不详"


AREAS = Areas(
    Divisions(
        [
            Division("620000000000", "甘肃省", Level.PROVINCE, None),
            Division("620800000000", "平凉市", Level.PREFECTURE, "620000000000"),
            Division("620881000000", "华亭市", Level.COUNTY, "620800000000"),
        ]
    )
)


def test_the_area_of_a_row_must_lie_in_a_county_of_the_pack() -> None:
    assert read("households", "village_code", "620881001001", areas=AREAS) == "620881001001"
    assert reason(read("households", "village_code", "110101001001", areas=AREAS)) is (
        Reason.UNKNOWN_DIVISION
    )
    assert reason(read("households", "village_code", "62088100100", areas=AREAS)) is (
        Reason.NOT_A_DIVISION
    )


def test_a_county_code_of_the_past_becomes_that_of_its_successor() -> None:
    assert read("households", "village_code", "620824001001", areas=AREAS) == "620881001001"


def test_another_place_than_the_area_may_lie_anywhere() -> None:
    assert read("persons", "work_county_code", "110101", areas=AREAS) == "110101000000"


def test_a_direct_identifier_never_stands_in_a_sentence() -> None:
    column = schema.table("persons").column("name")
    words = sentence(Problem(Reason.TOO_LONG, {"length": "501", "most": "500"}), column, "测试甲")
    assert "测试甲" not in words.en + words.zh
    masked = sentence(Problem(Reason.NOT_A_NUMBER), column, "测试甲")
    assert MASK in masked.en
    assert "测试甲" not in masked.en + masked.zh
