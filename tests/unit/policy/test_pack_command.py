"""`jingzhun pack`: show, check, test, new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jingzhun.cli.pack import group
from jingzhun.errors import PackError, ParameterError

RUN = CliRunner()


def test_show_prints_lines_with_source_and_marks_defaults() -> None:
    result = RUN.invoke(group, ["show", "gansu", "paper-weighted", "--on", "2018-12-31"])

    assert result.exit_code == 0
    assert "3,500" in result.output
    assert "DEFAULT" in result.output
    assert "renrendoc.com" in result.output
    assert "NOT counted" in result.output


def test_show_speaks_chinese() -> None:
    result = RUN.invoke(
        group, ["show", "gansu", "gansu-2018", "--on", "2018-12-31", "--language", "zh"]
    )

    assert "一票否决" in result.output
    assert "默认值" in result.output
    assert "indicator" not in result.output


def test_show_as_json_gives_the_weights_and_the_values_of_the_date() -> None:
    arguments = ["show", "gansu", "paper-weighted", "--on", "2015-12-31", "--format", "json"]
    data = json.loads(RUN.invoke(group, arguments).output)

    assert sum(i["weight"] for i in data["indicators"]) == 100
    line = next(p for p in data["parameters"] if p["name"] == "exit_line_yuan")
    assert (line["value"], line["since"], line["default"]) == (2855, "2015-01-01", True)


def test_show_of_an_area_gives_its_own_values() -> None:
    arguments = ["show", "gansu", "--on", "2018-12-31", "--area", "623025", "--format", "json"]
    data = json.loads(RUN.invoke(group, arguments).output)

    limit = next(p for p in data["parameters"] if p["name"] == "cultivated_mu_maximum")
    assert (limit["value"], limit["area"]) == (400, "623025")


def test_show_on_a_date_on_which_the_profile_does_not_hold_is_refused() -> None:
    result = RUN.invoke(group, ["show", "gansu", "gansu-2018", "--on", "2015-12-31"])

    assert isinstance(result.exception, ParameterError)


def test_test_of_a_right_pack_ends_with_zero() -> None:
    result = RUN.invoke(group, ["test", "vietnam-1998"])

    assert result.exit_code == 0
    assert "all 7 cases came out as expected" in result.output


def test_new_makes_a_pack_that_passes_check_and_test(tmp_path: Path) -> None:
    folder = tmp_path / "my-county"

    made = RUN.invoke(group, ["new", str(folder)])
    checked = RUN.invoke(group, ["check", str(folder)])
    tested = RUN.invoke(group, ["test", str(folder)])

    assert (made.exit_code, checked.exit_code, tested.exit_code) == (0, 0, 0)
    assert "nothing wrong" in checked.output


def test_new_writes_nothing_into_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x", "utf-8")

    result = RUN.invoke(group, ["new", str(tmp_path / "mine")])

    assert isinstance(result.exception, PackError)
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_test_of_a_pack_with_a_wrong_case_ends_with_one(tmp_path: Path) -> None:
    folder = tmp_path / "my-county"
    RUN.invoke(group, ["new", str(folder)])
    case = folder / "cases" / "example.yaml"
    case.write_text(case.read_text("utf-8").replace("score: 0", "score: 30"), "utf-8")

    result = RUN.invoke(group, ["test", str(folder)])

    assert result.exit_code == 1
    assert "score: expected 30, got 0" in result.output


def test_check_lists_every_problem(tmp_path: Path) -> None:
    folder = tmp_path / "my-county"
    RUN.invoke(group, ["new", str(folder)])
    for file, old, new in (
        ("checks/example.yaml", "severity: medium", "severity: midium"),
        ("profiles/example.yaml", "pass_mark", "pas_mark"),
    ):
        path = folder / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    result = RUN.invoke(group, ["check", str(folder)])

    assert isinstance(result.exception, PackError)
    assert "midium" in result.output
    assert "pas_mark" in result.output


@pytest.mark.parametrize("name", ["My County", "县", "1st"])
def test_a_folder_name_that_is_no_id_is_refused(tmp_path: Path, name: str) -> None:
    result = RUN.invoke(group, ["new", str(tmp_path / name)])

    assert isinstance(result.exception, PackError)
