"""What other departments delivered: how much, how old, and how much of it belongs to people on the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl

from jingzhun.frames.deliveries import Delivery, deliveries, widest
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema
from jingzhun.standard.id_numbers import with_id_columns

LINKS = "links_"
"""What the names of the workspace's tables of links begin with; the external table follows."""
SURE = ("certain", "probable")
REVIEW = "review"
BY_LINKS, BY_NUMBER = "links", "document_number"

_NUMBER = "number"
_COUNTY = 6
_ROWS_AT_ONCE = 500_000


@dataclass(frozen=True)
class Overlap:
    """How records and register meet. Grain: one external table and period.

    `persons` are those of the register in the covered areas; `persons_found` those of them with at least
    one record; `records_found` the records that belong to somebody on the register, wherever he lives.
    Where the table has been linked, links that are certain or probable count; else equal document numbers
    without a fault, which finds fewer.
    """

    by: str
    persons: int
    persons_found: int
    records_found: int
    records_review: int | None
    """Further records whose only links are still to be reviewed; null where nothing was linked."""


@dataclass(frozen=True)
class Source:
    """One external table in one period, as it stands in the workspace on a day."""

    table: str
    period: int
    records: int
    deliveries: tuple[Delivery, ...]
    """Received by the day, the oldest first; empty when the ledger knows of none."""
    on: date
    overlap: Overlap | None
    """Null where the register has nobody in the period."""

    @property
    def received(self) -> date | None:
        """The day of the last delivery."""
        return max((one.received for one in self.deliveries), default=None)

    @property
    def age_days(self) -> int | None:
        """Days since the last delivery."""
        return None if self.received is None else (self.on - self.received).days

    @property
    def covers(self) -> tuple[str, ...]:
        """Prefixes of the areas that are covered; empty where nothing is known of anybody."""
        return widest(prefix for one in self.deliveries for prefix in one.covers)


def sources(ws: Workspace, on: date, period: int | None = None) -> list[Source]:
    """External tables that the workspace holds or was delivered, by table and period (of one period, or all).

    Deliveries received after `on` are left out; the records are those that the workspace holds now.
    """
    known = deliveries(ws, on=on)
    external = schema.external_tables()
    slots = {(part.table, part.period) for part in ws.files_all() if part.table in external}
    slots |= {(one.table, one.period) for one in known}
    wanted = sorted(slot for slot in slots if period in (None, slot[1]))
    own = {slot: tuple(d for d in known if (d.table, d.period) == slot) for slot in wanted}
    overlaps: dict[tuple[str, int], Overlap] = {}
    for year in sorted({year for _, year in wanted}):
        tables = {table: own[(table, year)] for table, y in wanted if y == year}
        areas = {t: widest(p for d in found for p in d.covers) for t, found in tables.items()}
        overlaps |= {(t, year): found for t, found in _overlaps(ws, year, areas, on).items()}
    return [
        Source(
            table, year, ws.rows(table, year), own[(table, year)], on, overlaps.get((table, year))
        )
        for table, year in wanted
    ]


# -- the register ----------------------------------------------------------------------------------

Areas = Mapping[str, Sequence[str]]
"""External table -> prefixes of the areas that it covers."""


def _overlaps(ws: Workspace, period: int, areas: Areas, on: date) -> dict[str, Overlap]:
    """Table -> overlap; empty where the register has nobody. Some counties of the register at a time."""
    if not ws.rows("persons", period):
        return {}
    linked = {table: _links(ws, table, period) for table in areas if _is_linked(ws, table, period)}
    numbers = {table: _numbers(ws, table, period, on) for table in areas if table not in linked}
    found = {table: pl.Series([], dtype=pl.UInt64) for table in numbers}
    persons, hits = dict.fromkeys(areas, 0), dict.fromkeys(areas, 0)
    for counties in _groups(ws, "persons", period):
        people = _people(ws, period, counties, on)
        for table, prefixes in areas.items():
            inside = people.filter(_within(prefixes))
            persons[table] += inside.height
            if table in linked:
                own = linked[table].filter(pl.col("band").is_in(SURE)).select("person_id").unique()
                hits[table] += inside.join(own, on="person_id", how="semi").height
            else:
                known = numbers[table].select(_NUMBER)
                hits[table] += inside.join(known, on=_NUMBER, how="semi").height
                both = known.join(people, on=_NUMBER, how="semi")[_NUMBER]
                found[table] = pl.concat([found[table], both]).unique()
    return {
        table: _overlap(
            persons[table], hits[table], linked.get(table), numbers.get(table), found.get(table)
        )
        for table in areas
    }


def _overlap(
    persons: int,
    hits: int,
    links: pl.DataFrame | None,
    numbers: pl.DataFrame | None,
    found: pl.Series | None,
) -> Overlap:
    if links is not None:
        is_sure = pl.col("band").is_in(SURE).any().alias("is_sure")
        by_record = links.group_by("record_id").agg(is_sure)["is_sure"]
        sure = int(by_record.sum())
        return Overlap(BY_LINKS, persons, hits, sure, by_record.len() - sure)
    records = 0
    if numbers is not None and found is not None:
        records = int(numbers.filter(pl.col(_NUMBER).is_in(found.implode()))["records"].sum())
    return Overlap(BY_NUMBER, persons, hits, records, None)


def _people(ws: Workspace, period: int, counties: Sequence[str], on: date) -> pl.DataFrame:
    """person_id, hash of a number without a fault (else null), and the village of the household."""
    columns = ["person_id", "household_id", "document_number"]
    persons = ws.scan("persons", period=period, county=counties, columns=columns).to_native()
    homes = ws.scan(
        "households", period=period, county=counties, columns=["household_id", "village_code"]
    ).to_native()
    both = persons.join(homes, on="household_id", how="left").collect()
    return _with_number(both, on).select("person_id", _NUMBER, "village_code")


def _within(prefixes: Sequence[str]) -> pl.Expr:
    code = pl.col("village_code")
    inside = [code.str.starts_with(prefix) for prefix in prefixes]
    return pl.any_horizontal(*inside, pl.lit(False)).fill_null(False)


# -- the records -----------------------------------------------------------------------------------


def _is_linked(ws: Workspace, table: str, period: int) -> bool:
    return bool(ws.files(LINKS + table, period))


def _links(ws: Workspace, table: str, period: int) -> pl.DataFrame:
    columns = ["person_id", "record_id", "band"]
    return ws.scan(LINKS + table, period=period, columns=columns).to_native().collect()


def _numbers(ws: Workspace, table: str, period: int, on: date) -> pl.DataFrame:
    """Document numbers without a fault, each once as a hash, and how many records have it."""
    parts: list[pl.DataFrame] = []
    for counties in _groups(ws, table, period):
        rows = ws.scan(table, period=period, county=counties, columns=["document_number"])
        parts.append(_with_number(rows.to_native().collect(), on).select(_NUMBER))
    empty = pl.DataFrame(schema={_NUMBER: pl.UInt64})
    known = pl.concat([empty, *parts]).drop_nulls()
    return known.group_by(_NUMBER).agg(pl.len().alias("records"))


def _with_number(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    """A hash of the form to compare by, so that 15 and 18 digits meet; null where the number has a fault."""
    said = nw.from_native(rows, eager_only=True)
    told: pl.DataFrame = with_id_columns(said, "document_number", on=on, prefix="id").to_native()
    valid = pl.when(pl.col("id_problem").is_null()).then("id_normalised")
    return told.with_columns(valid.alias(_NUMBER)).with_columns(
        pl.when(pl.col(_NUMBER).is_not_null()).then(pl.col(_NUMBER).hash()).alias(_NUMBER)
    )


def _groups(ws: Workspace, table: str, period: int) -> list[list[str]]:
    """Counties in groups of about so many rows as one step handles: each step has a cost of its own."""
    groups: list[list[str]] = [[]]
    held = 0
    for part in ws.files(table, period):
        if groups[-1] and held + part.rows > _ROWS_AT_ONCE:
            groups.append([])
            held = 0
        groups[-1].append(part.county)
        held += part.rows
    return [group for group in groups if group]


def county_count(ws: Workspace, period: int, covers: Iterable[str]) -> tuple[int, int]:
    """How many counties of the register are covered, wholly or in part, and how many there are."""
    prefixes = tuple(covers)
    counties = ws.counties(period)
    inside = [c for c in counties if any(c.startswith(p[:_COUNTY]) for p in prefixes)]
    return len(inside), len(counties)
