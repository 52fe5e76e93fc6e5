"""`jingzhun run`, `evaluate` and `check`: the job over a workspace."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from jingzhun.cli import console, crosscheck_tables
from jingzhun.frames.workspace import Workspace
from jingzhun.run.job import PARTS, Result
from jingzhun.run.job import run as run_job

RULES_SHOWN = 3
"""`jingzhun crosscheck` and the report tell of all rules; a run tells of the most frequent."""
WorkspacePath = Annotated[Path, typer.Argument(help="Workspace folder.", show_default=False)]
On = Annotated[str, typer.Option("--on", help="Date of the evaluation, YYYY-MM-DD.")]
Period = Annotated[int | None, typer.Option(help="Year of the register; the latest by default.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder for the results; inside the workspace by default.")
]
Engine = Annotated[
    str,
    typer.Option(help="Where households are judged: local, spark-local, or spark://host:port."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]


def run(
    workspace: WorkspacePath,
    on: On,
    period: Period = None,
    profiles: Annotated[str, typer.Option(help="Household profiles, comma separated.")] = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Check, cross-check, identify, evaluate and report: who is poor, why, and who is lifted out."""
    _job(workspace, on, period, profiles, PARTS, out, as_json)


def evaluate(
    workspace: WorkspacePath,
    on: On,
    period: Period = None,
    profiles: Annotated[str, typer.Option(help="Household profiles, comma separated.")] = "",
    out: Out = None,
    engine: Engine = "local",
    as_json: AsJson = False,
) -> None:
    """Judge every household by one or more exit profiles, then villages and counties."""
    _job(workspace, on, period, profiles, ("evaluate",), out, as_json, engine)


def check(
    workspace: WorkspacePath,
    on: On,
    period: Period = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run the internal logic checks; every hit is a suspicion to look at, never a verdict."""
    _job(workspace, on, period, "", ("check",), out, as_json)


def _job(
    workspace: Path,
    on: str,
    period: int | None,
    profiles: str,
    parts: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    engine: str = "local",
) -> None:
    names = tuple(name.strip() for name in profiles.split(",") if name.strip())
    with console.progress() as progress:
        result = run_job(
            Workspace.open(workspace),
            on=console.day(on),
            period=period,
            profiles=names,
            parts=parts,
            out=out,
            engine=engine,
            progress=progress,
        )
    if as_json:
        print(json.dumps(result.summary, ensure_ascii=False, indent=2))
    else:
        show(result, workspace)


def show(result: Result, workspace: Path) -> None:
    """The summary in about ten lines, one finding of the cross-check, and where to look next."""
    *figures, took = console.summary_lines(result.summary)
    print("\n".join([*figures, *_compared(result, workspace), took]))
    on = date.fromisoformat(str(result.summary["on"]))
    print(f"Results of {on.isoformat()}: {result.path}")
    if result.report.exists():
        print(f"Report: {result.report.resolve()}  (open it in any browser; it needs no network)")


def _compared(result: Result, workspace: Path) -> list[str]:
    """The cross-check in a few lines; none where the workspace has no records of other departments."""
    found = result.summary.get("crosscheck")
    if found is None:
        return []
    ws = Workspace.open(workspace)
    return [
        *crosscheck_tables.overview(found, rules=RULES_SHOWN),
        *crosscheck_tables.first_finding(ws, int(result.summary["period"])),
    ]
