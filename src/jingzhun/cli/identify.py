"""`jingzhun identify` and `jingzhun compare`: who is poor, why and where, and what changed."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from jingzhun.cli import console, identify_tables
from jingzhun.errors import InputError
from jingzhun.frames.results import ResultFolder, result_folder
from jingzhun.frames.workspace import Workspace
from jingzhun.identify.areas import level_below
from jingzhun.identify.breakdown import breakdown
from jingzhun.identify.comparison_job import CompareJob, compare_job
from jingzhun.identify.dimensions import DIMENSIONS, dimensions
from jingzhun.identify.job import IdentifyJob
from jingzhun.identify.rules import Rules
from jingzhun.identify.summary import areas_at, summary
from jingzhun.identify.sums import combine
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.run.progress import told
from jingzhun.run.stages import area_names, period_for
from jingzhun.standard.divisions import Divisions, prefix_of

PIPED_WIDTH = 160


class OutputFormat(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"


class Language(StrEnum):
    """Language of the tables."""

    EN = "en"
    ZH = "zh"


WorkspacePath = Annotated[Path, typer.Argument(help="Workspace folder.", show_default=False)]
Line = Annotated[
    str | None,
    typer.Option(help="Another line: a parameter of the pack, or an amount per person and year."),
]
Area = Annotated[
    str | None, typer.Option(help="Only this area: its division code (2 to 12 digits) or name.")
]
Format = Annotated[OutputFormat, typer.Option("--format", help="table or json.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the tables: en or zh.")]


def identify(
    workspace: WorkspacePath,
    on: Annotated[str, typer.Option("--on", help="Date of the line, YYYY-MM-DD.")],
    period: Annotated[
        int | None, typer.Option(help="Year of the register; by default the latest up to the date.")
    ] = None,
    line: Line = None,
    by: Annotated[
        str,
        typer.Option(help="Break down by these, comma separated: " + ", ".join(DIMENSIONS) + "."),
    ] = "",
    area: Area = None,
    output: Format = OutputFormat.TABLE,
    lang: Lang = Language.EN,
) -> None:
    """Say who is poor on a date, how poor, why and where.

    Poor is who has a known income per person below the line; unknown is counted apart. Figures are
    exact and internal: what is published passes disclosure control in the report.
    """
    ws = Workspace.open(workspace)
    pack = load_pack(ws.pack)
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    dimensions(names)
    day = console.day(on)
    job = IdentifyJob(
        rules=Rules.of_pack(pack, day, line=line),
        period=_known_period(ws, period) if period else period_for(ws, day),
        areas=area_names(pack),
        area=_area_code(pack, area),
    )
    head = _head(pack, job) | {"on": on, "line": _line(pack, job, line)}
    if names:
        rows = _broken_down(ws, job, names)
        if output is OutputFormat.JSON:
            _print_json({**head, "by": list(names), "rows": rows})
            return
        _print_head(head, lang)
        identify_tables.print_breakdown(rows, names, lang, _console())
        return
    _identified(ws, job, head, output, lang)


def compare(
    workspace: WorkspacePath,
    first: Annotated[int, typer.Option("--from", help="Earlier year of the register.")],
    second: Annotated[int, typer.Option("--to", help="Later year of the register.")],
    line: Line = None,
    area: Area = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write one row per household as Parquet, and the figures, to this folder."
        ),
    ] = None,
    output: Format = OutputFormat.TABLE,
    lang: Lang = Language.EN,
) -> None:
    """Compare two years: who fell below the line, who rose above it, who stayed, and why.

    Each year is judged by the line of its last day. Households are followed by their number, also from
    county to county.
    """
    ws = Workspace.open(workspace)
    pack = load_pack(ws.pack)
    if first >= second:
        raise InputError(
            f"--from {first} is not before --to {second}", do="Name two years in order"
        )
    job = compare_job(
        pack,
        area_names(pack),
        _known_period(ws, first),
        _known_period(ws, second),
        line=line,
        area=_area_code(pack, area),
    )
    if out is None:
        found = _compared(ws, job, None)
    else:
        with result_folder(_new_folder(out)) as folder:
            found = _compared(ws, job, folder)
            folder.write_json("comparison.json", found)
    if output is OutputFormat.JSON:
        _print_json({**_head(pack, job.after), **found})
        return
    identify_tables.print_comparison(found, lang, _console())


def _identified(
    ws: Workspace, job: IdentifyJob, head: dict[str, Any], output: OutputFormat, lang: Language
) -> None:
    with console.progress() as progress:
        sums = combine(
            job.county(ws, group)[1] for group in told(progress, "identify", job.chunks(ws))
        )
    found = summary(sums, job.areas)
    if output is OutputFormat.JSON:
        _print_json({**head, **found})
        return
    _print_head(head, lang)
    areas = areas_at(sums, job.areas, level_below(job.area))
    identify_tables.print_identification(found, areas, lang, _console())


def _broken_down(ws: Workspace, job: IdentifyJob, by: tuple[str, ...]) -> list[dict[str, Any]]:
    with console.progress() as progress:
        parts = [
            job.tabulated(ws, group, by) for group in told(progress, "identify", job.chunks(ws))
        ]
    return breakdown(combine(parts), by, job.areas)


def _compared(ws: Workspace, job: CompareJob, folder: ResultFolder | None) -> dict[str, Any]:
    parts = []
    with console.progress() as progress:
        for county in told(progress, "compare", job.counties(ws)):
            rows, kept = job.county(ws, county)
            parts.append(kept)
            if folder is not None:
                folder.write_table(f"changes/{county}", rows)
    rest, found = job.finish(parts)
    if folder is not None and rest is not None:
        folder.write_table("changes/moved-new-gone", rest)
    return found


def _known_period(ws: Workspace, period: int) -> int:
    if period not in ws.periods:
        known = ", ".join(map(str, ws.periods)) or "none"
        raise InputError(f"{ws.path} holds no register of {period}", why=f"Its years: {known}")
    return period


def _area_code(pack: Pack, area: str | None) -> str | None:
    """The area's code; a name is looked up in the pack's divisions."""
    if area is None:
        return None
    if area.isdigit() or pack.divisions_path is None:
        return prefix_of(area)
    return prefix_of(Divisions.load(pack.divisions_path).resolve(area))


def _new_folder(out: Path) -> Path:
    # The folder is put in place as a whole: something else there would be lost.
    if out.exists():
        raise InputError(f"{out} exists already", do="Name a new folder, or remove it first")
    return out


def _head(pack: Pack, job: IdentifyJob) -> dict[str, Any]:
    return {
        "format": 1,
        "disclosure": "internal: exact figures, not for publication",
        "pack": {"id": pack.id, "version": pack.version, "label": pack.label.model_dump()},
        "period": job.period,
        "area": None if job.area is None else {"code": job.area, "name": job.areas.name(job.area)},
    }


def _line(pack: Pack, job: IdentifyJob, given: str | None) -> dict[str, Any]:
    """The line with its source; an amount from the command line has none."""
    name = given or pack.line
    if name not in pack.parameters:
        return {
            "name": None,
            "value": float(name),
            "unit": None,
            "source": None,
            "is_verified": None,
        }
    entry = pack.parameter(name).entry(job.rules.scope.on, job.area)
    return {
        "name": entry.name,
        "label": entry.label.model_dump(),
        "value": entry.value,
        "unit": entry.unit,
        "since": entry.since.isoformat(),
        "source": entry.source,
        "confidence": entry.confidence,
        "default": entry.default,
        "is_verified": entry.is_verified,
    }


def _print_head(head: dict[str, Any], lang: Language) -> None:
    place = f", {head['area']['name']}" if head["area"] else ""
    print(f"{head['pack']['label'][lang]}{place}, {head['period']}")
    print(identify_tables.line_text(head["line"], lang))


def _print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


def _console() -> Console:
    # Piped into a file, tables keep their full width instead of being cut at 80 characters.
    return Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)
