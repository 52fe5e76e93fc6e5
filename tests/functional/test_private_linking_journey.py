"""Two departments and somebody between them: a key, two encoded files, and a list of row ids."""

from __future__ import annotations

import csv
from pathlib import Path

from typer.testing import CliRunner

from jingzhun.cli.app import app

ROWS = """record_id,name,document_number,birth_date,sex,area_code
{0}1,虚构甲,622926198005010108,1980-05-01,2,622926100201
{0}2,虚构乙,622926197803120130,1978-03-12,1,622926100201
"""
"""Invented; the numbers are those of nobody."""


def test_two_departments_link_their_tables_without_showing_them(tmp_path: Path) -> None:
    for side in ("A", "B"):
        (tmp_path / f"{side}.csv").write_text(ROWS.format(side), encoding="utf-8")
    key, runner = str(tmp_path / "key"), CliRunner()

    def run(*words: str) -> str:
        done = runner.invoke(app, ["link", *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    told = run("make-key", key)
    for side in ("A", "B"):
        told += run(
            "encode", str(tmp_path / f"{side}.csv"), "--key", key, "--out", str(tmp_path / side)
        )
    told += run(
        "private",
        str(tmp_path / "A"),
        str(tmp_path / "B"),
        "--out",
        str(tmp_path / "links.csv"),
        "--one-to-one",
    )
    told += run("frequent-bits", str(tmp_path / "A"))

    with (tmp_path / "links.csv").open(encoding="utf-8") as handle:
        found = list(csv.DictReader(handle))
    assert [set(row) for row in found] == [{"left_id", "right_id", "band"}] * len(found)
    assert {(row["left_id"], row["right_id"]) for row in found} == {("A1", "B1"), ("A2", "B2")}
    assert "虚构" not in told
    assert "19800501" not in told
