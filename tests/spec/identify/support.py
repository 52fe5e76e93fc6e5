"""Small invented registers and a small set of rules, to be written out by hand in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.identify.areas import Areas
from jingzhun.identify.rules import Rules
from jingzhun.identify.status import household_status, person_status
from jingzhun.identify.summary import summarise, summary
from jingzhun.identify.sums import Sums
from jingzhun.policy.binding import DatedValue, Named, bind
from jingzhun.standard import schema

VILLAGE = "622926100200"
NEIGHBOUR = "622926100201"
OTHER_COUNTY = "622921100200"
OTHER_PREFECTURE = "620121100200"

DEFINITIONS = [
    Named("is_current", '!has(m.record_state) || m.record_state != "2"', "person"),
    Named("is_sharing", "m.is_current && (!has(m.shares_budget) || m.shares_budget)", "person"),
    Named("household_size", "size(members.filter(m, m.is_sharing))"),
    Named("wage_yuan", "wage_employment_yuan"),
    Named("business_yuan", "business_planting_yuan - expense_planting_yuan"),
    Named("property_yuan", "property_other_yuan"),
    Named("transfer_yuan", "transfer_allowance_yuan"),
    Named("net_income_yuan", "wage_yuan + business_yuan + property_yuan + transfer_yuan"),
    Named("income_per_capita_yuan", "double(net_income_yuan) / double(household_size)"),
]

Row = Mapping[str, Any]
Lazy = nw.LazyFrame[Any]
INCOME = [c.name for c in schema.table("households").columns if c.income_group]


def rules(
    line: float = 3000.0,
    *,
    by_area: tuple[tuple[str, float], ...] = (),
    conditions: tuple[tuple[str, str], ...] = (),
    without: Sequence[str] = (),
    on: date = date(2019, 12, 31),
    **changed: str,
) -> Rules:
    """Rules with one line (others by area); `without` leaves definitions out."""
    kept = [d for d in DEFINITIONS if d.id not in without]
    scope = bind(
        on,
        parameters=[
            DatedValue("poverty_line_yuan", line, by_area),
            DatedValue("higher_line_yuan", 4000.0),
        ],
        definitions=kept,
    )
    return Rules(scope, conditions=conditions, **changed)


def household(
    name: str, village: str = VILLAGE, *, income: int | None = None, size: int = 1, **fields: Any
) -> dict[str, Any]:
    """A household that is registered and whose whole income is wage, unless fields say otherwise.

    `size` members are recorded with it unless `members` lists them; `members=[]` records none.
    """
    items = {
        "wage_employment_yuan": income,
        "business_planting_yuan": 0,
        "expense_planting_yuan": 0,
        "property_other_yuan": 0,
        "transfer_allowance_yuan": 0,
    }
    members = [{"relation": "01" if i == 0 else "99"} for i in range(size)]
    return {
        "household_id": name,
        "village_code": village,
        "period": 2019,
        "is_registered": True,
        "members": members,
        **items,
        **fields,
    }


def register(*households: Row) -> tuple[Lazy, Lazy]:
    """The tables households and persons, keyed."""
    people = [
        {"person_id": f"{h['household_id']}-{i}", KEY: key, **h, **member}
        for key, h in enumerate(households)
        for i, member in enumerate(h["members"])
    ]
    keyed = [{**h, KEY: key} for key, h in enumerate(households)]
    return table("households", keyed), table("persons", people)


def table(name: str, rows: Sequence[Row]) -> Lazy:
    """Rows as a table of the standard; what is left out is not known."""
    columns = {**storage_schema(schema.table(name)), KEY: pl.Int64}
    data = [{column: row.get(column) for column in columns} for row in rows]
    return nw.from_native(pl.LazyFrame(data, schema=columns))


def status_of(*households: Row, by: Rules | None = None) -> dict[str, dict[str, Any]]:
    """Household id -> its status."""
    homes, people = register(*households)
    rows = household_status(homes, people, None, by or rules()).collect().rows(named=True)
    return {row["household_id"]: row for row in rows}


def sums_of(*households: Row, by: Rules | None = None, **records: Lazy) -> Sums:
    """The sums of a partition that holds these households."""
    used = by or rules()
    homes, people = register(*households)
    status = household_status(homes, people, None, used)
    return summarise(status, person_status(status, people, used), **records)


def summary_of(*households: Row, by: Rules | None = None, **records: Lazy) -> dict[str, Any]:
    """The summary of these households."""
    return summary(sums_of(*households, by=by, **records), Areas({"622926000000": "东乡族自治县"}))


def two_periods(path: Path) -> Workspace:
    """A workspace of 2018 and 2019: `moved` changes its county, `new` comes, `gone` goes."""
    ws = Workspace.create(path, pack="gansu", created=date(2019, 12, 31))
    first = [
        _home("left", VILLAGE, 2018, wage=1_000, exit_status="not_exited"),
        _home("entered", NEIGHBOUR, 2018, wage=9_000),
        _home("stayed", VILLAGE, 2018, wage=1_000),
        _home("moved", VILLAGE, 2018, wage=1_000),
        _home("gone", OTHER_PREFECTURE, 2018, wage=1_000),
    ]
    second = [
        _home("left", VILLAGE, 2019, wage=9_000, exit_status="exited"),
        _home("entered", NEIGHBOUR, 2019, wage=1_000, main_cause="01"),
        _home("stayed", VILLAGE, 2019, wage=1_000),
        _home("moved", OTHER_PREFECTURE, 2019, wage=9_000),
        _home("new", OTHER_PREFECTURE, 2019, wage=1_000),
    ]
    with ws.writing() as batch:
        for county, period, homes in _by_county(first) + _by_county(second):
            batch.put("households", county, period, _stored("households", homes))
            people = [{**h, "person_id": h["household_id"] + "-1", "relation": "01"} for h in homes]
            batch.put("persons", county, period, _stored("persons", people))
    return ws


def _home(name: str, village: str, period: int, *, wage: int, **fields: Any) -> dict[str, Any]:
    items = dict.fromkeys(INCOME, 0) | {"wage_employment_yuan": wage}
    return {
        "household_id": name,
        "village_code": village,
        "period": period,
        "is_registered": True,
        **items,
        **fields,
    }


def _by_county(homes: list[dict[str, Any]]) -> list[tuple[str, int, list[dict[str, Any]]]]:
    counties = sorted({home["village_code"][:6] for home in homes})
    return [
        (code, homes[0]["period"], [h for h in homes if h["village_code"].startswith(code)])
        for code in counties
    ]


def _stored(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = storage_schema(schema.table(name))
    return pl.DataFrame([{c: row.get(c) for c in columns} for row in rows], schema=columns)
