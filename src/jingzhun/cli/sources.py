"""`jingzhun sources`: what other departments delivered, how old it is, and how it meets the register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Grid

from jingzhun.cli.console import day
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.sources import BY_LINKS, Source, county_count
from jingzhun.quality.sources import sources as sources_of
from jingzhun.standard import schema

_WIDE = 180
_AREAS_SHOWN = 3


def sources(
    workspace: Annotated[Path, typer.Argument(help="Workspace folder.", show_default=False)],
    on: Annotated[
        str | None, typer.Option(help="Day to count ages at, YYYY-MM-DD; today when left out.")
    ] = None,
    period: Annotated[int | None, typer.Option(help="One year only; all when left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """List what other departments delivered: records, age, areas covered, overlap with the register."""
    ws = Workspace.open(workspace)
    found = sources_of(ws, date.today() if on is None else day(on), period)
    if as_json:
        print(json.dumps(plain(ws, found), ensure_ascii=False, indent=2))
        return
    for line in _told(ws, found):
        _console().print(line)


# -- JSON ------------------------------------------------------------------------------------------


def plain(ws: Workspace, found: list[Source]) -> dict[str, Any]:
    """The sources as data. Shares are null where there is nothing to divide by."""
    there = {source.table for source in found}
    return {
        "sources": [_plain_source(ws, source) for source in found],
        "not_delivered": [name for name in schema.external_tables() if name not in there],
    }


def _plain_source(ws: Workspace, source: Source) -> dict[str, Any]:
    table = schema.table(source.table)
    counties, of = county_count(ws, source.period, source.covers)
    overlap = source.overlap
    return {
        "table": source.table,
        "label": table.label.model_dump(),
        "department": table.department.model_dump() if table.department else None,
        "period": source.period,
        "records": source.records,
        "received": None if source.received is None else source.received.isoformat(),
        "age_days": source.age_days,
        "covers": list(source.covers),
        "counties_covered": counties,
        "counties": of,
        "overlap": None
        if overlap is None
        else {
            **vars(overlap),
            "persons_share": _share(overlap.persons_found, overlap.persons),
            "records_share": _share(overlap.records_found, source.records),
        },
        "deliveries": [one.entry() for one in source.deliveries],
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


# -- console ---------------------------------------------------------------------------------------


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def _told(ws: Workspace, found: list[Source]) -> Iterator[Grid | str]:
    there = {source.table for source in found}
    absent = [name for name in schema.external_tables() if name not in there]
    if found:
        yield _grid(ws, found)
        yield (
            "People: of the register in the covered areas, those with a record. "
            "人数:覆盖范围内名册人口中有记录者。By: links 匹配结果, number 证件号码相同 (finds fewer)."
        )
    else:
        yield "Nothing was delivered yet 尚无部门数据; `jingzhun import` takes a mapping with a `delivery`."
    if absent:
        yield f"Not delivered 未交付: {', '.join(absent)}"
    silent = [f"{s.table} {s.period}" for s in found if not s.deliveries]
    if silent:
        yield f"Without a delivery in the ledger, so nobody is covered 无交付记录: {', '.join(silent)}"


def _grid(ws: Workspace, found: list[Source]) -> Grid:
    grid = Grid(title="Records of other departments 部门数据")
    for name in ("table", "数据表", "from 来源", "year", "covers 覆盖", "by"):
        grid.add_column(name)
    for name in ("deliveries", "last 最近", "days 天", "records", "linked", "review", "people"):
        grid.add_column(name, justify="right")
    for source in found:
        table = schema.table(source.table)
        overlap = source.overlap
        grid.add_row(
            source.table,
            table.label.zh,
            source.deliveries[-1].source if source.deliveries else "-",
            str(source.period),
            _areas(ws, source),
            "-" if overlap is None else "links" if overlap.by == BY_LINKS else "number",
            str(len(source.deliveries)),
            str(source.received or "-"),
            "-" if source.age_days is None else f"{source.age_days:,}",
            f"{source.records:,}",
            "-" if overlap is None else _per_cent(overlap.records_found, source.records),
            "-"
            if overlap is None or overlap.records_review is None
            else _per_cent(overlap.records_review, source.records),
            "-" if overlap is None else _per_cent(overlap.persons_found, overlap.persons),
        )
    return grid


def _areas(ws: Workspace, source: Source) -> str:
    if not source.deliveries:
        return "nobody 无"
    counties, of = county_count(ws, source.period, source.covers)
    if of:
        return f"{counties} of {of} counties 县"
    codes = [code or "all 全部" for code in source.covers]
    return ", ".join(codes[:_AREAS_SHOWN]) + (" …" if len(codes) > _AREAS_SHOWN else "")


def _per_cent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
