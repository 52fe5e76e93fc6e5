"""Who carries poverty: population share of each group and its contribution to FGT 0, 1, 2.

FGT measures are means, so FGT = sum over groups of share_g * FGT_g; the contribution of group g is
share_g * FGT_g / FGT. Shares and contributions are ratios of totals, linearised as such; a relative
line adds its own uncertainty.
"""

from __future__ import annotations

import numpy as np

from jingzhun.identify.measures.catalogue import Base
from jingzhun.identify.measures.design import SharedInfluence, variance_of
from jingzhun.identify.measures.domains import Domain
from jingzhun.identify.measures.linearised import Linearised, Settings
from jingzhun.identify.measures.poverty import linearise_fgt
from jingzhun.identify.measures.results import Estimate, interval

Shared = dict[Base, SharedInfluence | None]


def decompose(
    whole: Domain, groups: list[Domain], settings: Settings, shared: Shared, confidence: float
) -> list[Estimate]:
    """`population_share` and `fgt0_contribution`... of each group; None where nobody is poor."""
    parts = {
        f"fgt{alpha}_contribution": [_total(domain, settings, alpha) for domain in (whole, *groups)]
        for alpha in (0, 1, 2)
    }
    heads = [Linearised(domain.incomes.size, _ones(domain)) for domain in (whole, *groups)]
    rows = []
    for name, totals in {"population_share": heads, **parts}.items():
        denominator = SharedInfluence.of(whole.part, whole.incomes.w * totals[0].influence)
        for group, total in zip(groups, totals[1:], strict=True):
            rows.append(_ratio(name, group, total, totals[0], denominator, shared, confidence))
    return rows


def _ones(domain: Domain) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.ones(len(domain.rows))


def _total(domain: Domain, settings: Settings, alpha: float) -> Linearised:
    """The FGT measure times the population, as a total."""
    if not len(domain.rows):
        return Linearised(0.0, np.zeros(0))
    fgt = linearise_fgt(domain.incomes, settings, alpha)
    size = domain.incomes.size
    return Linearised(fgt.value * size, size * fgt.influence + fgt.value, size * fgt.slope)


def _ratio(
    name: str,
    group: Domain,
    part: Linearised,
    whole: Linearised,
    denominator: SharedInfluence,
    shared: Shared,
    confidence: float,
) -> Estimate:
    row = Estimate(name, group.by, len(group.rows))
    if whole.value == 0:
        return row
    ratio = part.value / whole.value
    line_slope = (part.slope - ratio * whole.slope) / whole.value
    variance = variance_of(
        group.part,
        group.incomes.w * part.influence / whole.value,
        [(-ratio / whole.value, denominator), (line_slope, shared[Base.LINE])],
    )
    row = Estimate(name, group.by, len(group.rows), value=ratio)
    df = group.design.degrees_of_freedom
    return interval(row, float(np.sqrt(variance)), df, confidence) if df > 0 else row
