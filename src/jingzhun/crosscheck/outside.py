"""Missed households: people whom other departments know to be in need and the register does not know.

Rules about records are asked of every record of a table. A record linked to somebody of a registered household
is no finding; one of somebody on file whose household is not registered is a finding about that household; all
others are people outside the register, told apart by document number, else by name, birth date and county.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl

from jingzhun.crosscheck.findings import HIT, empty
from jingzhun.crosscheck.records import LINKS, SURE
from jingzhun.crosscheck.values import Shown
from jingzhun.frames.workspace import UNPLACED, Workspace
from jingzhun.policy.cel import Program
from jingzhun.policy.crosschecks import CrossCheck, crosscheck_programs
from jingzhun.policy.pack import Pack
from jingzhun.standard import id_numbers

REVIEW_LINK = "may_be_of_household"
"""In the values: the registered household that a link to be reviewed points to."""

RECORDS_AT_ONCE = 500_000

_IDENTITY = ("name", "document_number", "birth_date")


@dataclass(frozen=True)
class _Table:
    """The rules about records of one table, compiled together."""

    name: str
    rules: tuple[CrossCheck, ...]
    program: Program


class Outside:
    """The pack's rules about records made ready for a date and the tables that are there."""

    def __init__(self, pack: Pack, on: date, tables: Iterable[str]) -> None:
        self.on = on
        self.tables = [
            _Table(str(table), tuple(rules), program)
            for level, table, rules, program in crosscheck_programs(pack, on, list(tables))
            if level == "record"
        ]
        self.rules = {rule.id: rule for table in self.tables for rule in table.rules}
        self.shown = {name: Shown.of(rule, pack, on) for name, rule in self.rules.items()}

    def hits(self, ws: Workspace, period: int) -> pl.DataFrame:
        """What the rules are true of over the whole workspace, columns as HIT; held in memory as a whole."""
        parts = [self._of_table(ws, table, period) for table in self.tables]
        rows = pl.concat([empty(_ROW), *parts])
        if not rows.height:
            return empty(HIT)
        return _grouped(_with_person(rows, self.on)).select(
            pl.col(name).cast(kind) for name, kind in HIT.items()
        )

    def _of_table(self, ws: Workspace, table: _Table, period: int) -> pl.DataFrame:
        links = _links(ws, table.name, period)
        parts = [
            self._of_counties(ws, table, counties, period, links)
            for counties in _chunks(ws, table.name, period)
        ]
        return pl.concat([empty(_ROW), *parts])

    def _of_counties(
        self, ws: Workspace, table: _Table, counties: list[str], period: int, links: pl.DataFrame
    ) -> pl.DataFrame:
        rows = ws.scan(table.name, period=period, county=counties).to_native()
        free = rows.join(links.filter("is_registered").lazy(), on="record_id", how="anti")
        judged = table.program.apply(nw.from_native(free), keep=["record_id"])
        found = pl.DataFrame(judged.collect().to_native())
        return pl.concat(
            [empty(_ROW), *(self._of_rule(table, rule, found, free, links) for rule in table.rules)]
        )

    def _of_rule(
        self,
        table: _Table,
        rule: CrossCheck,
        found: pl.DataFrame,
        rows: pl.LazyFrame,
        links: pl.DataFrame,
    ) -> pl.DataFrame:
        true = found.filter(pl.col(rule.id).fill_null(False)).select("record_id")
        if not true.height:
            return empty(_ROW)
        shown = self.shown[rule.id]
        wanted = ["record_id", "area_code", *_IDENTITY, *shown.of_records.get(table.name, ())]
        own = rows.join(true.lazy(), on="record_id", how="semi").select(*dict.fromkeys(wanted))
        people = own.collect().join(_of_unregistered(links), on="record_id", how="left")
        placed = people.with_columns(village_code=pl.coalesce("village_code", "area_code"))
        return placed.with_columns(
            rule=pl.lit(rule.id),
            table=pl.lit(table.name),
            facts=shown.of_record_as_json(table.name),
        ).select(*_ROW)


def _chunks(ws: Workspace, table: str, period: int) -> list[list[str]]:
    """Counties in groups of about so many records: work on one group has a fixed cost."""
    groups: list[list[str]] = [[]]
    held = 0
    for part in ws.files(table, period):
        if groups[-1] and held + part.rows > RECORDS_AT_ONCE:
            groups.append([])
            held = 0
        groups[-1].append(part.county)
        held += part.rows
    return [group for group in groups if group]


def _links(ws: Workspace, table: str, period: int) -> pl.DataFrame:
    """The links of a table's records with what the household's standing is: one row per link.

    Columns: record_id, person_id, household_id, village_code, band, is_registered (sure link, and the household
    is registered or it is not known whether).
    """
    columns = ["record_id", "person_id", "household_id", "band"]
    links = ws.scan(LINKS + table, period=period, columns=columns).to_native()
    homes = ws.scan(
        "households", period=period, columns=["household_id", "village_code", "is_registered"]
    ).to_native()
    registered = pl.col("is_registered").fill_null(True)
    return (
        links.join(homes, on="household_id", how="left")
        .with_columns(
            is_sure=pl.col("band").is_in(SURE),
            is_registered=pl.col("band").is_in(SURE) & registered,
            of_registered=registered,
        )
        .collect()
    )


def _of_unregistered(links: pl.DataFrame) -> pl.DataFrame:
    """Per record the person on file whose household is not registered, and where a doubtful link points."""
    sure = links.filter(pl.col("is_sure")).select(
        "record_id", "person_id", "household_id", "village_code", "band"
    )
    doubtful = (
        links.filter(~pl.col("is_sure") & pl.col("of_registered"))
        .group_by("record_id")
        .agg(pl.col("household_id").min().alias("perhaps"))
    )
    return (
        sure.unique("record_id", keep="first", maintain_order=True)
        .join(doubtful, on="record_id", how="full", coalesce=True)
        .sort("record_id")
    )


def _with_person(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    """Rows with `person`: a valid number, else name, birth date and county, else the record alone.

    What records of one person have in common. It is used here and kept nowhere: a direct identifier.
    """
    written = nw.col("document_number")
    numbered = nw.from_native(rows).with_columns(
        number=id_numbers.normalised(written), is_valid=id_numbers.is_valid(written, on=on)
    )
    born = pl.col("birth_date").dt.to_string("%Y%m%d")
    county = pl.col("area_code").str.slice(0, 6).fill_null(UNPLACED)
    person = pl.coalesce(
        pl.when(pl.col("is_valid")).then(pl.col("number")),
        pl.concat_str("name", born, county, separator=":"),
        pl.concat_str(pl.lit("record"), "record_id", separator=":"),
    )
    return pl.DataFrame(numbered.to_native()).with_columns(person=person)


_ROW = {
    **dict.fromkeys(
        ("rule", "table", "record_id", "area_code", "name", "document_number"), pl.String()
    ),
    "birth_date": pl.Date(),
    **dict.fromkeys(
        ("person_id", "household_id", "village_code", "band", "perhaps", "facts"), pl.String()
    ),
}
"""One row per rule and record, direct identifiers among its columns."""


def _grouped(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of records as hits: one per rule and person, people outside the register with all their records."""
    named = rows.with_columns(record=pl.concat_str("table", "record_id", separator=":"))
    with_subject = named.with_columns(
        subject_id=pl.coalesce("household_id", pl.col("record").min().over("person")),
        who=pl.coalesce("person_id", "person"),
    )
    hits = (
        with_subject.sort("record")
        .group_by("rule", "who", maintain_order=True)
        .agg(
            pl.col("household_id", "person_id", "subject_id", "village_code", "band").first(),
            pl.col("perhaps").drop_nulls().first(),
            record_ids=pl.col("record").unique().sort(),
            facts=pl.col("facts"),
        )
    )
    band = (
        pl.when(pl.col("perhaps").is_not_null())
        .then(pl.lit("review"))
        .otherwise(pl.coalesce("band", pl.lit("outside")))
    )
    return hits.with_columns(
        county_code=pl.col("village_code").str.slice(0, 6).fill_null(UNPLACED),
        link_band=band,
        values=_values(hits),
    )


def _values(hits: pl.DataFrame) -> pl.Series:
    """The facts of a person's records as one JSON object of lists, and where a doubtful link points."""
    texts = []
    for facts, perhaps in hits.select("facts", "perhaps").iter_rows():
        records = [json.loads(text) for text in facts]
        values = {
            name: [record[name] for record in records] if "." in name else value
            for name, value in records[0].items()
        }
        if perhaps is not None:
            values[REVIEW_LINK] = perhaps
        texts.append(json.dumps(values, ensure_ascii=False, separators=(",", ":")))
    return pl.Series("values", texts, dtype=pl.String)
