"""The stages of a run that compare the register with other departments: links, findings, their store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.crosscheck import accuracy, store
from jingzhun.crosscheck.figures import COUNTED, finding_figures
from jingzhun.crosscheck.findings import FINDING, by_subject, empty
from jingzhun.crosscheck.job import CrossCheckJob
from jingzhun.crosscheck.quality import rule_quality
from jingzhun.crosscheck.records import external_tables, linked_tables
from jingzhun.crosscheck.sources import source_figures
from jingzhun.crosscheck.verdicts import verdicts
from jingzhun.frames.deliveries import covered
from jingzhun.frames.results import ResultFolder
from jingzhun.frames.workspace import Workspace
from jingzhun.linkage.workspace import link_source, register_people
from jingzhun.policy.pack import Pack
from jingzhun.run import stages
from jingzhun.run.progress import Progress, told

Row = dict[str, Any]


def link(ws: Workspace, period: int, progress: Progress) -> None:
    """Link the records of every external table of a period to the register; unchanged ones are left alone."""
    tables = external_tables(ws, period)
    if not tables:
        return
    people = register_people(ws, period)
    for table in told(progress, "link", tables):
        link_source(ws, table, period=period, people=people)


def crosscheck(
    ws: Workspace, pack: Pack, on: date, period: int, folder: ResultFolder, progress: Progress
) -> Row | None:
    """Ask the pack's cross-checks, lay the findings on the stored ones, and return the summary's figures.

    Writes `crosscheck/<county>` (one row per finding) and `crosscheck_subjects/<county>` (one per household, or
    person outside the register). None where the period has no external tables, or the pack no rules for them.
    """
    if not external_tables(ws, period) or not pack.crosschecks:
        return None
    # Without its links, a table would seem to hold nobody's records.
    tables = linked_tables(ws, period)
    job = CrossCheckJob(
        ws,
        pack,
        on,
        period,
        tables=tables,
        covered={table: covered(ws, table, period) for table in tables},
    )
    light = [empty(FINDING).select(COUNTED)]
    for county, rows in _by_county(job, ws, period, progress):
        folder.write_table(f"crosscheck/{county}", nw.from_native(rows))
        folder.write_table(f"crosscheck_subjects/{county}", nw.from_native(by_subject(rows)))
        light.append(rows.select(COUNTED))
    counties = [name.split("/")[1] for name in folder.tables if name.startswith("crosscheck/")]
    done = store.save(
        ws,
        period,
        lambda county: _written(folder, county),
        [name.removesuffix(".parquet") for name in counties],
        job.origin,
        rules=frozenset(job.rules),
    )
    return _figures(job, ws, pack, pl.concat(light), done)


def _by_county(
    job: CrossCheckJob, ws: Workspace, period: int, progress: Progress
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Findings county by county; people outside the register stand with the county of their record."""
    missed = job.missed()
    seen: set[str] = set()
    for counties in stages.in_chunks(ws, period, progress, "crosscheck"):
        own = missed.filter(pl.col("county_code").is_in(list(counties)))
        found = pl.concat([job.counties(counties), own])
        seen.update(counties)
        yield from _parts(found)
    yield from _parts(missed.filter(~pl.col("county_code").is_in(list(seen))))


def _parts(found: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (county,), rows in sorted(found.partition_by("county_code", as_dict=True).items()):
        yield str(county), rows.unique("finding_id", keep="first").sort("rank", "finding_id")


def _written(folder: ResultFolder, county: str) -> pl.DataFrame | None:
    path = folder.path / "crosscheck" / f"{county}.parquet"
    return pl.read_parquet(path) if path.exists() else None


def _figures(
    job: CrossCheckJob, ws: Workspace, pack: Pack, found: pl.DataFrame, done: store.Stored
) -> Row:
    period, on = job.period, job.origin.on
    names = stages.area_names(pack)
    decided = verdicts(ws, period)
    quality = []
    if decided.height:
        stored = store.findings(ws, period)
        villages = ws.rows("villages", period)
        rows = rule_quality(stored, decided, villages=villages)
        quality = [_named(row, job) for row in rows if row["decided"]]
    truth = None
    if job.tables and accuracy.has_truth(ws, period):
        kinds = {rule.id: rule.finding for rule in job.rules.values()}
        truth = accuracy.accuracy(ws, period, found, tables=list(job.tables), kinds=kinds)
    return {
        "sources": source_figures(ws, period, external_tables(ws, period), on),
        "findings": finding_figures(found, job.labels, lambda code: names.name(code) or code),
        "events": {name: done.events[name] for name in store.EVENT_NAMES},
        "is_older": done.is_older,
        "quality": quality,
        "truth": truth,
    }


def _named(row: Row, job: CrossCheckJob) -> Row:
    """A row of rule quality for the summary: with the rule in words, without its load."""
    label = job.labels.get(row["rule"])
    words = {"en": row["rule"], "zh": row["rule"]} if label is None else label.model_dump()
    kept = {key: value for key, value in row.items() if key not in {"load", "by_band"}}
    return {**kept, "label": words}
