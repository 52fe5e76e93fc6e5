"""No direct identifier leaves the register: not in results, not in messages, not on the console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from jingzhun.cli.app import app
from jingzhun.frames.deliveries import EVERYWHERE, LEDGER, Delivery
from jingzhun.frames.partitions import storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema

COUNTY, VILLAGE, YEAR, ON = "622926", "622926100200", 2019, "2019-12-31"

# Every one is wrong or repeated, so that checks about them make findings. Invented.
MARKS = {
    "name": "暗记甲",
    "document_number": "62292619990231123X",
    "phone": "19900001111",
    "bank_account": "6299990000123456",
    "village_head": "暗记乙",
    "plate_number": "甘Z暗记1",
}


def _direct() -> dict[str, set[str]]:
    """Every column that names a person, with its tables."""
    found: dict[str, set[str]] = {}
    for table in schema.tables().values():
        for column in table.columns:
            if column.privacy == "direct":
                found.setdefault(column.name, set()).add(table.table)
    return found


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = storage_schema(schema.table(table))
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns)


def _marked(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: MARKS[name] for name, owners in _direct().items() if table in owners}


def _delivery(table: str) -> Delivery:
    return Delivery(
        id="d1",
        table=table,
        period=YEAR,
        source="a department (invented)",
        legal_basis="agreement 1 (invented)",
        purpose=None,
        received=date(2019, 12, 1),
        from_date=None,
        until_date=None,
        covers=(EVERYWHERE,),
        sha256="0" * 64,
        rows=1,
        imported=date(2019, 12, 2),
    )


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of three invented households in which every direct identifier is a mark."""
    path = tmp_path_factory.mktemp("privacy") / "register"
    workspace = Workspace.create(path, pack="gansu", created=date(2020, 1, 1))
    homes = [{"household_id": f"H{n}", "village_code": VILLAGE, "period": YEAR} for n in range(3)]
    people = [
        {
            "household_id": f"H{n}",
            "person_id": f"P{n}",
            "period": YEAR,
            "relation": "01",
            "sex": "2",
        }
        for n in range(3)
    ]
    village = {"village_code": VILLAGE, "period": YEAR, "village_attribute": "poor"}
    with workspace.writing() as batch:
        for table, rows in {"households": homes, "persons": people, "villages": [village]}.items():
            marked = [_marked(table, row) for row in rows]
            batch.put(table, COUNTY, YEAR, _frame(table, marked))
        records = {"record_id": "R1", "period": YEAR, "area_code": VILLAGE, "sex": "2"}
        for table in schema.external_tables():
            batch.put(table, COUNTY, YEAR, _frame(table, [_marked(table, records)]))
        ledger = [_delivery(table).entry() for table in schema.external_tables()]
        batch.record({"id": "i1", LEDGER: ledger})
    return path


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every file below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            yield str(path.relative_to(folder)), pl.read_parquet(path).write_json()
        elif path.is_file():
            yield str(path.relative_to(folder)), path.read_text(encoding="utf-8")


def _telling(text: str) -> list[str]:
    return [name for name, mark in MARKS.items() if mark in text]


def test_every_direct_identifier_of_the_standard_is_tried_here() -> None:
    assert set(_direct()) == set(MARKS)


def test_no_result_of_a_run_holds_a_direct_identifier(register: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["run", str(register), "--on", ON, "--out", str(tmp_path / "out")]
    )

    assert done.exit_code == 0, done.output
    files = dict(_contents(tmp_path / "out"))
    assert {"summary.json", "manifest.json"} <= set(files)
    assert {name: found for name, text in files.items() if (found := _telling(text))} == {}
    assert _telling(done.output) == []


def test_findings_about_a_document_do_not_show_its_number(register: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["check", str(register), "--on", ON, "--out", str(tmp_path / "out")])

    findings = pl.read_parquet(tmp_path / "out" / "findings" / f"{COUNTY}.parquet")
    about = findings.filter(pl.col("field").is_in(list(_direct())))

    assert about.height > 0
    assert about["value"].null_count() == about.height


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_explanation_names_members_by_relation_only(register: Path, form: str) -> None:
    asked = ["explain", str(register), "H1", "--on", ON, "--format", form]

    done = CliRunner().invoke(app, asked)

    assert done.exit_code == 0, done.output
    assert "H1" in done.output
    assert _telling(done.output) == []


def test_no_table_of_results_has_a_column_that_names_a_person(
    register: Path, tmp_path: Path
) -> None:
    CliRunner().invoke(app, ["run", str(register), "--on", ON, "--out", str(tmp_path / "out")])

    tables = {p: pl.read_parquet_schema(p) for p in (tmp_path / "out").rglob("*.parquet")}

    assert len(tables) >= 3
    assert [str(p) for p, columns in tables.items() if set(_direct()) & set(columns)] == []


def test_the_list_of_sources_names_nobody(register: Path) -> None:
    for more in ([], ["--json"]):
        done = CliRunner().invoke(app, ["sources", str(register), "--on", ON, *more])

        assert done.exit_code == 0, done.output
        assert "vehicles" in done.output
        assert _telling(done.output) == []
