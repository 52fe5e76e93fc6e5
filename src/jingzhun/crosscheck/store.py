"""Findings and their history in a workspace: read by county, replaced all together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from jingzhun.crosscheck.findings import FINDING, STORED, Origin, empty
from jingzhun.crosscheck.history import EVENT, merge, typed
from jingzhun.crosscheck.history import EVENTS as EVENT_WORDS
from jingzhun.frames.workspace import Batch, Counties, Workspace

FINDINGS, EVENTS = "findings", "finding_events"
"""Workspace tables: one row per finding of a period, and one per change of a finding."""

EVENT_NAMES = tuple(EVENT_WORDS)
"""Kinds of change, in the order in which they are told."""


@dataclass(frozen=True)
class Stored:
    """What a cross-check did to the store: events by kind; `is_older` when it left the store as it was."""

    events: Counter[str] = field(default_factory=Counter)
    is_older: bool = False


def findings(ws: Workspace, period: int, county: Counties = None) -> pl.DataFrame:
    """Stored findings of a period, withdrawn ones too; columns as STORED."""
    parts = [pl.read_parquet(ws.path / p.path) for p in ws.files(FINDINGS, period, county)]
    return pl.concat([empty(STORED), *(typed(part, STORED) for part in parts)])


def events(ws: Workspace, period: int, county: Counties = None) -> pl.DataFrame:
    """The history of the findings of a period; columns as EVENT, oldest first."""
    parts = [pl.read_parquet(ws.path / p.path) for p in ws.files(EVENTS, period, county)]
    rows = pl.concat([empty(EVENT), *(typed(part, EVENT) for part in parts)])
    return rows.sort("on", "finding_id", maintain_order=True)


def last_day(ws: Workspace, period: int) -> date | None:
    """The day of the latest cross-check of a period that changed or confirmed a finding; None before the first."""
    days = [
        pl.scan_parquet(ws.path / p.path).select(pl.col("last_on").max()).collect().item()
        for p in ws.files(FINDINGS, period)
    ]
    return max((day for day in days if day is not None), default=None)


def save(
    ws: Workspace,
    period: int,
    found: Callable[[str], pl.DataFrame | None],
    counties: Iterable[str],
    origin: Origin,
    *,
    rules: frozenset[str],
) -> Stored:
    """Lay a cross-check on the stored findings of its period, county by county, as one change.

    `found` gives the findings of a county (columns as FINDING), None for none; counties that have stored
    findings only are done too. A cross-check of a day before the stored ones leaves the store as it is: its
    findings are in its results only. The same cross-check again writes nothing.
    """
    last = last_day(ws, period)
    if last is not None and origin.on < last:
        return Stored(is_older=True)
    counted: Counter[str] = Counter()
    known = {part.county for part in ws.files(FINDINGS, period)}
    with ws.writing() as batch:
        for county in sorted({*counties, *known}):
            counted.update(_save_county(ws, batch, county, period, found(county), origin, rules))
    return Stored(counted)


def _save_county(
    ws: Workspace,
    batch: Batch,
    county: str,
    period: int,
    found: pl.DataFrame | None,
    origin: Origin,
    rules: frozenset[str],
) -> Counter[str]:
    before = typed(ws.read(FINDINGS, county, period), STORED)
    now = empty(FINDING) if found is None else found
    merged = merge(before, now, origin, rules=rules, earlier=_earlier(ws, county, period))
    if not merged.findings.equals(before):
        batch.put(FINDINGS, county, period, merged.findings)
    if merged.events.height:
        history = typed(ws.read(EVENTS, county, period), EVENT)
        batch.put(EVENTS, county, period, pl.concat([history, merged.events]))
    batch.flush()
    return Counter(merged.events["event"].to_list())


def _earlier(ws: Workspace, county: str, period: int) -> pl.DataFrame | None:
    """Stored findings of the last period before, where there is one."""
    periods = [p.period for p in ws.files(FINDINGS, None, county) if p.period < period]
    return typed(ws.read(FINDINGS, county, max(periods)), STORED) if periods else None
