"""`jingzhun crosscheck`: findings from other departments' records, verdicts on them, quality of the rules."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from jingzhun.cli import console, crosscheck_tables
from jingzhun.crosscheck import accuracy, store
from jingzhun.crosscheck.quality import Bounds, rule_quality
from jingzhun.crosscheck.records import linked_tables
from jingzhun.crosscheck.verdicts import import_verdicts, verdicts
from jingzhun.errors import WorkspaceError
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.run.job import run as run_job

DEFAULT = "find"


class _Group(TyperGroup):
    """Its commands; `jingzhun crosscheck WORKSPACE` means `jingzhun crosscheck find WORKSPACE`."""

    default = DEFAULT

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, else the default one."""
        if args and args[0] not in self.commands:
            args = [DEFAULT, *args]
        return super().resolve_command(ctx, args)


group = typer.Typer(
    name="crosscheck",
    cls=_Group,
    help="Compare the register with other departments' records; every hit is a suspicion with its evidence.",
    no_args_is_help=True,
)
WorkspacePath = Annotated[Path, typer.Argument(help="Workspace folder.", show_default=False)]
Period = Annotated[int | None, typer.Option(help="Year of the register; the latest by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@group.command(DEFAULT)
def find(
    workspace: WorkspacePath,
    on: Annotated[str, typer.Option("--on", help="Date of the cross-check, YYYY-MM-DD.")],
    period: Period = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; inside the workspace by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Link the records, ask the rules, keep the findings with their history (the word find may be left out)."""
    ws = Workspace.open(workspace)
    with console.progress() as progress:
        result = run_job(
            ws,
            on=console.day(on),
            period=period,
            parts=("crosscheck",),
            out=out,
            progress=progress,
        )
    found = result.summary.get("crosscheck")
    if found is None:
        raise WorkspaceError(
            f"{workspace} holds no records of other departments for {result.summary['period']}",
            do="Import some with a mapping that has a delivery, or choose another --period",
        )
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    print("\n".join(crosscheck_tables.overview(found)))
    year = int(result.summary["period"])
    print("\n".join(crosscheck_tables.first_finding(Workspace.open(workspace), year)))
    print(f"Results: {result.path}")


@group.command()
def show(
    workspace: WorkspacePath,
    number: Annotated[
        str, typer.Argument(help="Number of a household or finding.", show_default=False)
    ],
    period: Period = None,
    as_json: AsJson = False,
) -> None:
    """Show the findings on one household, or one finding, with evidence, explanations to ask for, and history."""
    ws = Workspace.open(workspace)
    year = period or _period(ws)
    findings, events = crosscheck_tables.about(ws, year, number)
    if not findings:
        raise WorkspaceError(
            f"No finding of {year} is about {number}",
            do="Check the number; `jingzhun crosscheck WORKSPACE --on DATE` makes findings",
        )
    if as_json:
        print(
            json.dumps(
                {"findings": findings, "events": events}, ensure_ascii=False, indent=2, default=str
            )
        )
        return
    pack = load_pack(ws.pack)
    for finding in findings:
        print("\n".join(crosscheck_tables.explained(finding, pack)))
    print("\n".join(crosscheck_tables.history(events)))


@group.command("verdicts")
def verdicts_command(
    workspace: WorkspacePath,
    file: Annotated[
        Path, typer.Argument(help="CSV, XLSX or Parquet with verdicts.", show_default=False)
    ],
    period: Period = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Day of the import; today when left out.")
    ] = None,
) -> None:
    """Import verdicts: columns finding_id, verdict, reason, decided_on, decided_by; refused rows say why."""
    ws = Workspace.open(workspace)
    day = date.today() if on is None else console.day(on)
    done = import_verdicts(ws, file, period=period or _period(ws), on=day)
    print(
        f"{done.read:,} verdicts read: {done.new:,} new, {done.known:,} known before, {done.refused:,} refused"
    )
    if done.refused_path is not None:
        print(f"Refused rows and the reasons: {done.refused_path}")


@group.command()
def quality(
    workspace: WorkspacePath,
    period: Period = None,
    truth: Annotated[
        bool, typer.Option("--truth", help="Against the truth of an invented province instead.")
    ] = False,
    least: Annotated[
        int, typer.Option(help="Verdicts a rule needs before anything is suggested.")
    ] = Bounds.least_verdicts,
    most: Annotated[
        float, typer.Option(help="Findings of one rule that a village can look into.")
    ] = Bounds.alerts_per_village,
    as_json: AsJson = False,
) -> None:
    """How good the rules are: precision by verdicts, findings per village, what to retune."""
    ws = Workspace.open(workspace)
    year = period or _period(ws)
    stored = store.findings(ws, year)
    if truth:
        if not (accuracy.has_truth(ws, year) and linked_tables(ws, year)):
            raise WorkspaceError(
                f"{workspace} does not tell the truth of {year}",
                do="Only provinces made by `jingzhun make-sample` do, once their records are linked",
            )
        alive = stored.filter(stored["state"] != "withdrawn")
        tables = linked_tables(ws, year)
        rules = load_pack(ws.pack).crosschecks.values()
        kinds = {rule.id: rule.finding for rule in rules if set(rule.needs) <= set(tables)}
        measured = accuracy.accuracy(ws, year, alive, tables=tables, kinds=kinds)
        text = crosscheck_tables.accuracy_lines(measured)
        print(json.dumps(measured, ensure_ascii=False, indent=2) if as_json else "\n".join(text))
        return
    villages = ws.rows("villages", year)
    bounds = Bounds(least_verdicts=least, alerts_per_village=most)
    rows = rule_quality(stored, verdicts(ws, year), villages=villages, bounds=bounds)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    print("\n".join(crosscheck_tables.quality_lines(rows, load_pack(ws.pack))))


def _period(ws: Workspace) -> int:
    """The latest period with findings; WorkspaceError when there is none."""
    years = {part.period for part in ws.files(store.FINDINGS)}
    if not years:
        raise WorkspaceError(
            f"{ws.path} holds no findings yet", do="Run `jingzhun crosscheck WORKSPACE --on DATE`"
        )
    return max(years)
