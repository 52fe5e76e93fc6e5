"""What commands share on the console: dates, progress on stderr, the summary in ten lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from jingzhun.errors import InputError
from jingzhun.run.progress import Progress

STAGES = {
    "check": "Checking the records  核查",
    "link": "Linking people        匹配",
    "crosscheck": "Cross-checking        比对",
    "identify": "Identifying           识别",
    "compare": "Comparing with before 对比",
    "evaluate": "Evaluating            评价",
    "report": "Writing the report    报告",
}


def day(text: str) -> date:
    """A date from the command line; InputError says how to write it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"'{text}' is not a date", do="Write it as 2019-12-31") from error


@contextmanager
def progress() -> Iterator[Progress]:
    """A listener that draws one bar per stage on stderr; silent when stderr is no terminal but for ends."""
    console = Console(stderr=True)
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    tasks: dict[str, Any] = {}

    def tell(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
        bars.update(tasks[stage], completed=done, total=total)

    with bars:
        yield tell


def summary_lines(summary: Mapping[str, Any]) -> list[str]:
    """The figures of a run in about ten lines, each with its unit."""
    lines = [
        f"{summary['pack']['label']['en']} {summary['pack']['label']['zh']}, register of {summary['period']}, "
        f"on {summary['on']}: {summary['households']:,} households, {summary['persons']:,} persons"
    ]
    if "poor_persons" in summary:
        lines += _identified(summary)
    if "outcomes" in summary:
        lines += _evaluated(summary)
    if "findings" in summary:
        found = summary["findings"]
        most = found["by_rule"][0]["label"]["en"] if found["by_rule"] else "none"
        lines.append(f"Findings of {found['rules']} checks: {found['total']:,}; most often: {most}")
    seconds = sum(summary["seconds"].values())
    lines.append(f"Took {seconds:.1f} s, at most {summary['peak_memory_mib']:,} MiB of memory")
    return lines


def _identified(summary: Mapping[str, Any]) -> list[str]:
    line = summary["line"]
    lines = [
        f"Below the line of {line['value']:,} {line['unit']}: {summary['poor_households']:,} households, "
        f"{summary['poor_persons']:,} persons ({_share(summary['headcount_rate'])}); "
        f"not known for {summary['unknown_households']:,} households",
    ]
    known = [row for row in summary.get("causes", []) if row["share"] is not None]
    causes = sorted(known, key=lambda row: -int(row["households"]))[:3]
    if causes:
        named = ", ".join(f"{row['label']['en']} {_share(row['share'], 0)}" for row in causes)
        lines.append(f"Main causes of poverty: {named}")
    income = summary.get("income")
    if income and income["per_capita_yuan"] is not None:
        lines.append(
            f"Income per person {income['per_capita_yuan']:,.0f} yuan a year: own earnings "
            f"{_share(income['making_share'], 0)}, transfers {_share(income['transfusion_share'], 0)}"
        )
    return lines


def _share(value: float | None, digits: int = 1) -> str:
    """A share in per cent; where nothing is known there is none."""
    return "not known" if value is None else f"{value:.{digits}%}"


def _evaluated(summary: Mapping[str, Any]) -> list[str]:
    lines = []
    for profile, counts in summary["outcomes"].items():
        vetoes = [f"{name} {n:,}" for name, n in summary["vetoes"][profile].items() if n]
        caught = f"; vetoes: {', '.join(vetoes)}" if vetoes else ""
        lines.append(
            f"{profile}: {counts['passed']:,} pass, {counts['failed']:,} fail, "
            f"{counts['not_assessable']:,} not assessable{caught}"
        )
    strict, check, counting = summary["stricter"], summary["exit_check"], summary["stricter_of"]
    told = []
    if len(counting) > 1:
        told.append(f"Stricter of {' and '.join(counting)}: {strict['passed']:,} pass")
    if check["exited_households"]:
        told.append(
            f"{check['exited_failing']:,} of {check['exited_households']:,} marked as exited do not"
            + ("" if told else " pass")
        )
    return [*lines, "; ".join(told)] if told else lines
