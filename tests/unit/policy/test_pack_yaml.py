"""YAML as officers write it: words stay words, places are found, Chinese lines join without blanks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jingzhun.errors import PackError
from jingzhun.standard.yaml_source import YamlFile, read_yaml


def read(tmp_path: Path, text: str) -> YamlFile:
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    return read_yaml(path)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-3", -3),
        ("010", 10),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2018-01-31", date(2018, 1, 31)),
        ('"2018-01-31"', "2018-01-31"),
        ("=", "="),
    ],
)
def test_a_word_means_what_yaml_1_2_says(tmp_path: Path, written: str, meant: Any) -> None:
    value = read(tmp_path, f"key: {written}\n").data["key"]

    assert value == meant
    assert type(value) is type(meant)


def test_a_date_that_the_calendar_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="'2018-02-30' is no date of the calendar") as caught:
        read(tmp_path, "a: 1\nday: 2018-02-30\n")

    assert (caught.value.where.line, caught.value.where.column) == (2, 6)


def test_chinese_lines_are_joined_without_a_blank(tmp_path: Path) -> None:
    text = "zh: >-\n  人均收入\n  需稳定超过3500\n  元。\nen: >-\n  Income has\n  to rise.\n"

    assert read(tmp_path, text).data == {
        "zh": "人均收入需稳定超过3500元。",
        "en": "Income has to rise.",
    }


def test_the_place_of_a_value_is_found(tmp_path: Path) -> None:
    file = read(tmp_path, "list:\n- a: 1\n- a: 1\n  b: 22\n")

    place = file.place(("list", 1, "b"))

    assert (place.line, place.column) == (4, 6)


def test_the_place_of_something_that_is_missing_is_where_it_should_be(tmp_path: Path) -> None:
    file = read(tmp_path, "list:\n- a: 1\n- a: 1\n")

    assert file.place(("list", 1, "b")).line == 3


@pytest.mark.parametrize(
    ("text", "column", "place"),
    [
        ("x: abc + def\n", 7, (1, 10)),
        ("x: 'abc + def'\n", 7, (1, 11)),
        ("x: '!abc == ''a'' + def'\n", 15, (1, 21)),
        ('x: "abc == \\"a\\" + def"\n', 14, (1, 20)),
        ("x: >-\n   abc\n   + def\n", 7, (3, 6)),
        ("x: >-\n   abc   +\n   def\n", 9, (3, 4)),
    ],
)
def test_the_place_inside_a_text_is_found(
    tmp_path: Path, text: str, column: int, place: tuple[int, int]
) -> None:
    file = read(tmp_path, text)

    found = file.place_in_text(("x",), 1, column)

    assert (found.line, found.column) == place


def test_the_place_inside_a_text_of_several_lines_is_found(tmp_path: Path) -> None:
    file = read(tmp_path, "x: |\n  abc\n  + def\n")

    found = file.place_in_text(("x",), 2, 3)

    assert (found.line, found.column) == (3, 5)
