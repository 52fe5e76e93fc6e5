"""What the external tables of a period hold, and how many of their records belong to somebody on file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from jingzhun.crosscheck.records import LINKS
from jingzhun.frames.deliveries import deliveries
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema

Row = dict[str, Any]
_BANDS = ("certain", "probable", "review")


def source_figures(ws: Workspace, period: int, tables: Iterable[str], on: date) -> list[Row]:
    """One row per table: records, how many are linked by their surest link, delivery and its age in days."""
    return [_of_table(ws, period, table, on) for table in tables]


def _of_table(ws: Workspace, period: int, name: str, on: date) -> Row:
    table = schema.table(name)
    records = ws.rows(name, period)
    linked = _linked(ws, period, name)
    days = [d.received for d in deliveries(ws, name, on) if d.period == period and d.received]
    received = max(days, default=None)
    department = table.department
    return {
        "table": name,
        "label": table.label.model_dump(),
        "department": None if department is None else department.model_dump(),
        "records": records,
        "received": None if received is None else received.isoformat(),
        "age_days": None if received is None else (on - received).days,
        **linked,
        "unlinked": records - sum(linked.values()),
    }


def _linked(ws: Workspace, period: int, table: str) -> dict[str, int]:
    """Records by the surest of their links."""
    order = pl.col("band").replace_strict(
        {band: place for place, band in enumerate(_BANDS)}, return_dtype=pl.Int8
    )
    links = ws.scan(LINKS + table, period=period, columns=["record_id", "band"]).to_native()
    counted = (
        links.group_by("record_id")
        .agg(order.min().alias("place"))
        .group_by("place")
        .len()
        .collect()
    )
    found = {_BANDS[int(place)]: int(n) for place, n in counted.rows()}
    return {band: found.get(band, 0) for band in _BANDS}
