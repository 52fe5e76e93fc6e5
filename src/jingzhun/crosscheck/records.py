"""The records of other departments as rules read them: those linked to the people of some counties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from jingzhun.frames.workspace import Counties, Workspace
from jingzhun.standard import schema

LINKS = "links_"
"""What the names of the workspace's tables of links begin with; the external table follows."""

SURE = ("certain", "probable")


@dataclass(frozen=True)
class Linked:
    """Records of the people of some counties by external table, one row per link.

    Columns: person_id, household_id, record_id, link_band, and those asked for.
    """

    tables: Mapping[str, pl.DataFrame]

    def sure(self) -> Mapping[str, pl.DataFrame]:
        """Without the links that are still to be reviewed."""
        return {
            name: rows.filter(pl.col("link_band").is_in(SURE)) for name, rows in self.tables.items()
        }

    def doubtful_households(self) -> pl.Series:
        """Households of whose members a record may be, by a link that is still to be reviewed."""
        found = [
            rows.filter(~pl.col("link_band").is_in(SURE))["household_id"]
            for rows in self.tables.values()
        ]
        return pl.concat([pl.Series("household_id", [], dtype=pl.String), *found]).unique()


def external_tables(ws: Workspace, period: int) -> list[str]:
    """External tables of which the workspace holds records of the period."""
    held = {part.table for part in ws.files_all() if part.period == period}
    return [name for name in schema.external_tables() if name in held]


def linked_tables(ws: Workspace, period: int) -> list[str]:
    """External tables whose records of the period were linked: of others nobody's records are known."""
    return [name for name in external_tables(ws, period) if ws.files(LINKS + name, period)]


def linked(
    ws: Workspace, period: int, counties: Counties, columns: Mapping[str, Sequence[str]]
) -> Linked:
    """The records linked to people of some counties. `columns`: table -> columns wanted of it."""
    tables = {name: _linked(ws, name, period, counties, own) for name, own in columns.items()}
    return Linked(tables)


def _linked(
    ws: Workspace, table: str, period: int, counties: Counties, columns: Iterable[str]
) -> pl.DataFrame:
    keys = ["person_id", "household_id", "record_id", "band"]
    links = ws.scan(LINKS + table, period=period, county=counties, columns=keys).to_native()
    wanted = [name for name in dict.fromkeys(columns) if name != "record_id"]
    found = links.rename({"band": "link_band"})
    if not wanted:
        return found.collect()
    # A record may lie in another county than the person: only its number tells.
    rows = ws.scan(table, period=period, columns=["record_id", *wanted]).to_native()
    return found.join(rows, on="record_id", how="inner").collect()
