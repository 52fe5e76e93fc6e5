"""Codes of divisions: levels, prefixes, containment, and areas of whole columns."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pytest

from jingzhun.errors import StandardError
from jingzhun.standard import divisions
from jingzhun.standard.divisions import Level

VILLAGE = "620102001003"


@pytest.mark.parametrize(
    ("code", "prefix", "level"),
    [
        ("620000000000", "62", Level.PROVINCE),
        ("621000000000", "6210", Level.PREFECTURE),
        ("622901000000", "622901", Level.COUNTY),
        ("620102001000", "620102001", Level.TOWNSHIP),
        ("620102100000", "620102100", Level.TOWNSHIP),
        (VILLAGE, VILLAGE, Level.VILLAGE),
        ("620102", "620102", Level.COUNTY),
    ],
)
def test_a_code_states_its_level_by_its_trailing_zero_groups(
    code: str, prefix: str, level: Level
) -> None:
    assert divisions.prefix_of(code) == prefix
    assert divisions.level_of(code) is level


@pytest.mark.parametrize(
    "text", ["", "6", "62010", "62010200100", "00", "６２", "62a1", VILLAGE + "\n"]
)
def test_what_has_not_the_form_of_a_code_is_refused(text: str) -> None:
    with pytest.raises(StandardError):
        divisions.full_code(text)


def test_an_area_contains_itself_and_what_begins_with_its_prefix() -> None:
    assert divisions.contains("620100000000", VILLAGE)
    assert divisions.contains("62", "6201")
    assert divisions.contains(VILLAGE, VILLAGE)
    assert not divisions.contains(VILLAGE, "620102001000")
    assert not divisions.contains("621000000000", "620102000000")


def test_codes_are_cut_to_the_area_of_a_level() -> None:
    codes = [VILLAGE, "620102000000", "620100000000", "620102", None]
    frame = nw.from_native(pl.DataFrame({"code": codes}))

    cut = frame.select(
        county=divisions.area_at(nw.col("code"), Level.COUNTY),
        short=divisions.prefix_at(nw.col("code"), Level.COUNTY),
        township=divisions.area_at(nw.col("code"), Level.TOWNSHIP),
        province=divisions.area_at(nw.col("code"), Level.PROVINCE),
    )

    assert cut.to_dict(as_series=False) == {
        "county": ["620102000000", "620102000000", None, None, None],
        "short": ["620102", "620102", None, None, None],
        "township": ["620102001000", None, None, None, None],
        "province": ["620000000000", "620000000000", "620000000000", None, None],
    }


def test_rows_within_an_area_are_found() -> None:
    frame = nw.from_native(pl.DataFrame({"code": [VILLAGE, "620200000000", None]}))

    answer = frame.select(inside=divisions.is_within(nw.col("code"), "620100000000"))["inside"]

    assert answer.to_list() == [True, False, None]
