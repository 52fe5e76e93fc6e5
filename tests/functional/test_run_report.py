"""A run on the sample province: its summary is documented, its report holds none of its rows."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun.run.job import Result, run

UNIT = Path(__file__).parents[1] / "unit/report"


@pytest.fixture(scope="module")
def result(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    out = tmp_path_factory.mktemp("run") / "results"
    return run(Workspace.open(sample_path), on=date(2019, 12, 31), out=out)


def test_every_key_of_its_summary_is_documented(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(UNIT)
    doc: dict[str, Any] = runpy.run_path(str(UNIT / "test_summary_doc.py"))
    assert doc["undocumented"](result.summary) == []


def test_its_report_names_no_household_and_no_person(result: Result, sample_path: Path) -> None:
    text = result.report.read_text(encoding="utf-8")
    ws = Workspace.open(sample_path)
    households = ws.scan("households", period=2019, columns=["household_id"]).collect()
    persons = ws.scan("persons", period=2019, columns=["name"]).collect()
    ids = [str(i) for i in households["household_id"].to_list()]
    names = [str(name) for name in persons["name"].to_list() if name and len(name) > 2]
    assert ids
    assert names
    assert [i for i in ids if i in text] == []
    assert [name for name in set(names) if name in text] == []
