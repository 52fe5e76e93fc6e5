"""The evaluation on Spark: the same HouseholdEvaluation over all counties in one go.

What is computed row by row, counted and written is done by the cluster; only counts and one row of facts
per village come back. Villages and counties are then judged here, as they are without a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import narwhals as nw

from jingzhun.evaluate.households import HouseholdEvaluation
from jingzhun.frames import spark
from jingzhun.frames.results import ResultFolder
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import Pack
from jingzhun.run import stages
from jingzhun.run.progress import Progress, silent


def evaluate_on_spark(
    ws: Workspace,
    pack: Pack,
    *,
    on: date,
    period: int,
    profiles: Sequence[str],
    engine: str,
    out: ResultFolder,
    progress: Progress = silent,
) -> stages.Evaluated:
    """Judge households on Spark, then villages and counties; the same tables as `stages.evaluate`.

    `engine`: `spark-local` or `spark://host:port`. EngineError when Spark can't be used there.
    """
    evaluation = HouseholdEvaluation(pack, profiles, on, local=False)
    done = stages.Evaluated(evaluation)
    steps = _Steps(progress, len(profiles) + 2)
    with _judged(ws, evaluation, period, engine) as rows:
        facts = _count(rows, evaluation, done)
        steps.next()
        for number, stick in enumerate(evaluation.sticks):
            table = evaluation.table(number, rows)
            spark.write_by_county(out, f"evaluation/{stick.id}", table, order=["household_id"])
            steps.next()
    if len(facts):
        stages.judge_areas(ws, pack, on, period, facts, done, out)
    steps.next()
    return done


@contextmanager
def _judged(
    ws: Workspace, evaluation: HouseholdEvaluation, period: int, engine: str
) -> Iterator[nw.LazyFrame[Any]]:
    """One row per household of the whole workspace, kept on the cluster."""
    wanted = {
        "households": evaluation.household_columns,
        "persons": evaluation.person_columns,
        "villages": evaluation.village_columns,
    }
    with spark.session(engine) as running:
        frames = {
            table: spark.scan(running, ws, table, period=period, columns=columns)
            for table, columns in wanted.items()
            if columns
        }
        answered = evaluation.answered(
            frames["households"], frames.get("persons"), frames.get("villages")
        )
        with spark.kept(evaluation.judged(answered)) as rows:
            yield rows


def _count(
    rows: nw.LazyFrame[Any], evaluation: HouseholdEvaluation, done: stages.Evaluated
) -> nw.DataFrame[Any]:
    """Counts by county and township into `done`; returned are the facts of the villages."""
    counted = evaluation.counted([evaluation.cells(rows)])
    done.by_county.update(counted.counts)
    done.townships.update(counted.townships)
    return counted.villages


class _Steps:
    """Tells how many steps of the evaluation are done; Spark itself knows no counties."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0
        progress("evaluate", 0, total)

    def next(self) -> None:
        """One step more is done."""
        self.done += 1
        self.progress("evaluate", self.done, self.total)
