"""Mean, quantiles, Lorenz points, and the ratio of the medians of old and young."""

from __future__ import annotations

import numpy as np

from jingzhun.identify.measures.design import Floats
from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.linearised import Linearised, Settings


def mean(incomes: Incomes, _settings: Settings) -> float:
    """Weighted mean income."""
    if len(incomes.y) == 0:
        raise UndefinedMeasureError("nobody")
    return incomes.mean


def linearise_mean(incomes: Incomes, settings: Settings) -> Linearised:
    """Mean as a ratio of two totals: (y - mean) / N."""
    value = mean(incomes, settings)
    return Linearised(value, (incomes.y - value) / incomes.size)


def quantile(incomes: Incomes, settings: Settings, p: float) -> float:
    """Weighted p-quantile, 0 < p < 1; p = 0.5 is the median."""
    return incomes.quantile(p, settings.conventions.quantile)


def linearise_quantile(incomes: Incomes, settings: Settings, p: float) -> Linearised:
    """Quantile as convey `svyiqalpha`: -(1[y <= Q] - p) / (N f(Q)), f by a Gaussian kernel."""
    value = quantile(incomes, settings, p)
    return Linearised(value, quantile_influence(incomes, value, p, incomes.bandwidth))


def quantile_influence(incomes: Incomes, value: float, p: float, bandwidth: float) -> Floats:
    """Influence of the p-quantile with this `value`, the density taken with `bandwidth`."""
    within = np.arange(len(incomes.y)) < incomes.up_to(value)
    indicator = within.astype(np.float64)
    influence: Floats = -(indicator - p) / (incomes.size * incomes.density(value, bandwidth))
    return influence


def lorenz(incomes: Incomes, _settings: Settings, p: float) -> float:
    """Share of total income that the poorest share `p` of the population holds (0 <= p <= 1).

    Within the unit at the border the income counts in proportion (linear Lorenz curve).
    """
    if len(incomes.y) == 0:
        raise UndefinedMeasureError("nobody")
    if incomes.total <= 0:
        raise UndefinedMeasureError("no_income")
    counted = np.clip((p * incomes.size - (incomes.rank - incomes.w)) / incomes.w, 0.0, 1.0)
    return float((incomes.w * incomes.y) @ counted) / incomes.total


def linearise_lorenz(incomes: Incomes, settings: Settings, p: float) -> Linearised:
    """Lorenz point as convey `svylorenz`: ((y - Q) 1[y <= Q] + p Q - y L) / Y.

    Q is the quantile interpolated between neighbouring incomes.
    """
    value = lorenz(incomes, settings, p)
    if p in {0.0, 1.0}:
        return Linearised(value, np.zeros(len(incomes.y)))
    border = _interpolated_quantile(incomes, p)
    below = np.where(incomes.y <= border, incomes.y - border, 0.0)
    influence = (below + p * border - incomes.y * value) / incomes.total
    return Linearised(value, influence)


def median_ratio_of_ages(incomes: Incomes, settings: Settings) -> float:
    """Relative median income ratio: median of those at or above the old age over that of others."""
    young, old = _medians(incomes, settings)
    return old / young


def linearise_median_ratio_of_ages(incomes: Incomes, settings: Settings) -> Linearised:
    """Relative median income ratio as convey `svyrmir`; both densities with one bandwidth."""
    young, old = _medians(incomes, settings)
    is_old = _is_old(incomes, settings)
    influence = np.zeros(len(incomes.y))
    for part, value, derivative in ((~is_old, young, -old / young**2), (is_old, old, 1 / young)):
        group = Incomes(incomes.y[part], incomes.w[part])
        influence[part] = derivative * quantile_influence(group, value, 0.5, incomes.bandwidth)
    return Linearised(old / young, influence)


def _medians(incomes: Incomes, settings: Settings) -> tuple[float, float]:
    is_old = _is_old(incomes, settings)
    rule = settings.conventions.quantile
    if not is_old.any() or is_old.all():
        raise UndefinedMeasureError("one_age_group")
    young = Incomes(incomes.y[~is_old], incomes.w[~is_old]).quantile(0.5, rule)
    old = Incomes(incomes.y[is_old], incomes.w[is_old]).quantile(0.5, rule)
    if young == 0:
        raise UndefinedMeasureError("median_is_zero")
    return young, old


def _is_old(incomes: Incomes, settings: Settings) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if incomes.age is None:
        raise UndefinedMeasureError("no_age")
    return incomes.age >= settings.old_age


def _interpolated_quantile(incomes: Incomes, p: float) -> float:
    target = p * incomes.size
    at = min(int(np.searchsorted(incomes.rank, target, side="left")), len(incomes.y) - 1)
    before = incomes.y[max(at - 1, 0)]
    part = (target - (incomes.rank[at] - incomes.w[at])) / incomes.w[at]
    return float(before + (incomes.y[at] - before) * part)
