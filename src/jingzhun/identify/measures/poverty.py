"""Poverty measures against a line: FGT, income gap ratio, Watts, Sen, Sen-Shorrocks-Thon.

Notation: incomes y_i ascending with weights w_i, N = sum w, line z, q = the poor, gap
g_i = (z - y_i) / z for the poor and 0 for others. Each measure comes as a value function and as
its linearisation (influence function d value / d w_i), both written from the definition.

References: Foster, Greer, Thorbecke (1984), Econometrica 52; Sen (1976), Econometrica 44;
Shorrocks (1995), Econometrica 63; Watts (1968); Deville (1999), Survey Methodology 25;
Osier (2009), Survey Research Methods 3; R package convey (standard errors).
"""

from __future__ import annotations

import numpy as np

from jingzhun.identify.measures.conventions import GiniRule, NonPositiveRule
from jingzhun.identify.measures.design import Floats
from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.inequality import (
    gini,
    gini_influence_at,
    linearise_gini,
)
from jingzhun.identify.measures.linearised import Linearised, Settings, pad


def fgt(incomes: Incomes, settings: Settings, alpha: float) -> float:
    """FGT(alpha): mean over all persons of g^alpha; 0 headcount, 1 gap, 2 squared gap."""
    _need_units(incomes)
    poor = incomes.poor(settings.line, settings.conventions.poor)
    gap = 1 - incomes.y[:poor] / settings.line
    return float(incomes.w[:poor] @ gap**alpha) / incomes.size


def linearise_fgt(incomes: Incomes, settings: Settings, alpha: float) -> Linearised:
    """FGT(alpha) as convey `svyfgt`: (g^alpha - value) / N; slope by the line for relative lines."""
    value = fgt(incomes, settings, alpha)
    line, n = settings.line, incomes.size
    poor = incomes.poor(line, settings.conventions.poor)
    y, w = incomes.y[:poor], incomes.w[:poor]
    gap = 1 - y / line
    influence = (pad(gap**alpha, len(incomes.y)) - value) / n
    if alpha == 0:
        return Linearised(value, influence, _density_or_zero(incomes, line))
    slope = alpha * float(w @ (gap ** (alpha - 1) * (y / line))) / (line * n)
    return Linearised(value, influence, slope)


def income_gap_ratio(incomes: Incomes, settings: Settings) -> float:
    """Mean gap among the poor, FGT(1) / FGT(0); undefined where nobody is poor."""
    headcount = fgt(incomes, settings, 0)
    if headcount == 0:
        raise UndefinedMeasureError("nobody_poor")
    return fgt(incomes, settings, 1) / headcount


def linearise_income_gap_ratio(incomes: Incomes, settings: Settings) -> Linearised:
    """Income gap ratio as a ratio of two FGT measures (convey `svyfgtdec`)."""
    value = income_gap_ratio(incomes, settings)
    headcount = linearise_fgt(incomes, settings, 0)
    gap = linearise_fgt(incomes, settings, 1)
    return gap.plus(headcount, value, 1 / headcount.value, -value / headcount.value)


def watts(incomes: Incomes, settings: Settings) -> float:
    """Watts: mean of log(z / y) over the poor, 0 for others. Needs positive incomes.

    Under the convention `pip` incomes of zero or less count no gap but stay in N.
    """
    return float(incomes.w @ _log_gaps(incomes, settings)) / incomes.size


def linearise_watts(incomes: Incomes, settings: Settings) -> Linearised:
    """Watts as convey `svywatts`: (log gap - value) / N, slope = (share counted poor) / z."""
    value = watts(incomes, settings)
    gaps = _log_gaps(incomes, settings)
    first = incomes.up_to(0.0)
    poor = incomes.poor(settings.line, settings.conventions.poor)
    counted = float(incomes.w[first:poor].sum()) / incomes.size
    return Linearised(value, (gaps - value) / incomes.size, counted / settings.line)


def sen(incomes: Incomes, settings: Settings) -> float:
    """Sen: FGT0 * G + FGT1 * (1 - G) with G the Gini coefficient of incomes among the poor.

    The form without the small-sample factor q / (q + 1), as convey `svysen`; 0 without poor. Where
    no poor person has any income both parts are the headcount, whatever the Gini coefficient.
    """
    headcount = fgt(incomes, settings, 0)
    if headcount == 0:
        return 0.0
    poor = incomes.head(incomes.poor(settings.line, settings.conventions.poor))
    if _without_income(poor):
        return headcount
    inequality = gini(poor, settings)
    return headcount * inequality + fgt(incomes, settings, 1) * (1 - inequality)


def linearise_sen(incomes: Incomes, settings: Settings) -> Linearised:
    """Sen by the chain rule over its three parts (convey `svysen`)."""
    value = sen(incomes, settings)
    headcount = linearise_fgt(incomes, settings, 0)
    gap = linearise_fgt(incomes, settings, 1)
    if headcount.value == 0:
        return Linearised(0.0, np.zeros(len(incomes.y)))
    count = incomes.poor(settings.line, settings.conventions.poor)
    if _without_income(incomes.head(count)):
        return gap
    among = linearise_gini(incomes.head(count), settings)
    moved = incomes.size * headcount.slope  # persons who become poor per unit of the line
    at_line = gini_influence_at(incomes.head(count), among.value, settings.line)
    inequality = Linearised(among.value, pad(among.influence, len(incomes.y)), moved * at_line)
    parts = headcount.plus(gap, value, among.value, 1 - among.value)
    return parts.plus(inequality, value, 1.0, headcount.value - gap.value)


def sst(incomes: Incomes, settings: Settings) -> float:
    """Sen-Shorrocks-Thon: FGT1 * (1 + Gini of the gaps over all persons).

    Computed as the mean of the greater gap of two persons, (2 sum w g r - sum w^2 g) / N^2
    with r the cumulative weight in ascending order of gaps; convey's Gini gives sum w g instead.
    """
    _need_units(incomes)
    gaps = _gaps(incomes, settings)
    return _mean_of_greater(incomes, settings, gaps)


def linearise_sst(incomes: Incomes, settings: Settings) -> Linearised:
    """SST as convey `svysst` (FGT0 * mean gap of the poor * (1 + Gini of gaps))."""
    value = sst(incomes, settings)
    gaps, n = _gaps(incomes, settings), incomes.size
    weighted = incomes.w * gaps
    richer_or_same = np.cumsum(weighted[::-1])[
        ::-1
    ]  # gaps not greater than one's own, own included
    pairs = 2 * (gaps * _rank_from_top(incomes) + weighted.sum() - richer_or_same)
    if settings.conventions.gini is GiniRule.CONVEY:
        pairs += 2 * weighted - gaps
    influence = pairs / n**2 - 2 * value / n
    poor = incomes.poor(settings.line, settings.conventions.poor)
    moved = pad(incomes.y[:poor] / settings.line / settings.line, len(incomes.y))  # d gap / d line
    return Linearised(value, influence, _mean_of_greater(incomes, settings, moved))


def _without_income(poor: Incomes) -> bool:
    return bool(poor.y[0] == 0) and bool(poor.y[-1] == 0)


def _need_units(incomes: Incomes) -> None:
    if len(incomes.y) == 0:
        raise UndefinedMeasureError("nobody")


def _density_or_zero(incomes: Incomes, x: float) -> float:
    """Density at the line; where all incomes are equal there is none, and the line can't move it."""
    try:
        return incomes.density(x)
    except UndefinedMeasureError:
        return float("nan")


def _gaps(incomes: Incomes, settings: Settings) -> Floats:
    poor = incomes.poor(settings.line, settings.conventions.poor)
    return pad(1 - incomes.y[:poor] / settings.line, len(incomes.y))


def _log_gaps(incomes: Incomes, settings: Settings) -> Floats:
    _need_units(incomes)
    first = incomes.up_to(0.0)
    if first and settings.conventions.nonpositive is not NonPositiveRule.PIP:
        raise UndefinedMeasureError("not_positive")
    poor = max(incomes.poor(settings.line, settings.conventions.poor), first)
    out = np.zeros(len(incomes.y))
    out[first:poor] = np.log(settings.line / incomes.y[first:poor])
    return out


def _rank_from_top(incomes: Incomes) -> Floats:
    """Cumulative weight in descending order of income, own included."""
    ranks: Floats = np.cumsum(incomes.w[::-1])[::-1]
    return ranks


def _mean_of_greater(incomes: Incomes, settings: Settings, gaps: Floats) -> float:
    w = incomes.w
    own = w if settings.conventions.gini is GiniRule.PLUG_IN else np.ones(len(w))
    pairs = 2 * float((w * gaps) @ _rank_from_top(incomes)) - float((w * own) @ gaps)
    return pairs / incomes.size**2
