"""`jingzhun import`: files into a workspace by a mapping, or a first mapping for a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from jingzhun.errors import InputError, WorkspaceError
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.quality.intake import (
    ImportReport,
    Progress,
    Step,
    TableCounts,
    import_files,
    read_mapping,
    suggest_mapping,
)
from jingzhun.standard import schema

DEFAULT_PACK = "gansu"
_REASONS_SHOWN = 10

Sources = Annotated[
    list[Path],
    typer.Argument(help="CSV, XLSX or Parquet files.", metavar="SRC...", show_default=False),
]


def import_command(
    sources: Sources,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file (YAML).", show_default=False)
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Workspace folder; made when it is not there.", show_default=False),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(help=f"Policy pack of a new workspace; {DEFAULT_PACK} when left out."),
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print a first mapping for one file instead.")
    ] = False,
    table: Annotated[str | None, typer.Option(help="With --suggest: the table it holds.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with code 1 when a row is rejected.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Import although the same was imported before.")
    ] = False,
    on: Annotated[str | None, typer.Option(help="Day of the import; today when left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Import a register or a delivery: accepted rows into the workspace, rejected rows aside, with reasons."""
    if suggest:
        if len(sources) != 1:
            raise InputError("--suggest looks at one file at a time", do="Name one file")
        print(suggest_mapping(sources[0], table=table), end="")
        return
    if mapping is None or to is None:
        raise InputError(
            "An import needs --mapping and --to",
            do="`jingzhun import --suggest FILE` writes a first mapping",
        )
    day = date.today() if on is None else _day(on)
    workspace_pack = _pack_of(to, pack)
    rules = read_mapping(mapping, load_pack(workspace_pack).tables())
    with _bars() as progress:
        workspace = _workspace(to, workspace_pack, day)
        report = import_files(sources, rules, workspace, on=day, progress=progress, again=again)
    _print(report, day, as_json=as_json)
    if strict and report.rejected:
        raise typer.Exit(1)


def _pack_of(folder: Path, wanted: str | None) -> str:
    """The pack of a workspace that is there, else the one for the workspace to make."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder", do="Name a folder with --to")
    if not (folder / "workspace.toml").exists():
        return wanted or DEFAULT_PACK
    there = Workspace.open(folder).pack
    if wanted is not None and wanted != there:
        raise WorkspaceError(
            f"The workspace {folder} was made for the pack '{there}', not '{wanted}'",
            do="Leave --pack out, or name another folder",
        )
    return there


def _workspace(folder: Path, pack: str, day: date) -> Workspace:
    if (folder / "workspace.toml").exists():
        return Workspace.open(folder)
    return Workspace.create(folder, pack=pack, created=day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"'{text}' is not a date", do="Write it as 2019-12-31") from error


@contextmanager
def _bars() -> Iterator[Progress]:
    """A bar per file and one for storing, on stderr."""
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    tasks: dict[str, Any] = {}

    def tell(step: Step) -> None:
        name = f"Reading 读取 {step.name}" if step.stage == "read" else "Storing 入库"
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=step.total)
        bars.update(tasks[name], completed=step.done, total=step.total)

    with bars:
        yield tell


def _print(report: ImportReport, day: date, *, as_json: bool) -> None:
    if as_json:
        entry = report.entry(report.already or day)
        entry["already"] = report.already is not None
        entry["rejects"] = None if report.rejects is None else str(report.rejects)
        print(json.dumps(entry, ensure_ascii=False, indent=2))
        return
    if report.already:
        print(f"Already imported on {report.already} 已于当日导入过; nothing was changed.")
    for name, counts in report.tables.items():
        print(_counts_line(name, counts))
        for line in _reason_lines(counts):
            print(line)
    for one in report.deliveries:
        areas = ", ".join(code or "all areas 全部地区" for code in one.covers)
        print(
            f"Delivery 交付 {one.id}: {one.table} {one.period}, {one.source},"
            f" received {one.received}, {one.rows:,} rows, covers {areas}"
        )
    if report.rejects:
        print(f"Rejected rows with reasons 被拒绝的行及原因: {report.rejects}")
    if report.unused:
        print(f"No file was given for: {', '.join(report.unused)}", file=sys.stderr)


def _counts_line(name: str, counts: TableCounts) -> str:
    known = schema.tables().get(name)
    label = f" {known.label.zh}" if known else ""
    blank = f"; {counts.blank:,} blank rows skipped" if counts.blank else ""
    return (
        f"{name}{label}: {counts.read:,} read = {counts.accepted:,} accepted "
        f"({counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged) "
        f"+ {counts.rejected:,} rejected{blank}"
    )


def _reason_lines(counts: TableCounts) -> Iterator[str]:
    """How often each reason occurred; never a value of a row."""
    ordered = sorted(counts.reasons.items(), key=lambda item: (-item[1], item[0]))
    for (column, reason), rows in ordered[:_REASONS_SHOWN]:
        yield f"  {rows:>9,}  {reason}{f' in {column}' if column else ''}"
    if len(ordered) > _REASONS_SHOWN:
        yield f"  and {len(ordered) - _REASONS_SHOWN} more kinds of reasons"
