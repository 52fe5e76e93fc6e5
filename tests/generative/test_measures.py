"""Measures against slow definitions that are obviously right, and against what must not change them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jingzhun.identify.measures import (
    CONVENTIONS,
    Conventions,
    Incomes,
    Linearised,
    Measure,
    QuantileRule,
    Settings,
    measure_named,
    survey_design,
)
from jingzhun.identify.measures.design import DomainDesign, SharedInfluence, variance_of

SMOOTH = (
    *("fgt0", "fgt1", "fgt2", "watts", "sen", "sst", "igr", "gini", "theil", "mld", "atkinson"),
    *("mean", "ge(2)", "ge(-1)", "atkinson(0.5)", "atkinson(2)", "fgt(3)"),
)
RELATIVE = ("fgt0", "fgt1", "fgt2", "watts", "sen", "sst", "igr", "gini", "theil", "mld")
LINE = 10.0
NEAR = 1e-9

Pair = tuple[float, float]

amounts = st.floats(0.5, 60, allow_nan=False).map(lambda y: round(y, 3))
weights = st.floats(0.2, 9, allow_nan=False).map(lambda w: round(w, 3))
samples = st.lists(st.tuples(amounts, weights), min_size=2, max_size=25)
quick = settings(max_examples=60, deadline=None)


def incomes_of(pairs: list[Pair]) -> Incomes:
    y, w = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    return Incomes.of(y, w)


def value(name: str, pairs: list[Pair], line: float = LINE, conventions: str = "default") -> float:
    chosen = Settings(line=line, risk_line=line, conventions=CONVENTIONS[conventions])
    return measure_named(name).value(incomes_of(pairs), chosen)


def has_poor(pairs: list[Pair], line: float = LINE) -> bool:
    return any(y < line for y, _ in pairs)


# -- slow definitions ---------------------------------------------------------------------------


def mean_of(pairs: list[Pair], score: Callable[[float], float]) -> float:
    return sum(w * score(y) for y, w in pairs) / sum(w for _, w in pairs)


def slow_gini(pairs: list[Pair]) -> float:
    size, mu = sum(w for _, w in pairs), mean_of(pairs, lambda y: y)
    spread = sum(v * w * abs(x - y) for x, v in pairs for y, w in pairs)
    return spread / (2 * size**2 * mu) if mu else 0.0


def slow_sen(pairs: list[Pair]) -> float:
    poor = [(y, w) for y, w in pairs if y < LINE]
    if not poor:
        return 0.0
    headcount = mean_of(pairs, lambda y: float(y < LINE))
    gap = mean_of(pairs, gap_of)
    return headcount * slow_gini(poor) + gap * (1 - slow_gini(poor))


def gap_of(y: float) -> float:
    return max(0.0, 1 - y / LINE)


SLOW: dict[str, Callable[[list[Pair]], float]] = {
    "fgt0": lambda p: mean_of(p, lambda y: float(y < LINE)),
    "fgt1": lambda p: mean_of(p, gap_of),
    "fgt2": lambda p: mean_of(p, lambda y: gap_of(y) ** 2),
    "watts": lambda p: mean_of(p, lambda y: max(0.0, math.log(LINE / y))),
    "gini": slow_gini,
    "sen": slow_sen,
    "sst": lambda p: mean_of(p, gap_of) * (1 + slow_gini([(gap_of(y), w) for y, w in p])),
    "theil": lambda p: mean_of(
        p, lambda y: y / mean_of(p, float) * math.log(y / mean_of(p, float))
    ),
    "mld": lambda p: mean_of(p, lambda y: -math.log(y / mean_of(p, float))),
    "atkinson": lambda p: 1 - math.exp(mean_of(p, math.log)) / mean_of(p, float),
    "mean": lambda p: mean_of(p, float),
}


@pytest.mark.parametrize("name", sorted(SLOW))
@quick
@given(pairs=samples)
def test_values_equal_the_slow_definition(name: str, pairs: list[Pair]) -> None:
    assert value(name, pairs) == pytest.approx(SLOW[name](pairs), rel=NEAR, abs=1e-12)


@quick
@given(pairs=samples, p=st.floats(0.01, 0.99))
def test_a_quantile_is_the_smallest_income_below_which_the_share_lives(
    pairs: list[Pair], p: float
) -> None:
    incomes = incomes_of(pairs)
    total = sum(w for _, w in pairs)
    shares = {y: sum(w for x, w in pairs if x <= y) / total for y, _ in pairs}
    assume(all(abs(share - p) > 1e-9 for share in shares.values()))

    expected = min(y for y, share in shares.items() if share >= p)

    for rule in QuantileRule:
        assert incomes.quantile(p, rule) == expected


# -- what must not change a measure ----------------------------------------------------------------


@pytest.mark.parametrize("name", [*RELATIVE, "qsr", "atkinson", "rmpg", "arpr"])
@quick
@given(pairs=samples, factor=st.sampled_from([0.01, 0.5, 3.0, 1000.0]))
def test_a_change_of_currency_changes_nothing(name: str, pairs: list[Pair], factor: float) -> None:
    assume(has_poor(pairs) and all(abs(y - LINE) > 1e-6 for y, _ in pairs))
    converted = [(y * factor, w) for y, w in pairs]

    assert value(name, converted, LINE * factor) == pytest.approx(
        value(name, pairs), rel=1e-7, abs=1e-12
    )


@pytest.mark.parametrize("name", [*RELATIVE, "qsr", "atkinson", "median", "mean"])
@quick
@given(pairs=st.lists(st.tuples(amounts, st.integers(1, 4)), min_size=2, max_size=12))
def test_a_weight_is_as_many_persons(name: str, pairs: list[tuple[float, int]]) -> None:
    assume(has_poor([(y, float(w)) for y, w in pairs]))
    persons = [(y, 1.0) for y, w in pairs for _ in range(w)]

    weighted = value(name, [(y, float(w)) for y, w in pairs])

    assert weighted == pytest.approx(value(name, persons), rel=NEAR, abs=1e-12)


@pytest.mark.parametrize("name", [*RELATIVE, "qsr", "atkinson", "median"])
@quick
@given(pairs=samples, factor=st.sampled_from([1e-6, 0.25, 1e5]))
def test_the_scale_of_the_weights_changes_nothing(
    name: str, pairs: list[Pair], factor: float
) -> None:
    assume(has_poor(pairs))

    scaled = value(name, [(y, w * factor) for y, w in pairs])

    assert scaled == pytest.approx(value(name, pairs), rel=1e-7, abs=1e-12)


@quick
@given(pairs=samples)
def test_the_gini_of_convey_is_the_plug_in_one_when_weights_are_one(pairs: list[Pair]) -> None:
    even = [(y, 1.0) for y, _ in pairs]

    assert value("gini", even, conventions="convey") == pytest.approx(
        value("gini", even), abs=1e-12
    )


# -- linearisation ---------------------------------------------------------------------------------


def derivative(measure: Measure, incomes: Incomes, chosen: Settings, unit: int) -> float:
    """Numerical derivative of the value by the weight of one unit (Gateaux)."""
    step = 1e-6 * incomes.w[unit]

    def moved(by: float) -> float:
        w = incomes.w.copy()
        w[unit] += by
        return measure.value(Incomes(incomes.y, w), chosen)

    return float((moved(step) - moved(-step)) / (2 * step))


@pytest.mark.parametrize("conventions", ["default", "convey"])
@pytest.mark.parametrize("name", SMOOTH)
@settings(max_examples=15, deadline=None)
@given(pairs=samples)
def test_the_influence_is_the_derivative_by_the_weight(
    name: str, conventions: str, pairs: list[Pair]
) -> None:
    assume(has_poor(pairs))
    measure, incomes = measure_named(name), incomes_of(pairs)
    chosen = Settings(line=LINE, conventions=CONVENTIONS[conventions])

    influence = measure.linearise(incomes, chosen).influence

    for unit in range(len(pairs)):
        expected = derivative(measure, incomes, chosen, unit)
        assert influence[unit] == pytest.approx(expected, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("name", ["fgt1", "fgt2", "watts", "sst", "fgt(3)"])
@quick
@given(pairs=samples)
def test_the_slope_is_the_derivative_by_the_line(name: str, pairs: list[Pair]) -> None:
    assume(has_poor(pairs) and all(abs(y - LINE) > 1e-3 for y, _ in pairs))
    measure, incomes, step = measure_named(name), incomes_of(pairs), 1e-5

    slope = measure.linearise(incomes, Settings(line=LINE)).slope

    up = measure.value(incomes, Settings(line=LINE + step))
    down = measure.value(incomes, Settings(line=LINE - step))
    assert slope == pytest.approx((up - down) / (2 * step), rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("name", ["fgt0", "igr", "sen"])
def test_the_slope_of_counts_is_the_derivative_in_a_large_smooth_sample(name: str) -> None:
    # A count jumps from income to income; its slope is that of the smoothed distribution.
    rng = np.random.default_rng(20)
    incomes = Incomes.of(rng.lognormal(2.5, 0.6, 400_000), np.ones(400_000))
    measure, step = measure_named(name), 0.4

    slope = measure.linearise(incomes, Settings(line=LINE)).slope

    up = measure.value(incomes, Settings(line=LINE + step))
    down = measure.value(incomes, Settings(line=LINE - step))
    assert slope == pytest.approx((up - down) / (2 * step), rel=0.02)


@pytest.mark.parametrize(
    "name", [*RELATIVE, "atkinson", "qsr", "median", "mean", "arpt", "lorenz(0.3)"]
)
def test_standard_errors_come_near_the_spread_over_repeated_samples(name: str) -> None:
    rng = np.random.default_rng(31)
    measure, chosen = measure_named(name), Settings(line=LINE)
    size = 1500
    values, errors = [], []
    for _ in range(150):
        incomes = Incomes.of(rng.lognormal(2.5, 0.6, size), np.ones(size))
        found = measure.linearise(incomes, chosen)
        values.append(found.value)
        errors.append(_standard_error(incomes, found))

    assert np.mean(errors) == pytest.approx(np.std(values, ddof=1), rel=0.2)


def _standard_error(incomes: Incomes, found: Linearised) -> float:
    part = survey_design(len(incomes.y)).restricted_to(np.arange(len(incomes.y)))
    return math.sqrt(variance_of(part, incomes.w * found.influence))


# -- design ----------------------------------------------------------------------------------------


def slow_variance(z: list[float], strata: list[int], psus: list[int]) -> float:
    """Between PSU totals within strata, written out; a lonely PSU counts its square."""
    variance = 0.0
    for stratum in set(strata):
        totals: dict[int, float] = {}
        for value_, s, psu in zip(z, strata, psus, strict=True):
            if s == stratum:
                totals[psu] = totals.get(psu, 0.0) + value_
        n = len(totals)
        mean = sum(totals.values()) / n if n > 1 else 0.0
        factor = n / (n - 1) if n > 1 else 1.0
        variance += factor * sum((total - mean) ** 2 for total in totals.values())
    return variance


rows = st.lists(
    st.tuples(
        st.floats(-5, 5), st.floats(-5, 5), st.integers(0, 3), st.integers(0, 3), st.booleans()
    ),
    min_size=1,
    max_size=40,
)


@quick
@given(table=rows, slope=st.floats(-3, 3))
def test_domains_count_units_outside_as_zero_and_lean_on_the_whole_sample(
    table: list[tuple[float, float, int, int, bool]], slope: float
) -> None:
    own, shared, strata, psus, inside = (list(column) for column in zip(*table, strict=True))
    design = survey_design(len(table), strata=np.array(strata), psu=np.array(psus))
    chosen = np.flatnonzero(inside)
    domain = design.restricted_to(chosen)
    whole = DomainDesign.of(design, np.arange(len(table)))

    found = variance_of(
        domain, np.array(own)[chosen], [(slope, SharedInfluence.of(whole, np.array(shared)))]
    )

    z = [o * i + slope * s for o, s, i in zip(own, shared, inside, strict=True)]
    assert found == pytest.approx(slow_variance(z, strata, psus), rel=1e-9, abs=1e-9)


@quick
@given(table=rows)
def test_rows_that_are_their_own_units_give_the_variance_of_simple_random_sampling(
    table: list[tuple[float, float, int, int, bool]],
) -> None:
    z = np.array([row[0] for row in table])
    assume(len(z) > 1)
    part = survey_design(len(z)).restricted_to(np.arange(len(z)))

    expected = slow_variance(z.tolist(), [0] * len(z), list(range(len(z))))
    assert variance_of(part, z) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_conventions_differ_in_one_choice_at_a_time() -> None:
    default = CONVENTIONS["default"]

    assert replace(CONVENTIONS["laeken"], quantile=QuantileRule.LOWER) == default
    assert isinstance(default, Conventions)
