"""Strata, sampling units, degrees of freedom, and confidence intervals."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from jingzhun.errors import UserError
from jingzhun.identify.measures import Columns, LonelyPsu, Replicates, survey_design
from jingzhun.identify.measures.student import t_critical

from .support import measured, survey, totals

_CLUSTER = Columns(weight="weight", strata="stratum", psu="psu")


def test_sampling_unit_codes_may_repeat_across_strata() -> None:
    design = survey_design(4, strata=np.array([1, 1, 2, 2]), psu=np.array([1, 2, 1, 2]))

    assert (design.n_psus, design.n_strata, design.degrees_of_freedom) == (4, 2, 2)


def test_without_design_every_row_is_its_own_unit() -> None:
    design = survey_design(5)

    assert (design.n_psus, design.n_strata, design.degrees_of_freedom) == (5, 1, 4)


def test_lonely_units_can_be_refused() -> None:
    with pytest.raises(UserError, match="single primary sampling unit"):
        survey_design(3, strata=np.array([1, 1, 2]), lonely=LonelyPsu.FAIL)


def test_a_lonely_unit_counts_by_default_and_not_under_certainty() -> None:
    frame = pl.DataFrame({"income": [1.0, 2, 3, 50], "area": [1, 1, 1, 2]})

    def se(rule: LonelyPsu) -> float:
        found = totals(measured(frame, columns=Columns(strata="area", lonely=rule)))["mean"].se
        assert found is not None
        return found

    assert se(LonelyPsu.ADJUST) > se(LonelyPsu.AVERAGE) > se(LonelyPsu.CERTAINTY)


def test_the_design_is_described_in_the_result() -> None:
    result = measured(survey(), "2000", columns=_CLUSTER).as_json()

    assert result["design"] == {
        "strata": 5,
        "psus": 25,
        "df": 20,
        "lonely_psus": 0,
        "lonely_psu_rule": "adjust",
        "rows_are_psus": False,
    }


@pytest.mark.parametrize(
    ("df", "expected"),  # R: qt(0.975, df)
    [
        (1, 12.70620473617469),
        (2, 4.302652729749462),
        (5, 2.570581835636314),
        (20, 2.085963447265865),
        (100, 1.983971518523552),
        (14818, 1.96012409128318),
        (3_000_000, 1.959964775297444),
    ],
)
def test_critical_values_of_t_agree_with_r(df: int, expected: float) -> None:
    assert t_critical(0.95, df) == pytest.approx(expected, rel=1e-12)


def test_the_bootstrap_comes_near_the_linearised_standard_errors() -> None:
    names = ("fgt0", "fgt1", "gini", "mean", "theil", "sst")
    linear = totals(measured(survey(), "2000", columns=_CLUSTER, measures=names))

    boot = totals(
        measured(
            survey(),
            "2000",
            columns=_CLUSTER,
            measures=names,
            bootstrap=Replicates(number=400, seed=7),
        )
    )

    for name in names:
        assert boot[name].value == linear[name].value
        assert boot[name].se == pytest.approx(linear[name].se, rel=0.15)


def test_the_bootstrap_repeats_itself_with_the_same_seed() -> None:
    def run(seed: int) -> list[float | None]:
        result = measured(
            survey(),
            "2000",
            columns=_CLUSTER,
            measures=("gini", "arpr"),
            bootstrap=Replicates(number=20, seed=seed),
        )
        return [row.se for row in result.estimates]

    assert run(3) == run(3)
    assert run(3) != run(4)
