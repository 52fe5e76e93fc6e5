"""`jingzhun make-sample`: a workspace with an invented province."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from jingzhun.policy.pack import load_pack
from jingzhun.sample import Summary, parse_periods
from jingzhun.sample import make_sample as make_province
from jingzhun.sample.province import PACK, Tell
from jingzhun.standard import schema


def make_sample(
    out: Annotated[
        Path, typer.Argument(help="Workspace folder to make; new or empty.", show_default=False)
    ],
    households: Annotated[
        int, typer.Option(help="Registered households at the end of 2019.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1,
    periods: Annotated[
        str, typer.Option(help="Years of the register: 2019, 2014..2019 or 2014,2019.")
    ] = "2019",
    external: Annotated[
        bool,
        typer.Option(help="Also make the records of other departments, for the last year."),
    ] = True,
    equal_noise: Annotated[
        bool,
        typer.Option(
            "--equal-noise", help="Names of every people are written wrongly equally often."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Make an invented Gansu: real divisions, invented people, and the truth in tables of its own."""
    years = parse_periods(periods)
    with _bar() as tell:
        made = make_province(
            out,
            households=households,
            seed=seed,
            periods=years,
            divisions=load_pack(PACK).divisions,
            progress=tell,
            external=external,
            equal_names=equal_noise,
        )
    print(_json(made) if as_json else _lines(made))


@contextmanager
def _bar() -> Iterator[Tell]:
    bar = Progress(
        TextColumn("Making the sample     造样"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("counties"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task("sample", total=None)
        yield lambda _county, done, total: bar.update(task, completed=done, total=total)


def _lines(made: Summary) -> str:
    years = made.periods
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    per_year = ", ".join(
        f"{made.rows.get(table, 0):,} {table}" for table in ("households", "persons", "villages")
    )
    return (
        f"Invented sample province, register of {span}, seed {made.seed}\n"
        f"{made.registered:,} registered households in {years[-1]}; rows over all years: {per_year}\n"
        f"{_external(made)}"
        f"Workspace: {made.workspace} (the truth_ tables hold the truth;"
        f" sample.json the parameters)\n"
        f"Next: jingzhun run {made.workspace} --on {years[-1]}-12-31"
    )


def _external(made: Summary) -> str:
    tables = {name: rows for name, rows in made.rows.items() if name in _external_tables()}
    if not tables:
        return ""
    return f"Records of other departments: {sum(tables.values()):,} in {len(tables)} tables\n"


def _external_tables() -> list[str]:
    return [name for name, table in schema.tables().items() if table.role == "external"]


def _json(made: Summary) -> str:
    return json.dumps(
        {
            "workspace": str(made.workspace),
            "seed": made.seed,
            "periods": list(made.periods),
            "registered_households": made.registered,
            "rows": made.rows,
        },
        ensure_ascii=False,
    )
