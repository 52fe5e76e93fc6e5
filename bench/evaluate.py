"""The paper's profile over 0.3, 3 and 30 million households, against reading the same columns.

    python -m bench.evaluate                    # all sizes; makes the registers first
    python -m bench.evaluate --millions 0.3

Jobs: `read` collects the columns that totals need, in the same loop over the same groups of counties;
`totals` judges every household and keeps counts by county; `rows` is the evaluation of the command line
(`jingzhun evaluate`): one result row per household with score, every indicator, vetoes and what is
missing, written as Parquet, and villages and counties after that. Rules come through pack and compiler;
the pack is read before the clock starts.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import narwhals as nw

from bench import data, measuring, results
from bench.data import ON, PERIOD, PROFILE
from jingzhun.evaluate import counting
from jingzhun.evaluate.counting import Counts
from jingzhun.evaluate.households import HouseholdEvaluation
from jingzhun.frames.results import result_folder
from jingzhun.frames.workspace import Workspace
from jingzhun.run import inputs, stages
from jingzhun.run.progress import silent

SIZES = tuple(data.COPIES)
REPEAT = 3
GOALS = {"totals": 2.0, "rows": 5.0}
GOAL_MIB = 1024


def read(ws: Workspace, job: HouseholdEvaluation) -> dict[str, int]:
    """Collect the needed columns, group of counties by group of counties."""
    of_households, of_persons = data.needed_columns(job)
    rows: Counter[str] = Counter()
    for counties in ws.chunks(PERIOD, households=stages.EVALUATED_TOGETHER):
        households = inputs.households(ws, PERIOD, counties, of_households).collect()
        persons = inputs.persons(ws, PERIOD, counties, of_persons)
        assert persons is not None
        rows["households"] += len(households)
        rows["persons"] += len(persons.collect())
    return dict(rows)


def totals(ws: Workspace, job: HouseholdEvaluation) -> dict[str, int]:
    """Judge everybody, keep counts by county; returned are those of the province."""
    cells = []
    for counties in ws.chunks(PERIOD, households=stages.EVALUATED_TOGETHER):
        rows = job.answered(
            inputs.households(ws, PERIOD, counties, job.count_columns),
            inputs.persons(ws, PERIOD, counties, job.person_columns),
            inputs.villages(ws, PERIOD, counties, job.village_columns),
            keep=[],
        )
        cells.append(job.cells(rows))
    province: Counts = Counter()
    judged = job.judged_cells(nw.concat(cells))
    for counts in counting.totals(judged, job.sticks).values():
        province.update(counts)
    return told(province)


def rows(ws: Workspace, job: HouseholdEvaluation) -> dict[str, int]:
    """The evaluation of the command line, with its result tables."""
    with tempfile.TemporaryDirectory(dir=data.FOLDER) as scratch:
        with result_folder(Path(scratch) / "results") as folder:
            done = stages.evaluate(ws, job.pack, ON, PERIOD, [PROFILE], folder, silent)
        province: Counts = Counter()
        for counts in done.by_county.values():
            province.update(counts)
        return told(province)


def told(counts: Counts) -> dict[str, int]:
    """Counts that both ways of evaluating give, with their keys as text."""
    return {" ".join(key): n for key, n in sorted(counts.items()) if key[0] != "score"}


JOBS: dict[str, Callable[[Workspace, HouseholdEvaluation], dict[str, int]]] = {
    "read": read,
    "totals": totals,
    "rows": rows,
}


def compared(millions: float) -> dict[str, Any]:
    """All jobs on one register, each in a process of its own."""
    data.register(millions)
    size = data.described(millions)
    found = {
        job: measuring.child("bench.evaluate", "--job", job, "--millions", millions) for job in JOBS
    }
    assert found["totals"]["result"] == found["rows"]["result"], "the two ways differ"
    reading = found["read"]["best"]
    return {
        "millions": millions,
        **{key: size[key] for key in ("households", "persons", "bytes", "copies")},
        "jobs": {
            job: {**one, "ratio": round(one["best"] / reading, 2)} for job, one in found.items()
        },
    }


def scaled(sizes: list[dict[str, Any]]) -> None:
    """Every count must be as many times the smallest register's as that was laid down."""
    first = sizes[0]
    for other in sizes[1:]:
        times = other["copies"] / first["copies"]
        expected = {key: n * times for key, n in first["jobs"]["totals"]["result"].items()}
        assert other["jobs"]["totals"]["result"] == expected, "counts do not scale"


def shown(sizes: list[dict[str, Any]]) -> str:
    """The table that is printed."""
    lines = []
    for size in sizes:
        for job, one in size["jobs"].items():
            per_million = one["best"] / size["households"] * 1e6
            cells = (f"{one['best']:.2f}", f"{one['ratio']:.2f}", f"{per_million:.3f}")
            lines.append((f"{size['millions']:g} M  {job}", *cells, one["peak_mib"]))
    return measuring.table(["register, job", "s", "x read", "s per M", "peak MiB"], lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--job", choices=list(JOBS))
    given = parser.parse_args()
    if given.job:
        ws, job = data.register(given.millions[0]), data.evaluation(values=False)
        measuring.told(measuring.measured(lambda: JOBS[given.job](ws, job), repeat=REPEAT))
        return
    sizes = [compared(millions) for millions in sorted(given.millions)]
    scaled(sizes)
    print(shown(sizes))
    results.write("evaluate", "python -m bench.evaluate", {"sizes": sizes, "goals": GOALS})


if __name__ == "__main__":
    main()
