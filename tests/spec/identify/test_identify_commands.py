from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from jingzhun.cli import identify as commands
from jingzhun.errors import UserError

from .support import two_periods

app = typer.Typer()
app.command("identify")(commands.identify)
app.command("compare")(commands.compare)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ws") / "w"
    two_periods(path)
    return str(path)


def test_identify_prints_the_figures_as_tables(workspace: str) -> None:
    shown = _run("identify", workspace, "--on", "2019-12-31")

    assert "3,218 yuan a person and year" in shown
    assert "poor households" in shown
    assert "东乡族自治县" in shown


def test_the_tables_come_in_chinese_too(workspace: str) -> None:
    shown = _run("identify", workspace, "--on", "2019-12-31", "--lang", "zh")

    assert "贫困发生率" in shown
    assert "国家扶贫标准" in shown


def test_identify_prints_json_with_the_line_and_its_source(workspace: str) -> None:
    found = _json("identify", workspace, "--on", "2019-12-31")

    assert found["period"] == 2019
    assert found["line"]["value"] == 3218
    assert found["line"]["source"]
    assert found["poor_households"] == 3
    assert len(found["by_county"]) == 2


def test_the_latest_period_up_to_the_date_is_taken(workspace: str) -> None:
    assert _json("identify", workspace, "--on", "2018-06-30")["period"] == 2018


def test_an_area_may_be_named(workspace: str) -> None:
    found = _json("identify", workspace, "--on", "2019-12-31", "--area", "东乡族自治县")

    assert found["area"] == {"code": "622926", "name": "东乡族自治县"}
    assert found["households"] == 3


def test_the_parts_of_a_county_are_its_townships(workspace: str) -> None:
    shown = _run("identify", workspace, "--on", "2019-12-31", "--area", "622926")

    assert "622926100000" in shown


def test_an_amount_as_line_has_no_source(workspace: str) -> None:
    found = _json("identify", workspace, "--on", "2019-12-31", "--line", "9000.5")

    assert found["line"]["value"] == 9000.5
    assert found["line"]["source"] is None
    assert found["poor_households"] == 5


def test_a_breakdown_is_printed_by_the_dimensions_named(workspace: str) -> None:
    call = ("identify", workspace, "--on", "2019-12-31", "--by", "county, cause")

    found, shown = _json(*call), _run(*call)

    assert found["by"] == ["county", "cause"]
    assert [row["poor_households"] for row in found["rows"]] == [1, 1, 1]
    assert "illness" in shown


def test_compare_prints_counts_and_reasons(workspace: str) -> None:
    shown = _run("compare", workspace, "--from", "2018", "--to", "2019")

    assert "fell below the line" in shown
    assert "wage income" in shown


def test_compare_writes_one_row_per_household(workspace: str, tmp_path: Path) -> None:
    out = tmp_path / "changes"

    found = _json("compare", workspace, "--from", "2018", "--to", "2019", "--out", str(out))

    rows = pl.concat(pl.read_parquet(path) for path in sorted(out.glob("changes/*.parquet")))
    assert dict(rows.group_by("change").len().rows()) == {
        "entered": 1,
        "left": 2,
        "stayed": 1,
        "appeared": 1,
        "disappeared": 1,
    }
    assert json.loads((out / "comparison.json").read_text("utf-8"))["left"] == found["left"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ("identify", "--on", "yesterday"),
        ("identify", "--on", "2019-12-31", "--period", "2015"),
        ("identify", "--on", "2019-12-31", "--by", "colour"),
        ("identify", "--on", "2019-12-31", "--area", "Atlantis"),
        ("compare", "--from", "2019", "--to", "2018"),
        ("compare", "--from", "2018", "--to", "2020"),
        ("compare", "--from", "2018", "--to", "2019", "--out", "."),
    ],
)
def test_a_wrong_request_is_refused_in_words(wrong: tuple[str, ...], workspace: str) -> None:
    result = CliRunner().invoke(app, [wrong[0], workspace, *wrong[1:]])

    assert isinstance(result.exception, UserError)
    assert str(result.exception)


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def _json(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(*arguments, "--format", "json"))
    return found
