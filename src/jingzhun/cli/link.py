"""`jingzhun link`: who of the register is who of another department's records, and how sure that is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from jingzhun.cli import console, link_private
from jingzhun.errors import WorkspaceError
from jingzhun.frames.workspace import Workspace
from jingzhun.linkage import compare as comparing
from jingzhun.linkage import evaluate as evaluating
from jingzhun.linkage import review as reviewing
from jingzhun.linkage import workspace as linking
from jingzhun.linkage.linking import link as link_tables
from jingzhun.linkage.model import read_model
from jingzhun.standard import schema

DEFAULT, ALL = "source", "all"
TRUTH = "truth_links"


class _Group(TyperGroup):
    """Its commands; `jingzhun link WORKSPACE SOURCE` means `jingzhun link source WORKSPACE SOURCE`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, else the default one."""
        if args and args[0] not in self.commands:
            args = [DEFAULT, *args]
        return super().resolve_command(ctx, args)


group = typer.Typer(
    name="link",
    cls=_Group,
    help="Link people of the register and of other departments' records.",
    no_args_is_help=True,
)
for name, command in link_private.COMMANDS.items():
    group.command(name)(command)

WorkspacePath = Annotated[Path, typer.Argument(help="Workspace folder.", show_default=False)]
Source = Annotated[str, typer.Argument(help="External table; `all` for every one that is there.")]
Period = Annotated[int | None, typer.Option(help="Year of the register; the latest by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@group.command(DEFAULT)
def source(
    workspace: WorkspacePath,
    source: Source = ALL,
    period: Period = None,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train the model anew instead of using the saved one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Link a table's records to the register's people (the word source may be left out)."""
    ws = Workspace.open(workspace)
    year = period or ws.latest_period
    names = _sources(ws, source, year)
    people = linking.register_people(ws, year)
    found = []
    with console.progress() as progress:
        progress("link", 0, len(names))
        for place, name in enumerate(names):
            found.append(linking.link_source(ws, name, period=year, retrain=retrain, people=people))
            progress("link", place + 1, len(names))
    if as_json:
        print(json.dumps([vars(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        counts = one.counts
        known = "" if one.is_new else " (nothing changed since)"
        print(
            f"{one.table}: {counts['right']:,} records, {counts['links']:,} links: "
            f"{counts['certain']:,} certain, {counts['probable']:,} probable, "
            f"{counts['review']:,} to review; {counts['conflicts']:,} conflicts; "
            f"model {one.model}{known}"
        )


@group.command()
def dedupe(workspace: WorkspacePath, period: Period = None, as_json: AsJson = False) -> None:
    """Find people who stand on the register twice, in two households or two counties."""
    ws = Workspace.open(workspace)
    found = linking.find_duplicates(ws, period=period or ws.latest_period)
    if as_json:
        print(json.dumps(vars(found), ensure_ascii=False, indent=2))
        return
    counts = found.counts
    print(
        f"{counts['left']:,} persons, {counts['links']:,} pairs of rows that may be one person: "
        f"{counts['certain']:,} certain, {counts['probable']:,} probable, {counts['review']:,} to review"
    )


@group.command()
def evaluate(
    workspace: WorkspacePath,
    source: Source = ALL,
    period: Period = None,
    as_json: AsJson = False,
) -> None:
    """Hold links against the truth of an invented province: by band, people, county and source."""
    ws = Workspace.open(workspace)
    year = period or ws.latest_period
    tables = _tables(ws, _linked(ws, source, year), year)
    _tell(tables, as_json=as_json)


@group.command()
def compare(
    workspace: WorkspacePath,
    source: Annotated[str, typer.Argument(help="External table.")],
    model: Annotated[Path, typer.Argument(help="JSON file of another model.")],
    period: Period = None,
    as_json: AsJson = False,
) -> None:
    """Link a table by another model too, and tell which links differ; nothing is kept."""
    ws = Workspace.open(workspace)
    year = period or ws.latest_period
    known, other = linking.known_model(ws, source), read_model(model)
    if known is None:
        raise WorkspaceError(
            f"{source} was not linked yet", do=f"Run  jingzhun link {workspace} {source}"
        )
    first = linking.links(ws, source, year)
    second = link_tables(
        linking.comparable_people(linking.register_people(ws, year)),
        linking.records(ws, source, year),
        linking.spec_of(source),
        model=other,
    ).links.rename({"left_id": "person_id", "right_id": "record_id"})
    pairs = comparing.compared(first, second)
    tables = {
        f"links by {known.version} and by {other.version}": comparing.changes(pairs),
        "shares by level": comparing.weights(known, other),
    }
    _tell(tables, as_json=as_json)


@group.command()
def review(
    workspace: WorkspacePath,
    source: Annotated[str, typer.Argument(help="External table.")],
    out: Annotated[Path | None, typer.Option(help="Write the sheet: .csv or .html.")] = None,
    answers: Annotated[Path | None, typer.Option(help="Read a filled-in sheet (CSV).")] = None,
    by: Annotated[str, typer.Option(help="Who answered, kept with the answers.")] = "",
    on: Annotated[str, typer.Option(help="Date of the answers, YYYY-MM-DD.")] = "",
    most: Annotated[int, typer.Option(help="Rows of the sheet at most.")] = 500,
    period: Period = None,
) -> None:
    """Write the pairs left to review for a clerk, or read the clerk's answers back as labels."""
    ws = Workspace.open(workspace)
    year = period or ws.latest_period
    if answers is not None:
        if not by or not on:
            raise typer.BadParameter("answers need --by and --on")
        given, rejected = reviewing.import_labels(
            ws, source, answers, period=year, on=console.day(on), by=by
        )
        print(f"Answers kept: {given:,}; set aside: {len(rejected):,}")
        print("\n".join(rejected))
        return
    if out is None:
        raise typer.BadParameter("name --out FILE to write a sheet, or --answers FILE to read one")
    rows = reviewing.sheet(
        linking.links(ws, source, year),
        linking.register_people(ws, year),
        linking.records(ws, source, year),
        most=most,
    )
    reviewing.write_sheet(rows, out)
    print(f"{rows.height:,} pairs to review: {out} (readable by you alone; it shows names)")


def _sources(ws: Workspace, source: str, period: int) -> list[str]:
    if source != ALL:
        schema.table(source)
        return [source]
    names = [name for name in schema.external_tables() if ws.files(name, period)]
    if not names:
        raise WorkspaceError(
            f"{ws.path} holds no records of other departments for {period}",
            do="Import some with a mapping that has a delivery",
        )
    return names


def _linked(ws: Workspace, source: str, period: int) -> pl.DataFrame:
    """Links of one or all tables: person_id, record_id, band, source."""
    parts = [
        linking.links(ws, name, period)
        .select("person_id", "record_id", "band")
        .with_columns(source=pl.lit(name))
        for name in _sources(ws, source, period)
    ]
    return pl.concat(parts)


def _tables(ws: Workspace, links: pl.DataFrame, period: int) -> dict[str, pl.DataFrame]:
    if not ws.files(TRUTH, period):
        raise WorkspaceError(
            f"{ws.path} does not tell the truth of {period}",
            do="Only an invented province knows it: `jingzhun make-sample`",
        )
    rows = ws.scan(TRUTH, period=period).to_native().collect()
    truth = rows.rename({"also_person_id": "other_person_id"}).filter(
        pl.col("source").is_in(links["source"].unique().implode())
    )
    truth = truth.with_columns(county=pl.col("person_id").str.slice(0, 6))
    return {
        "all": evaluating.scores(links, truth),
        "band": evaluating.by_band(links, truth),
        "source": evaluating.scores(links, truth, ["source"]),
        "ethnicity": evaluating.scores(links, truth, ["ethnicity"]),
        "county": evaluating.scores(links, truth, ["county"]),
    }


def _tell(tables: dict[str, pl.DataFrame], *, as_json: bool) -> None:
    if as_json:
        shown = {name: table.to_dicts() for name, table in tables.items()}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for name, table in tables.items():
        _print(name, table)


def _print(title: str, table: pl.DataFrame) -> None:
    shown = Table(title=title, title_justify="left")
    for name, dtype in table.schema.items():
        shown.add_column(name, justify="right" if dtype.is_numeric() else "left")
    for row in table.iter_rows():
        shown.add_row(*(_cell(value) for value in row))
    Console().print(shown)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
