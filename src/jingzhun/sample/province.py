"""The whole sample: a workspace with an invented Gansu in it, county by county."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jingzhun
from jingzhun.errors import InputError
from jingzhun.frames.files import replace_text
from jingzhun.frames.workspace import Workspace
from jingzhun.sample import parameters as given
from jingzhun.sample.county import Order, county_tables
from jingzhun.sample.external.ledger import ledger
from jingzhun.sample.external.rest import Rest
from jingzhun.sample.plan import plan
from jingzhun.sample.villages import rural_villages
from jingzhun.standard.divisions import Divisions

PACK = "gansu"
DEFAULT_PERIODS = (2019,)
Tell = Callable[[str, int, int], None]
"""Called with the code of a county that is done, how many are done, and how many there are."""


@dataclass(frozen=True)
class Summary:
    """What was made: rows by table, over all periods."""

    workspace: Path
    households: int
    seed: int
    periods: tuple[int, ...]
    rows: dict[str, int]
    registered: int
    """Registered households in the last period."""


def parse_periods(text: str) -> tuple[int, ...]:
    """`2019`, `2014..2019` or `2014,2017,2019` as years, ascending; InputError for anything else."""
    known = given.load().years
    try:
        years: set[int] = set()
        for part in text.split(","):
            first, _, last = part.strip().partition("..")
            years.update(range(int(first), int(last or first) + 1))
    except ValueError as error:
        raise InputError(
            f"'{text}' does not name years", do="Write 2019, 2014..2019 or 2014,2017,2019"
        ) from error
    if not years or not years <= set(known):
        raise InputError(
            f"The sample knows the years {known[0]} to {known[-1]}, not '{text}'",
            do=f"Write a part of {known[0]}..{known[-1]}",
        )
    return tuple(sorted(years))


def make_sample(
    out: Path,
    *,
    households: int,
    seed: int,
    divisions: Divisions,
    periods: tuple[int, ...] = DEFAULT_PERIODS,
    progress: Tell | None = None,
    external: bool = True,
    equal_names: bool = False,
) -> Summary:
    """Make a workspace with an invented province; the same arguments give the same bytes.

    households: registered households at the end of the last year the sample knows (2019); every
    period has about 5 % more on file that are not registered. divisions: those of the pack. external:
    with the records of other departments, for the last period. equal_names: names are written wrongly
    equally often in every people, so that methods can be compared at equal noise. Raises
    InputError or WorkspaceError when the arguments or the folder don't do. Takes about half a minute
    for a million households and period; memory is bounded by the largest county.
    """
    parameters = given.load()
    plans = plan(parameters, households=households, seed=seed)
    order = Order(
        parameters,
        plans,
        seed,
        periods,
        rural_villages(divisions),
        external=frozenset(periods[-1:]) if external else frozenset(),
        equal_names=equal_names,
    )
    _check_divisions(order)
    workspace = Workspace.create(out, pack=PACK, created=date(periods[-1], 12, 31))
    rows: dict[str, int] = {}
    registered, rest = 0, Rest()
    with workspace.writing() as batch:
        for place, county in enumerate(plans):
            for period, tables in county_tables(order, place, rest):
                for name, table in tables.items():
                    batch.put(name, county.facts.code, period, table)
                    rows[name] = rows.get(name, 0) + table.height
                if period == periods[-1] and "households" in tables:
                    registered += int(tables["households"]["is_registered"].sum())
                batch.flush()
            if progress is not None:
                progress(county.facts.code, place + 1, len(plans))
        for name, count in rest.finish(batch).items():
            rows[name] = rows.get(name, 0) + count
        for period in sorted(order.external):
            batch.record(ledger(parameters, seed, period, rows))
    summary = Summary(out, households, seed, periods, rows, registered)
    replace_text(out / "sample.json", _manifest(order, summary))
    return summary


def _check_divisions(order: Order) -> None:
    missing = [p.facts.code for p in order.plans if p.facts.code not in order.villages]
    if missing:
        raise InputError(
            f"The divisions have no rural villages in the counties {', '.join(missing[:5])}",
            do="Use the divisions of the gansu pack",
        )


def _manifest(order: Order, summary: Summary) -> str:
    """The parameters that were used, as JSON; names of persons are not among them."""
    content = {
        "what": "invented sample province; no record describes a real person or household",
        "engine_version": jingzhun.__version__,
        "households": summary.households,
        "seed": summary.seed,
        "periods": list(summary.periods),
        "external_periods": sorted(order.external),
        "equal_names": order.equal_names,
        "rows": dict(sorted(summary.rows.items())),
        "registered_households": summary.registered,
        "parameter_files_sha256": given.file_hashes(),
        "parameters": order.parameters.model_dump(mode="json", exclude={"names"}, by_alias=True),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
