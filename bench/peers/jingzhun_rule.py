"""The rule by Jingzhun: out of the pack, through the compiler, group of counties by group of counties."""

from __future__ import annotations

from typing import Any, TypeAlias

import narwhals as nw

from bench import data
from bench.data import PERIOD, PROFILE
from bench.peers import rule
from bench.peers.rule import Totals
from jingzhun.evaluate import counting
from jingzhun.evaluate.households import HouseholdEvaluation
from jingzhun.frames.workspace import Workspace
from jingzhun.run import inputs, stages

Part: TypeAlias = tuple[nw.LazyFrame[Any], nw.LazyFrame[Any] | None]


def lazily(ws: Workspace) -> list[Part]:
    """The columns of each group of counties, read when they are asked for."""
    job = data.evaluation(values=False)
    return [
        (
            inputs.households(ws, PERIOD, counties, job.household_columns),
            inputs.persons(ws, PERIOD, counties, job.person_columns),
        )
        for counties in ws.chunks(PERIOD, households=stages.EVALUATED_TOGETHER)
    ]


def load(ws: Workspace) -> list[Part]:
    """The columns that are needed, in memory."""
    of_households, of_persons = data.needed_columns(data.evaluation(values=False))
    kept = dict.fromkeys(["persons_year_end", *of_households])
    return [
        (
            inputs.households(ws, PERIOD, counties, list(kept)).collect().lazy(),
            inputs.persons(ws, PERIOD, counties, of_persons).collect().lazy(),  # type: ignore[union-attr]
        )
        for counties in ws.chunks(PERIOD, households=stages.EVALUATED_TOGETHER)
    ]


def compute(job: HouseholdEvaluation, parts: list[Part]) -> Totals:
    found: dict[str, dict[str, int]] = {}
    cells = [job.cells(job.answered(homes, people, None, keep=[])) for homes, people in parts]
    judged = job.judged_cells(nw.concat(cells))
    for county, counts in counting.totals(judged, job.sticks).items():
        own = {" ".join(word for word in key if word != PROFILE): n for key, n in counts.items()}
        found[county] = {name.removeprefix("outcome "): n for name, n in own.items()}
    return rule.as_totals(found)
