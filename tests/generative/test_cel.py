"""Both evaluators give the same on random expressions and random households, unknown included."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from cel_support import names
from cel_support.evaluators import ToFrame, compiled, interpreted, polars_frame, spark_frames
from cel_support.expressions import expressions
from cel_support.households import coverage, homes, known_better
from celpy.celparser import CELParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingzhun.policy.cel import CelError, Expr, Interpreter, Scope, check, text_of
from jingzhun.policy.cel.interpret import UNKNOWN, evaluated
from jingzhun.policy.cel.tree import Fold, Kind, walk

KINDS = (Kind.BOOL, Kind.BOOL, Kind.BOOL, Kind.INT, Kind.DOUBLE, Kind.STRING, Kind.DATE)
any_kind = st.sampled_from(KINDS)
days = st.sampled_from(names.DAYS)
seeds = st.integers(0, 2**32)
calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def several(number: int, level: str = "household", **options: Any) -> st.SearchStrategy[list[str]]:
    one = any_kind.flatmap(lambda kind: expressions(kind, level=level, **options))
    return st.lists(one, min_size=1, max_size=number)


def checked(texts: Sequence[str], scope: Scope) -> dict[str, Expr]:
    """The expressions that are accepted; those whose whole numbers could overflow are not."""
    found: dict[str, Expr] = {}
    for text in texts:
        try:
            found[f"e{len(found)}"] = check(text, scope)
        except CelError as error:
            if "could become larger" not in error.what:
                raise
    return found


def same(
    texts: Sequence[str], on: date, seed: int, number: int, level: str, to_frame: ToFrame
) -> None:
    scope = names.scope(on, level)
    exprs = checked(texts, scope)
    asked = homes(seed, number, on)
    people = [(home, person) for home in asked for person in home.members]
    whom = people if level == "person" else [(home, None) for home in asked]

    covered = coverage(seed)

    found = compiled(exprs, scope, asked, to_frame, covered=covered)

    assert len(found) == len(whom)
    if to_frame is polars_frame:
        again = compiled(exprs, scope, asked, to_frame, covered=covered, is_sorted=True)
        assert again == found
    for values, (home, person) in zip(found, whom, strict=True):
        expected = interpreted(exprs, home, on, person)
        for name, expr in exprs.items():
            assert (values[name], type(values[name])) == (expected[name], type(expected[name])), (
                f"{text_of(expr)} of {home}, {person}"
            )


@given(texts=several(12), on=days, seed=seeds)
@settings(max_examples=60, deadline=None, suppress_health_check=calm)
def test_rules_about_households_give_the_same_on_both_evaluators(
    texts: list[str], on: date, seed: int
) -> None:
    same(texts, on, seed, 25, "household", polars_frame)


@given(texts=several(8, level="person"), on=days, seed=seeds)
@settings(max_examples=25, deadline=None, suppress_health_check=calm)
def test_rules_about_persons_give_the_same_on_both_evaluators(
    texts: list[str], on: date, seed: int
) -> None:
    same(texts, on, seed, 10, "person", polars_frame)


@pytest.mark.slow
@given(texts=several(20, depth=5), on=days, seed=seeds)
@settings(max_examples=1000, deadline=None, suppress_health_check=calm)
def test_many_larger_rules_give_the_same_on_both_evaluators(
    texts: list[str], on: date, seed: int
) -> None:
    same(texts, on, seed, 40, "household", polars_frame)


@pytest.mark.slow
@given(texts=several(15, level="person", depth=5), on=days, seed=seeds)
@settings(max_examples=300, deadline=None, suppress_health_check=calm)
def test_many_larger_rules_about_persons_give_the_same(
    texts: list[str], on: date, seed: int
) -> None:
    same(texts, on, seed, 15, "person", polars_frame)


@given(text=any_kind.flatmap(expressions))
@settings(max_examples=300, deadline=None, suppress_health_check=calm)
def test_the_text_of_a_tree_reads_as_the_same_tree(text: str) -> None:
    scope = names.scope(names.DAYS[0])
    for expr in checked([text], scope).values():
        assert check(text_of(expr, named=True), scope) == expr


@given(text=any_kind.flatmap(expressions), seed=seeds)
@settings(max_examples=100, deadline=None, suppress_health_check=calm)
def test_the_parser_of_cel_python_reads_the_text_of_a_tree_as_we_do(text: str, seed: int) -> None:
    on = names.DAYS[0]
    for expr in checked([text], names.scope(on)).values():
        if any(isinstance(node, Fold) and node.kind == "sum" for node in walk(expr)):
            continue
        for home in homes(seed, 5, on):
            asked = Interpreter(
                on, home.household, home.members, home.village, home.household["village_code"]
            )
            assert by_their_parser(expr, asked) == value_or_none(asked, expr), text_of(expr)


def value_or_none(asked: Interpreter, expr: Expr) -> Any:
    value = asked.value(expr)
    return None if value is UNKNOWN else value


def by_their_parser(expr: Expr, asked: Interpreter) -> Any:
    """The value when `cel-python` parses the text itself, with fields and parameters by bare name."""
    context = asked.context(expr)
    bare = {**context, **context["household"], **context["dated"]}
    value = evaluated(CELParser().parse(text_of(expr)), bare)
    return None if value is UNKNOWN else value


@given(texts=several(12, with_has=False), on=days, seed=seeds)
@settings(max_examples=60, deadline=None, suppress_health_check=calm)
def test_learning_more_never_turns_a_known_result(texts: list[str], on: date, seed: int) -> None:
    scope = names.scope(on)
    exprs = checked(texts, scope)
    before = homes(seed, 60, on)
    rng = random.Random(seed)  # noqa: S311
    after = [known_better(home, rng, on, n) for n, home in enumerate(before)]

    old = compiled(exprs, scope, before, polars_frame, covered=coverage(seed))
    new = compiled(exprs, scope, after, polars_frame, covered={})

    for one, other in zip(old, new, strict=True):
        for name, value in one.items():
            assert value is None or other[name] == value, text_of(exprs[name])


@pytest.fixture(scope="module")
def spark() -> Iterator[ToFrame]:
    pyspark = pytest.importorskip("pyspark.sql")
    types = pytest.importorskip("pyspark.sql.types")
    builder = pyspark.SparkSession.builder.master("local[2]").appName("jingzhun-generative")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield spark_frames(session, types)
    session.stop()


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("level", ["household", "person"])
def test_rules_give_the_same_on_spark(spark: ToFrame, level: str) -> None:
    @given(texts=several(15, level=level), on=days, seed=seeds)
    @settings(max_examples=25, deadline=None, suppress_health_check=calm, derandomize=True)
    def held(texts: list[str], on: date, seed: int) -> None:
        same(texts, on, seed, 15, level, spark)

    held()
