"""Which records rules may read: those that were linked; a table that was not linked is not known."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from jingzhun.crosscheck.records import external_tables, linked, linked_tables
from jingzhun.frames.partitions import storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema

from .support import COUNTY, ON

YEAR = 2019


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """Cars that were linked, one record of another county among them, and businesses that were not."""
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    links = pl.DataFrame(
        {
            "person_id": ["P1", "P2", "P3"],
            "household_id": ["H1", "H1", "H2"],
            "record_id": ["v1", "v2", "v9"],
            "band": ["certain", "probable", "review"],
        }
    )
    with ws.writing() as batch:
        batch.put("vehicles", COUNTY, YEAR, _rows("vehicles", "v1", "v9"))
        batch.put("vehicles", "620102", YEAR, _rows("vehicles", "v2"))
        batch.put("businesses", COUNTY, YEAR, _rows("businesses", "b1"))
        batch.put("links_vehicles", COUNTY, YEAR, links)
    return ws


def _rows(table: str, *numbers: str) -> pl.DataFrame:
    columns = storage_schema(schema.table(table))
    rows = [
        {"record_id": n, "period": YEAR, "kind": "car"} if table == "vehicles" else {"record_id": n}
        for n in numbers
    ]
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns)


def test_a_table_that_nobody_linked_is_there_and_not_asked(ws: Workspace) -> None:
    assert external_tables(ws, YEAR) == ["businesses", "vehicles"]
    assert linked_tables(ws, YEAR) == ["vehicles"]


def test_a_record_of_another_county_is_found_by_its_number(ws: Workspace) -> None:
    records = linked(ws, YEAR, (COUNTY,), {"vehicles": ["kind"]})

    rows = records.tables["vehicles"].sort("record_id").select("record_id", "kind", "link_band")
    assert rows.rows() == [
        ("v1", "car", "certain"), ("v2", "car", "probable"), ("v9", "car", "review"),
    ]  # fmt: skip


def test_links_to_be_reviewed_are_apart_with_their_households(ws: Workspace) -> None:
    records = linked(ws, YEAR, (COUNTY,), {"vehicles": []})

    assert sorted(records.sure()["vehicles"]["record_id"]) == ["v1", "v2"]
    assert records.doubtful_households().to_list() == ["H2"]
