"""At-risk-of-poverty measures: their line is a share (60 %) of the median of the whole sample.

In a domain, the rate and the gap use the line of the whole sample, as laeken and convey do;
`arpt` in a domain is the share of the domain's own median, as convey under `svyby`.
References: Eurostat; Osier (2009), Survey Research Methods 3; R packages laeken and convey.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.linearised import Linearised, Settings
from jingzhun.identify.measures.location import linearise_quantile, quantile
from jingzhun.identify.measures.poverty import fgt, linearise_fgt


def risk_threshold(incomes: Incomes, settings: Settings) -> float:
    """At-risk-of-poverty threshold: the share `risk_share` (60 %) of the median."""
    return settings.risk_share * quantile(incomes, settings, 0.5)


def linearise_risk_threshold(incomes: Incomes, settings: Settings) -> Linearised:
    """Threshold as convey `svyarpt`: the share times the linearised median."""
    median = linearise_quantile(incomes, settings, 0.5)
    share = settings.risk_share
    return Linearised(share * median.value, share * median.influence)


def risk_rate(incomes: Incomes, settings: Settings) -> float:
    """At-risk-of-poverty rate: headcount against the threshold of the whole sample."""
    return fgt(incomes, _at_risk(settings), 0)


def linearise_risk_rate(incomes: Incomes, settings: Settings) -> Linearised:
    """Rate as convey `svyarpr`; the slope is the domain's density at the threshold."""
    return linearise_fgt(incomes, _at_risk(settings), 0)


def median_of_poor(incomes: Incomes, settings: Settings) -> float:
    """Median income of those at risk of poverty."""
    poor = incomes.poor(_at_risk(settings).line, settings.conventions.poor)
    if poor == 0:
        raise UndefinedMeasureError("nobody_poor")
    return incomes.head(poor).quantile(0.5, settings.conventions.quantile)


def linearise_median_of_poor(incomes: Incomes, settings: Settings) -> Linearised:
    """Median of the poor as convey `svypoormed`: root of F(m) = F(threshold) / 2."""
    value = median_of_poor(incomes, settings)
    rate = linearise_risk_rate(incomes, settings)
    within = np.arange(len(incomes.y)) < incomes.up_to(value)
    below = (within - 0.5 * rate.value) / incomes.size
    density = incomes.density(value)
    return Linearised(value, (0.5 * rate.influence - below) / density, 0.5 * rate.slope / density)


def relative_median_gap(incomes: Incomes, settings: Settings) -> float:
    """Relative median at-risk-of-poverty gap: 1 - (median of the poor) / threshold."""
    return 1 - median_of_poor(incomes, settings) / _at_risk(settings).line


def linearise_relative_median_gap(incomes: Incomes, settings: Settings) -> Linearised:
    """Relative median gap as convey `svyrmpg`: ratio of median of the poor and threshold."""
    median = linearise_median_of_poor(incomes, settings)
    line = settings.risk_line
    return Linearised(
        1 - median.value / line,
        -median.influence / line,
        -median.slope / line + median.value / line**2,
    )


def _at_risk(settings: Settings) -> Settings:
    if not settings.risk_line > 0:
        raise UndefinedMeasureError("risk_line_not_positive")
    return replace(settings, line=settings.risk_line)
