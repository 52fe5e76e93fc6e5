"""Verdict files: read by their headers, refused with reasons in words, taken once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jingzhun.crosscheck import store, verdicts
from jingzhun.errors import InputError
from jingzhun.frames.workspace import Workspace

from .support import COUNTY, ON, found, hit, origin

YEAR, TODAY = 2019, date(2020, 2, 1)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A workspace with findings on the households H0 to H9."""
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    rows = found(*(hit(f"H{n}", "P1") for n in range(10)))
    store.save(ws, YEAR, lambda _: rows, [COUNTY], origin(), rules=frozenset({"X01"}))
    return ws


def _row(finding: str = "X01:H1:P1", verdict: str = "true", **other: Any) -> dict[str, Any]:
    row = {
        "finding_id": finding,
        "verdict": verdict,
        "reason": "",
        "decided_on": "2020-01-15",
        "by": "officer-7",
    }
    return row | other


def _file(tmp_path: Path, *rows: dict[str, Any], name: str = "verdicts.csv") -> Path:
    path = tmp_path / name
    frame = pl.DataFrame(list(rows))
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case _:
            openpyxl = pytest.importorskip("openpyxl")
            book = openpyxl.Workbook()
            for values in [frame.columns, *frame.rows()]:
                book.active.append(list(values))
            book.save(path)
    return path


def _import(ws: Workspace, path: Path) -> verdicts.Imported:
    return verdicts.import_verdicts(ws, path, period=YEAR, on=TODAY)


@pytest.mark.parametrize("name", ["v.csv", "v.parquet", "v.xlsx"])
def test_verdicts_are_read_from_every_kind_of_file(
    ws: Workspace, tmp_path: Path, name: str
) -> None:
    done = _import(ws, _file(tmp_path, _row(), _row("X01:H2:P1", "not_true"), name=name))

    assert (done.read, done.new, done.refused) == (2, 2, 0)
    assert verdicts.verdicts(ws, YEAR)["verdict"].to_list() == ["true", "not_true"]


def test_chinese_headers_and_words_are_understood(ws: Workspace, tmp_path: Path) -> None:
    row = {
        "疑点编号": "X01:H1:P1",
        "认定结果": "合理例外",
        "理由": "已转让",
        "认定日期": "2020年1月5日",
    }

    done = _import(ws, _file(tmp_path, row))

    taken = verdicts.verdicts(ws, YEAR).row(0, named=True)
    assert done.new == 1
    assert (taken["verdict"], taken["decided_on"]) == ("lawful_exception", date(2020, 1, 5))


def test_the_same_file_again_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    path = _file(tmp_path, _row())
    _import(ws, path)
    before = (ws.path / "index.json").read_bytes()

    again = _import(ws, path)

    assert (again.new, again.known) == (0, 1)
    assert (ws.path / "index.json").read_bytes() == before


def test_of_two_decisions_on_one_finding_the_later_counts(ws: Workspace, tmp_path: Path) -> None:
    _import(ws, _file(tmp_path, _row(verdict="not_true", decided_on="2020-01-20"), name="a.csv"))
    _import(ws, _file(tmp_path, _row(verdict="true", decided_on="2020-01-10"), name="b.csv"))

    assert verdicts.verdicts(ws, YEAR)["verdict"].to_list() == ["not_true"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"finding_id": "X99:H1:P1"}, "no_finding"),
        ({"verdict": "perhaps"}, "no_verdict"),
        ({"decided_on": "soon"}, "no_date"),
        ({"decided_on": "2020-02-02"}, "too_late"),
        ({"decided_on": "2019-12-30"}, "too_early"),
        ({"verdict": "lawful_exception"}, "no_reason"),
    ],
)
def test_a_row_that_is_wrong_is_refused_in_words(
    ws: Workspace, tmp_path: Path, wrong: dict[str, str], reason: str
) -> None:
    done = _import(ws, _file(tmp_path, _row("X01:H2:P1"), _row() | wrong))

    assert (done.new, done.refused) == (1, 1)
    assert done.refused_path is not None
    refused = pl.read_csv(done.refused_path).row(0, named=True)
    assert (refused["source_row"], refused["reason_code"]) == (3, reason)
    assert refused["reason_en"] == verdicts.REASONS[reason].en
    assert refused["reason_zh"] == verdicts.REASONS[reason].zh


def test_two_verdicts_of_one_day_are_both_refused(ws: Workspace, tmp_path: Path) -> None:
    done = _import(ws, _file(tmp_path, _row(), _row(verdict="not_true"), _row("X01:H3:P1")))

    assert (done.new, done.refused) == (1, 2)


def test_a_row_with_too_many_cells_is_refused(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "finding_id,verdict,decided_on\nX01:H1:P1,true,2020-01-15\nX01:H2:P1,true,2020-01-15,x\n"
    )

    done = _import(ws, path)

    assert (done.new, done.refused) == (1, 1)


def test_a_file_without_the_columns_is_no_verdict_file(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(InputError, match="finding_id, verdict, decided_on"):
        _import(ws, path)


def test_every_verdict_and_reason_has_words_in_both_languages() -> None:
    labels = [*verdicts.VERDICTS.values(), *verdicts.REASONS.values()]

    assert all(label.en and label.zh and label.en != label.zh for label in labels)
