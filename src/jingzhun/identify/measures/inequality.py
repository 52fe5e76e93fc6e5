"""Inequality measures: Gini, generalised entropy (Theil, MLD), Atkinson, quintile share ratio.

Notation as in `poverty`; Y = sum w y, mu = Y / N. References: Gini and quintile share ratio in
Osier (2009), Survey Research Methods 3, and Langel & Tille (2013), JRSS A 176; generalised entropy
and Atkinson in Biewen & Jenkins (2006), Oxford Bulletin 68; R packages laeken and convey.
"""

from __future__ import annotations

import numpy as np

from jingzhun.identify.measures.conventions import GiniRule, NonPositiveRule
from jingzhun.identify.measures.design import Floats
from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.linearised import Linearised, Settings


def gini(incomes: Incomes, settings: Settings) -> float:
    """Gini coefficient as a fraction: mean absolute difference over twice the mean.

    Plug-in: (2 sum w y r - sum w^2 y) / (N Y) - 1 with r the cumulative weight, own included; this
    is laeken's (divided by 100) and PIP's. Negative incomes are allowed and can lift it above 1.
    """
    _need_positive_total(incomes)
    pairs = 2 * float((incomes.w * incomes.y) @ incomes.rank)
    convey = settings.conventions.gini is GiniRule.CONVEY
    own = incomes.total if convey else float(incomes.w**2 @ incomes.y)
    return (pairs - own) / (incomes.size * incomes.total) - 1


def linearise_gini(incomes: Incomes, settings: Settings) -> Linearised:
    """Gini with the exact derivative of the chosen estimator (convey `svygini` for its own)."""
    value = gini(incomes, settings)
    pairs = 2 * (incomes.total - incomes.cumulated + incomes.rank * incomes.y)
    if settings.conventions.gini is GiniRule.CONVEY:
        pairs += 2 * incomes.w * incomes.y - incomes.y
    influence = pairs / (incomes.size * incomes.total)
    influence -= (value + 1) * (1 / incomes.size + incomes.y / incomes.total)
    return Linearised(value, influence)


def gini_influence_at(incomes: Incomes, value: float, y: float) -> float:
    """d Gini / d weight of a new unit with income `y`, at least as rich as all others."""
    return 2 * y / incomes.total - (value + 1) * (1 / incomes.size + y / incomes.total)


def generalised_entropy(incomes: Incomes, settings: Settings, theta: float) -> float:
    """GE(theta): mean of ((y / mu)^theta - 1) / (theta^2 - theta); theta 1 Theil, 0 MLD.

    Needs positive incomes. MLD under the convention `pip`: log(mu / max(y, ..)) with incomes of
    zero or less set to 1 after the mean is taken, as wbpip does.
    """
    return float(incomes.w @ _entropy_scores(incomes, settings, theta)) / incomes.size


def linearise_generalised_entropy(incomes: Incomes, settings: Settings, theta: float) -> Linearised:
    """GE(theta) as convey `svygei`: (score - value) / N plus the effect of the mean."""
    value = generalised_entropy(incomes, settings, theta)
    scores = _entropy_scores(incomes, settings, theta)
    mean, n = incomes.mean, incomes.size
    if theta == 0:
        by_mean = 1 / mean
    elif theta == 1:
        by_mean = -(value + 1) / mean
    else:
        by_mean = -((theta**2 - theta) * value + 1) / (mean * (theta - 1))
    influence = (scores - value) / n + by_mean * (incomes.y - mean) / n
    return Linearised(value, influence)


def atkinson(incomes: Incomes, _settings: Settings, epsilon: float) -> float:
    """Atkinson: 1 - (equally distributed equivalent income) / mean, aversion `epsilon` > 0."""
    _need_positive(incomes)
    return 1 - _equivalent(incomes, epsilon) / incomes.mean


def linearise_atkinson(incomes: Incomes, settings: Settings, epsilon: float) -> Linearised:
    """Atkinson as convey `svyatk`, by the derivative of the equivalent income."""
    value = atkinson(incomes, settings, epsilon)
    mean, n = incomes.mean, incomes.size
    equivalent = _equivalent(incomes, epsilon)
    if epsilon == 1:
        logs = np.log(incomes.y)
        moved = equivalent * (logs - float(incomes.w @ logs) / n) / n
    else:
        power = (incomes.y / equivalent) ** (1 - epsilon)
        moved = equivalent * (power - 1) / ((1 - epsilon) * n)
    influence = -moved / mean + equivalent / mean * (incomes.y / mean - 1) / n
    return Linearised(value, influence)


def quintile_share_ratio(incomes: Incomes, settings: Settings) -> float:
    """S80/S20: income of those above the 80 % quantile over income of those up to the 20 % one."""
    bottom, top = _fifths(incomes, settings)
    return top / bottom


def linearise_quintile_share_ratio(incomes: Incomes, settings: Settings) -> Linearised:
    """S80/S20 as convey `svyqsr`: both sums linearised with the effect of their quantile."""
    bottom, top = _fifths(incomes, settings)
    low = _linearise_sum_up_to(incomes, settings, 0.2)
    high = incomes.y - _linearise_sum_up_to(incomes, settings, 0.8)
    return Linearised(top / bottom, (high - top / bottom * low) / bottom)


def _fifths(incomes: Incomes, settings: Settings) -> tuple[float, float]:
    rule = settings.conventions.quantile
    low = incomes.up_to(incomes.quantile(0.2, rule))
    high = incomes.up_to(incomes.quantile(0.8, rule))
    weighted = incomes.w * incomes.y
    bottom, top = float(weighted[:low].sum()), float(weighted[high:].sum())
    if bottom <= 0:
        raise UndefinedMeasureError("bottom_without_income")
    return bottom, top


def _linearise_sum_up_to(incomes: Incomes, settings: Settings, p: float) -> Floats:
    """Influence of the total income of those up to the p-quantile."""
    quantile = incomes.quantile(p, settings.conventions.quantile)
    within = np.arange(len(incomes.y)) < incomes.up_to(quantile)
    by_quantile = incomes.income_density(quantile)
    of_quantile = -(within - p) / (incomes.size * incomes.density(quantile))
    influence: Floats = np.where(within, incomes.y, 0.0) + by_quantile * of_quantile
    return influence


def _entropy_scores(incomes: Incomes, settings: Settings, theta: float) -> Floats:
    y = incomes.y
    if not incomes.all_positive:
        if settings.conventions.nonpositive is not NonPositiveRule.PIP or theta != 0:
            raise UndefinedMeasureError("not_positive")
        _need_positive_total(incomes)
        y = np.where(y <= 0, 1.0, y)
    if len(y) == 0:
        raise UndefinedMeasureError("nobody")
    share: Floats = y / incomes.mean
    if theta == 0:
        return -np.log(share)
    if theta == 1:
        return share * np.log(share)
    scores: Floats = (share**theta - 1) / (theta**2 - theta)
    return scores


def _equivalent(incomes: Incomes, epsilon: float) -> float:
    """Equally distributed equivalent income; incomes are scaled by the mean against overflow."""
    mean = incomes.mean
    share = incomes.y / mean
    if epsilon == 1:
        return mean * float(np.exp(incomes.w @ np.log(share) / incomes.size))
    power = float(incomes.w @ share ** (1 - epsilon)) / incomes.size
    return mean * float(np.power(power, 1 / (1 - epsilon)))


def _need_positive(incomes: Incomes) -> None:
    if len(incomes.y) == 0:
        raise UndefinedMeasureError("nobody")
    if not incomes.all_positive:
        raise UndefinedMeasureError("not_positive")


def _need_positive_total(incomes: Incomes) -> None:
    if len(incomes.y) == 0:
        raise UndefinedMeasureError("nobody")
    if incomes.total <= 0:
        raise UndefinedMeasureError("no_income")
