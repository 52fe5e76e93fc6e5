"""Values and standard errors agree with R survey, convey and laeken (figures in data/reference.json)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from jingzhun.identify.measures import (
    CONVENTIONS,
    Columns,
    Estimate,
    LonelyPsu,
    MpiSpec,
    NonPositiveRule,
    Options,
    PovertyLine,
    deprivation_flags,
    estimate_measures,
    estimate_mpi,
    income_table,
    mpi_table,
)

from .support import reference, survey

_CLUSTER = Columns(weight="weight", by="region", age="age", strata="stratum", psu="psu")
_LONELY = replace(_CLUSTER, strata="stratum_lonely")
_DESIGNS: dict[str, Columns] = {
    "weights": Columns(weight="weight", by="region", age="age"),
    "cluster": _CLUSTER,
    "strata_only": replace(_CLUSTER, psu="person"),
    "lonely": _LONELY,
    "lonely-adjust": _LONELY,
    "lonely-certainty": replace(_LONELY, lonely=LonelyPsu.CERTAINTY),
    "lonely-average": replace(_LONELY, lonely=LonelyPsu.AVERAGE),
    "missing": _CLUSTER,
    "positive": _CLUSTER,
    "zeros": _CLUSTER,
    "size": replace(_CLUSTER, size="size"),
    "per_capita": replace(_CLUSTER, size="size"),
}
_INCOMES = {"missing": "income_missing", "positive": "income_zero", "zeros": "income_zero"}
_NEAR = 1e-9

Key = tuple[str, str]


def _cases() -> dict[Key, list[list[Any]]]:
    cases: dict[Key, list[list[Any]]] = defaultdict(list)
    for design, group, line, measure, value, se in reference()["income"]:
        cases[design, line].append([group, measure, value, se])
    return cases


@cache
def _estimates(
    design: str, line: str, measures: tuple[str, ...]
) -> dict[tuple[str, Any], Estimate]:
    frame = survey()
    if design in {"size", "per_capita"}:
        frame = frame.unique("household", keep="first", maintain_order=True)
    conventions = CONVENTIONS["convey"]
    if design == "positive":
        conventions = replace(conventions, nonpositive=NonPositiveRule.EXCLUDE)
    table = income_table(
        frame,
        _INCOMES.get(design, "income"),
        _DESIGNS[design],
        per_capita=design == "per_capita",
    )
    options = Options(measures=measures, conventions=conventions)
    result = estimate_measures(table, PovertyLine.parse(line or "2000"), options)
    return {(row.measure, row.by): row for row in result.estimates}


@pytest.mark.parametrize(("design", "line"), sorted(_cases()))
def test_income_measures_agree_with_convey_in_the_total_and_in_every_region(
    design: str, line: str
) -> None:
    cases = _cases()[design, line]
    measures = tuple(sorted({case[1] for case in cases}))

    found = _estimates(design, line, measures)

    for group, measure, value, se in cases:
        row = found[measure, None if group == "*" else group]
        assert row.value == pytest.approx(value, rel=_NEAR), (measure, group)
        assert row.se == pytest.approx(se, rel=_NEAR), (measure, group)


def test_the_reference_covers_every_measure_that_has_one() -> None:
    measures = {case[3] for case in reference()["income"]}

    assert measures >= set(Options().measures)


@pytest.mark.parametrize("conventions", ["default", "laeken"])
def test_relative_measures_and_gini_agree_with_laeken(conventions: str) -> None:
    table = income_table(survey(), "income", _DESIGNS["weights"])
    options = Options(conventions=CONVENTIONS[conventions])
    result = estimate_measures(table, PovertyLine.parse("60% median"), options)
    found = {(row.measure, row.by): row.value for row in result.estimates}

    for measure, group, value in reference()["laeken"]:
        factor = 1 if measure == "qsr" else 100  # laeken gives percentages
        ours = found[measure, None if group == "*" else group]
        assert ours is not None
        assert factor * ours == pytest.approx(value, rel=_NEAR), (measure, group)


_INDEX = MpiSpec.model_validate(
    {
        "cutoff": "1/3",
        "indicators": [
            {"name": name, "column": name, "dimension": dimension}
            for name, dimension in (
                ("d_health", "health"),
                ("d_nutr", "health"),
                ("d_edu", "education"),
                ("d_water_missing", "living"),
                ("d_power", "living"),
                ("d_house", "living"),
            )
        ],
    }
)


@pytest.mark.parametrize("design", ["weights", "cluster"])
def test_the_multidimensional_index_agrees_with_r_survey(design: str) -> None:
    columns = replace(_DESIGNS[design], age=None)
    flags = deprivation_flags(survey(), _INDEX)

    result = estimate_mpi(mpi_table(survey(), columns), flags, _INDEX)

    found = {(row.measure, row.indicator, row.by): row for row in result.estimates}
    cases = [case for case in reference()["mpi"] if case[0] == design]
    assert len(cases) == len(found)
    for _, group, measure, indicator, value, se in cases:
        row = found[measure, indicator, None if group == "*" else group]
        assert row.value == pytest.approx(value, rel=_NEAR), (measure, indicator, group)
        assert row.se == pytest.approx(se, rel=_NEAR), (measure, indicator, group)
