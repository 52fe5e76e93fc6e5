from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from .spark_frames import session, spark_frame
from .support import Judge, ToFrame, judge, judge_constants, polars_frame, read_records


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    started = session()
    yield started
    started.stop()


class Bench:
    """Tables and texts, held to on one engine and by the interpreter."""

    def __init__(self, to_frame: ToFrame) -> None:
        self.to_frame = to_frame

    def __call__(
        self,
        expressions: str | Mapping[str, str],
        table: str,
        *,
        members: str = "",
        level: str = "household",
        records: Mapping[str, str] | None = None,
        covered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        linked = read_records(records, covered)
        judge(self.to_frame, expressions, table, members, level, linked)

    def constants(self, cases: Mapping[str, Any]) -> None:
        judge_constants(self.to_frame, cases)


@pytest.fixture(
    name="judge",
    params=[
        "polars",
        pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.filterwarnings("ignore")]),
    ],
)
def judge_fixture(request: pytest.FixtureRequest) -> Judge:
    """Both evaluators on one engine, held to a table."""
    to_frame: ToFrame = polars_frame
    if request.param == "spark":
        pytest.importorskip("pyspark")
        to_frame = spark_frame(request.getfixturevalue("spark"))

    return Bench(to_frame)
