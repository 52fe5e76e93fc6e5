"""Small invented registers, written out by hand: rows, frames and workspaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema

ON = date(2019, 12, 31)
YEAR = 2019
COUNTY, OTHER = "622926", "622927"
VILLAGE, NEIGHBOUR = "622926100200", "622926100201"
FAR = "622927100200"

Row = dict[str, Any]
INCOME = [c.name for c in schema.table("households").columns if c.income_group]


def frame(table: str, rows: Sequence[Mapping[str, Any]], *, with_key: bool = False) -> pl.DataFrame:
    """Rows as a table of the standard; what is left out is not known, what it does not know is kept."""
    types = {**storage_schema(schema.table(table)), KEY: pl.Int64()}
    with_key = with_key or any(KEY in row for row in rows)
    others = list(dict.fromkeys(name for row in rows for name in row if name not in types))
    used = {name: kind for name, kind in types.items() if name != KEY or with_key}
    filled = pl.DataFrame([{name: row.get(name) for name in used} for row in rows], schema=used)
    return filled.with_columns(pl.Series(name, [row.get(name) for row in rows]) for name in others)


def lazy(table: str, rows: Sequence[Mapping[str, Any]]) -> nw.LazyFrame[Any]:
    """Rows as the engine reads them."""
    return nw.from_native(frame(table, rows, with_key=True).lazy())


def household(name: str, village: str = VILLAGE, *, wage: int | None = 0, **fields: Any) -> Row:
    """A registered household in good order that lives on a wage: everything that profiles ask is met.

    Income items other than the wage are 0; `wage` is that of the whole household.
    """
    return {
        "household_id": name,
        "village_code": village,
        "period": YEAR,
        "is_registered": True,
        "exit_status": "exited",
        "housing_grade": "A",
        "has_safe_water": True,
        "has_food_and_clothing": True,
        "is_cooperative_member": True,
        "is_enterprise_led": False,
        "is_entrepreneur_led": False,
        **dict.fromkeys(INCOME, 0),
        "wage_employment_yuan": wage,
        **fields,
    }


def person(household_id: str, number: int = 1, **fields: Any) -> Row:
    """A current, insured member of forty who can work."""
    return {
        "household_id": household_id,
        "person_id": f"{household_id}-{number}",
        "period": YEAR,
        "relation": "01" if number == 1 else "99",
        "record_state": "1",
        "birth_date": date(1979, 5, 6),
        "student_status": "01",
        "education": "03",
        "labour_ability": "01",
        "work_months": 8,
        "has_skill_training": False,
        "has_resident_medical": True,
        "has_employee_medical": False,
        "has_critical_illness": True,
        **fields,
    }


def keyed(households: Sequence[Row], persons: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Both with `household_key` in step, in the order of the keys."""
    ordered = sorted(households, key=lambda row: str(row["household_id"]))
    keys = {row["household_id"]: number for number, row in enumerate(ordered)}
    homes = [{**row, KEY: keys[row["household_id"]]} for row in ordered]
    people = [{**row, KEY: keys[row["household_id"]]} for row in persons]
    return homes, sorted(people, key=lambda row: (row[KEY], str(row["person_id"])))


def workspace(path: Path, tables: Mapping[str, Sequence[Row]], *, period: int = YEAR) -> Workspace:
    """A workspace that holds these rows, each in the county of its village or household."""
    ws = Workspace.create(path, pack="gansu", created=ON)
    store(ws, tables, period=period)
    return ws


def store(ws: Workspace, tables: Mapping[str, Sequence[Row]], *, period: int = YEAR) -> None:
    """Put rows into their counties, all in one batch."""
    villages = {r["household_id"]: r["village_code"] for r in tables.get("households", ())}
    with ws.writing() as batch:
        for table, rows in tables.items():
            placed: dict[str, list[Row]] = {}
            for row in rows:
                code = row.get("village_code") or row.get("county_code")
                placed.setdefault((code or villages[row["household_id"]])[:6], []).append(row)
            for county, own in placed.items():
                batch.put(table, county, period, frame(table, own))
