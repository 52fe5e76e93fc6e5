"""The stages of a run, county by county: each reads what it needs and writes its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import narwhals as nw

from jingzhun.errors import ParameterError, WorkspaceError
from jingzhun.evaluate import areas
from jingzhun.evaluate.areas import AreaJudgement
from jingzhun.evaluate.counting import Counts
from jingzhun.evaluate.households import HouseholdEvaluation
from jingzhun.evaluate.yardstick import Yardstick, yardstick
from jingzhun.frames.repeats import repeated_numbers
from jingzhun.frames.results import ResultFolder
from jingzhun.frames.workspace import HOUSEHOLDS_TOGETHER, Workspace
from jingzhun.identify.areas import Areas
from jingzhun.identify.comparison_job import compare_job
from jingzhun.identify.job import IdentifyJob
from jingzhun.identify.rules import Rules
from jingzhun.policy.pack import Pack
from jingzhun.quality import checks
from jingzhun.run import inputs
from jingzhun.run.progress import Progress, told
from jingzhun.standard import schema
from jingzhun.standard.divisions import Divisions


@dataclass
class Evaluated:
    """What an evaluation leaves besides its tables."""

    evaluation: HouseholdEvaluation
    by_county: dict[str, Counts] = field(default_factory=dict)
    townships: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    villages: list[AreaJudgement] = field(default_factory=list)
    counties: list[AreaJudgement] = field(default_factory=list)
    area_sticks: list[Yardstick] = field(default_factory=list)
    county_facts: nw.DataFrame[Any] | None = None


@dataclass
class Found:
    """What the stages found, for the summary."""

    ws: Workspace
    pack: Pack
    on: date
    period: int
    checks: Counter[tuple[str, str, str]] | None = None
    identified: dict[str, Any] | None = None
    evaluated: Evaluated | None = None
    comparison: dict[str, Any] | None = None
    crosschecked: dict[str, Any] | None = None

    @cached_property
    def areas(self) -> Areas:
        """Names of areas."""
        return area_names(self.pack)


def period_for(ws: Workspace, on: date) -> int:
    """The latest period not after the date's year; WorkspaceError when all are later."""
    earlier = [period for period in ws.periods if period <= on.year]
    if earlier:
        return earlier[-1]
    raise WorkspaceError(
        f"{ws.path} holds nothing up to {on.year}",
        why=f"Its periods: {', '.join(map(str, ws.periods)) or 'none'}",
        do="Choose a later date, or import that year",
    )


def check(
    ws: Workspace, pack: Pack, on: date, period: int, folder: ResultFolder, progress: Progress
) -> Counter[tuple[str, str, str]]:
    """Run the pack's checks; writes `findings/<county>` and returns (rule, county, township) -> hits."""
    job = checks.CheckRun(pack, on)
    repeated = _repeated_documents(ws, period) if job.needs_copies else None
    counted: Counter[tuple[str, str, str]] = Counter()
    for counties in in_chunks(ws, period, progress, "check"):
        table = job.findings(*_check_frames(ws, job, period, counties, repeated))
        write_by_county(folder, "findings", table)
        counted.update(checks.summarise([table]))
    return counted


EVALUATED_TOGETHER = 400_000
"""Households of counties that are judged together: few columns are held, and a group has a fixed cost."""


def in_chunks(
    ws: Workspace,
    period: int,
    progress: Progress,
    stage: str,
    *,
    households: int = HOUSEHOLDS_TOGETHER,
) -> Iterator[tuple[str, ...]]:
    """Counties in groups of about so many households, each county reported when its group is done."""
    total, done = len(ws.counties(period)), 0
    progress(stage, 0, total)
    for counties in ws.chunks(period, households=households):
        yield counties
        done += len(counties)
        progress(stage, done, total)


def write_by_county(folder: ResultFolder, name: str, table: nw.DataFrame[Any]) -> None:
    """Write `<name>/<county>` for every county that has rows; `table` has a column county_code."""
    for county in sorted(table["county_code"].unique().to_list()):
        folder.write_table(f"{name}/{county}", table.filter(nw.col("county_code") == county))


def _check_frames(
    ws: Workspace,
    job: checks.CheckRun,
    period: int,
    counties: tuple[str, ...],
    repeated: nw.LazyFrame[Any] | None,
) -> tuple[inputs.Lazy, inputs.Lazy, inputs.Lazy]:
    own = ["household_key", "household_id", "village_code"]
    households = inputs.households(ws, period, counties, [*own, *job.reads("household")])
    wanted = ["household_key", "person_id", "household_id", *job.reads("member")]
    stored = [
        name
        for name in wanted
        if name in schema.table("persons").by_name or name == "household_key"
    ]
    with_number = [*stored, "document_number"] if repeated is not None else stored
    persons = inputs.persons(ws, period, counties, with_number)
    villages = inputs.villages(ws, period, counties, ["village_code", *job.reads("village")])
    if persons is None or villages is None:
        raise AssertionError("columns were asked for")
    if repeated is not None:
        persons = checks.with_copies(persons, repeated)
    return households, persons, villages


def _repeated_documents(ws: Workspace, period: int) -> nw.LazyFrame[Any]:
    columns = ["document_number", "record_state"]

    def parts() -> Iterable[inputs.Lazy]:
        for counties in ws.chunks(period):
            part = inputs.persons(ws, period, counties, columns)
            if part is not None:
                yield part

    return nw.from_native(repeated_numbers(checks.current_persons(parts)).lazy())


def identify(
    ws: Workspace, pack: Pack, on: date, period: int, folder: ResultFolder, progress: Progress
) -> dict[str, Any]:
    """Who is poor and why; writes `households/<county>` and returns the summary's figures."""
    job = IdentifyJob(rules_of(pack, on), period, area_names(pack))
    sums = []
    for counties in in_chunks(ws, period, progress, "identify"):
        status, found = job.county(ws, counties)
        write_by_county(folder, "households", status)
        sums.append(found)
    return job.finish(sums)


def compare(ws: Workspace, pack: Pack, period: int, progress: Progress) -> dict[str, Any] | None:
    """What changed since the period before; None where there is none, or the pack has no line for it."""
    earlier = [known for known in ws.periods if known < period]
    if not earlier:
        return None
    try:
        job = compare_job(pack, area_names(pack), earlier[-1], period)
    except ParameterError:
        return None
    gone = set(job.counties(ws)) - set(ws.counties(period))
    groups = [*ws.chunks(period), *([tuple(sorted(gone))] if gone else [])]
    parts = [job.county(ws, counties)[1] for counties in told(progress, "compare", groups)]
    return job.finish(parts)[1]


def evaluate(
    ws: Workspace,
    pack: Pack,
    on: date,
    period: int,
    profiles: Sequence[str],
    folder: ResultFolder,
    progress: Progress,
) -> Evaluated:
    """Judge households, then villages and counties; writes `evaluation/<profile>/<county>` and areas."""
    evaluation = HouseholdEvaluation(pack, profiles, on)
    done = Evaluated(evaluation)
    cells = []
    for counties in in_chunks(ws, period, progress, "evaluate", households=EVALUATED_TOGETHER):
        judged = evaluation.judge(*_evaluation_frames(ws, evaluation, period, counties))
        for profile, table in judged.tables.items():
            write_by_county(folder, f"evaluation/{profile}", table)
        cells.append(judged.cells)
    if cells:
        counted = evaluation.counted(cells)
        done.by_county.update(counted.counts)
        done.townships.update(counted.townships)
        judge_areas(ws, pack, on, period, counted.villages, done, folder)
    return done


def _evaluation_frames(
    ws: Workspace, evaluation: HouseholdEvaluation, period: int, counties: tuple[str, ...]
) -> tuple[inputs.Lazy, inputs.Lazy | None, inputs.Lazy | None]:
    return (
        inputs.households(ws, period, counties, evaluation.household_columns),
        inputs.persons(ws, period, counties, evaluation.person_columns),
        inputs.villages(ws, period, counties, evaluation.village_columns),
    )


def judge_areas(
    ws: Workspace,
    pack: Pack,
    on: date,
    period: int,
    facts: nw.DataFrame[Any],
    done: Evaluated,
    folder: ResultFolder,
) -> None:
    """Judge villages, then counties, by their profiles; writes `villages/` and `counties/`.

    `facts`: one row per village with what its households came to; the results go into `done`.
    """
    records = ws.scan("villages", period=period, columns=_stored("villages")).collect()
    villages = areas.with_facts(records, facts, "village_code")
    for profile in _profile_ids(pack, "village", on):
        stick = yardstick(pack, profile, on)
        judged = areas.judge(stick, villages, "village_code")
        done.area_sticks.append(stick)
        folder.write_table(f"villages/{profile}", judged.table)
        done.villages.append(judged)
    first = done.villages[0] if done.villages else None
    county_facts = areas.county_facts(villages, first, key="village_code")
    county_records = ws.scan("counties", period=period, columns=_stored("counties")).collect()
    # The record may carry the county as 6 or as 12 digits; 6 tell it.
    county_records = county_records.with_columns(nw.col("county_code").str.slice(0, 6))
    counties = areas.with_facts(county_records, county_facts, "county_code")
    done.county_facts = counties
    for profile in _profile_ids(pack, "county", on):
        stick = yardstick(pack, profile, on)
        judged = areas.judge(stick, counties, "county_code")
        done.area_sticks.append(stick)
        folder.write_table(f"counties/{profile}", judged.table)
        done.counties.append(judged)


def rules_of(pack: Pack, on: date) -> Rules:
    """How the pack tells on a date who is poor."""
    return Rules.of_pack(pack, on)


def area_names(pack: Pack) -> Areas:
    """Names of the pack's divisions, in the local script."""
    if pack.divisions_path is None:
        return Areas()
    divisions = Divisions.load(pack.divisions_path)
    return Areas({division.code: division.name for division in divisions})


def _profile_ids(pack: Pack, level: str, on: date) -> list[str]:
    return [profile.id for profile in pack.profiles_on(on, level)]


def _stored(table: str) -> list[str]:
    return [column.name for column in schema.table(table).columns]
