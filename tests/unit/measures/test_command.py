"""The commands `measure` and `mpi`, from file to printed JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from jingzhun.cli.measure import measure, mpi
from jingzhun.errors import UserError

from .support import DATA

_SURVEY = str(DATA / "survey.csv")
_DESIGN = ["--weight", "weight", "--strata", "stratum", "--psu", "psu"]


def _run(*arguments: str) -> Any:
    app = typer.Typer()
    app.command()(measure)
    app.command()(mpi)
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None:
        raise result.exception
    return result


def _json(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(*arguments).stdout)
    return found


def _write(path: Path, text: str | bytes) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_every_documented_measure_is_printed_with_every_documented_key() -> None:
    out = _json("measure", _SURVEY, "--income", "income", "--line", "60% median", *_DESIGN)

    names = (
        "fgt0 fgt1 fgt2 watts sen sst igr gini theil mld atkinson qsr arpt arpr rmpg median mean"
    )
    assert [row["measure"] for row in out["estimates"]] == names.split()
    for row in out["estimates"]:
        assert list(row) == ["measure", "value", "se", "ci_low", "ci_high", "n", "by"]
        assert row["ci_low"] < row["value"] < row["ci_high"]
        assert (row["n"], row["by"]) == (348, None)
    assert out["line_kind"] == "60% median"
    assert out["rows_left_out"] == {"income_missing": 0, "weight_zero": 0}


def test_groups_come_after_the_total_with_their_contributions() -> None:
    out = _json(
        "measure", _SURVEY, "--income", "income", "--line", "2000", "--by", "region", *_DESIGN
    )

    assert list(dict.fromkeys(row["by"] for row in out["estimates"])) == [
        None,
        "East",
        "North",
        "South",
        "West",
    ]
    shares = [r["value"] for r in out["decomposition"] if r["measure"] == "fgt1_contribution"]
    assert sum(shares) == pytest.approx(1)


def test_parquet_and_csv_give_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "survey.parquet"
    pl.read_csv(_SURVEY).write_parquet(path)
    rest = ["--income", "income_missing", "--line", "2000", "--by", "stratum", *_DESIGN]

    assert _run("measure", str(path), *rest).stdout == _run("measure", _SURVEY, *rest).stdout


def test_missing_incomes_are_told_on_stderr_and_counted_in_the_output() -> None:
    result = _run("measure", _SURVEY, "--income", "income_missing", "--line", "2000")

    left_out = json.loads(result.stdout)["rows_left_out"]["income_missing"]
    assert left_out > 0
    assert f"{left_out} rows left out: income missing" in result.stderr


def test_numbers_of_division_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", "y,code\n1,0601\n2,0602\n3,0601\n")

    out = _json("measure", path, "--income", "y", "--line", "2", "--by", "code")

    assert {row["by"] for row in out["estimates"]} == {None, "0601", "0602"}


def test_gb18030_and_chinese_headers_are_read(tmp_path: Path) -> None:
    text = "人均收入,地区\n1500,兰州\n4000,临夏\n2200,临夏\n"
    path = _write(tmp_path / "a.csv", text.encode("gb18030"))

    out = _json("measure", path, "--income", "人均收入", "--line", "2300", "--by", "地区")

    poor = {r["by"]: r["value"] for r in out["estimates"] if r["measure"] == "fgt0"}
    assert poor == {None: pytest.approx(2 / 3), "兰州": 1, "临夏": 0.5}


def test_na_as_r_writes_it_is_missing_in_flags_groups_and_expressions(tmp_path: Path) -> None:
    text = "d,years,g\n1,3,1\nNA,4.5,2\n0,NA,NA\n1,7,1\n"
    path = _write(tmp_path / "a.csv", text)
    spec = _write(
        tmp_path / "spec.yaml",
        "cutoff: 0.5\nindicators:\n  - {name: d}\n  - {name: e, deprived: 'years < 6.0'}\n",
    )

    out = _json("mpi", path, "--spec", spec, "--by", "g")

    assert out["missing_by_indicator"] == {"d": 1, "e": 1}
    assert {row["by"] for row in out["estimates"]} == {None, 1, 2, "(missing)"}


def test_the_table_can_be_read_in_both_languages() -> None:
    arguments = ["measure", _SURVEY, "--income", "income", "--line", "2000", "--format", "table"]

    assert "Gini coefficient" in _run(*arguments).stdout
    assert "基尼系数" in _run(*arguments, "--lang", "zh").stdout


def test_measures_with_parameters_and_lorenz_points_can_be_asked_for() -> None:
    out = _json(
        *("measure", _SURVEY, "--income", "income", "--line", "2000", "--age", "age"),
        *("--measures", "ge(2), atkinson(0.5),quantile(0.1),fgt(3),lorenz(0.2),rmir,poormed"),
        *("--lorenz", "5"),
    )

    assert len(out["estimates"]) == 7
    assert out["lorenz"][0]["value"] == out["estimates"][4]["value"]


def test_the_bootstrap_names_itself() -> None:
    out = _json(
        *("measure", _SURVEY, "--income", "income", "--line", "2000", "--measures", "gini"),
        *("--method", "bootstrap", "--replicates", "20", "--seed", "5"),
    )

    assert out["method"] == "bootstrap (20 replicates, seed 5)"


def test_the_index_is_printed_with_its_indicators(tmp_path: Path) -> None:
    spec = _write(
        tmp_path / "spec.yaml",
        "cutoff: 33.3%\n"
        "indicators:\n"
        "  - {name: schooling, weight: 1, column: d_edu}\n"
        "  - {name: water, weight: 1, column: d_water_missing}\n"
        "  - {name: poor, weight: 1, deprived: 'income < 2000.0 && size > 1'}\n",
    )

    out = _json("mpi", _SURVEY, "--spec", spec, "--by", "region", *_DESIGN)

    totals = {(r["measure"], r["indicator"]): r for r in out["estimates"] if r["by"] is None}
    assert len(totals) == 3 + 3 * 3
    h, a, m0 = (totals[name, None]["value"] for name in ("H", "A", "M0"))
    assert m0 == pytest.approx(h * a)
    assert out["missing_by_indicator"]["water"] == out["rows_left_out"]["indicator_missing"] > 0


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("y\n1\nabc\n", [], ["row 3", "field y", "number is expected"]),
        ("y\n1\n1,000\n", [], ["row 3", "2 cells"]),
        ("y,w\n1,\n", ["--weight", "w"], ["weight is missing", "row 2"]),
        ("y,w\n1,1\n2,-3\n", ["--weight", "w"], ["weight is negative", "row 3"]),
        ("x\n1\n", [], ["no column 'y'", "The columns are x"]),
        ("y,w,y\n1,2,3\n", [], ["several columns 'y'"]),
        ("y\n", [], ["no rows"]),
        ("", [], ["empty"]),
        ("y\nNA\n", [], ["No row can be used"]),
        ("y\n1\n", ["--measures", "ginni"], ["ginni", "gini"]),
        ("y\n1\n", ["--measures", "ge(x)"], ["ge(x)"]),
        ("y\n1\n", ["--confidence", "95"], ["--confidence 95"]),
        ("y\n1\n", ["--epsilon", "-1", "--measures", "atkinson"], ["--epsilon"]),
        ("y\n1\n", ["--conventions", "stata"], ["stata", "laeken"]),
        ("y,n\n1,2\n", ["--per-capita"], ["--size"]),
    ],
)
def test_bad_input_ends_in_one_sentence(
    tmp_path: Path, text: str, options: list[str], words: list[str]
) -> None:
    path = _write(tmp_path / "in.csv", text)

    with pytest.raises(UserError) as raised:
        _run("measure", path, "--income", "y", "--line", "10", *options)

    for word in words:
        assert word in raised.value.sentence
    assert "abc" not in raised.value.sentence


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match=r"nowhere\.csv"):
        _run("measure", "nowhere.csv", "--income", "y", "--line", "10")


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.parquet", b"PAR1 and nothing")

    with pytest.raises(UserError, match="Parquet"):
        _run("measure", path, "--income", "y", "--line", "10")
