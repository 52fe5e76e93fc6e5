"""Rescaled bootstrap of the PSUs (Rao & Wu 1988): n - 1 of n PSUs drawn with replacement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jingzhun.identify.measures.design import Floats, SurveyDesign
from jingzhun.identify.measures.domains import Domain
from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.linearised import Settings

Value = Callable[[Incomes, Settings], float]


@dataclass(frozen=True)
class Replicates:
    """How many replicates, and the seed that makes them repeatable."""

    number: int = 500
    seed: int = 1


def psu_multipliers(design: SurveyDesign, rng: np.random.Generator) -> Floats:
    """One replicate: the factor on the weights of each PSU; 1 in a stratum with a single PSU."""
    size = design.psus_in_stratum
    by_stratum = np.argsort(design.stratum_of_psu, kind="stable")
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    drawn_in = np.repeat(np.arange(len(size)), size - 1)
    chosen = first[drawn_in] + (rng.random(len(drawn_in)) * size[drawn_in]).astype(np.int64)
    count = np.bincount(by_stratum[chosen], minlength=design.n_psus)
    lonely = size[design.stratum_of_psu] == 1
    return np.where(lonely, 1.0, count * design.stratum_factor[design.stratum_of_psu])


def replicate_values(
    whole: Domain,
    cells: Sequence[tuple[Value, Domain]],
    settings_of: Callable[[Domain], Settings],
    replicates: Replicates,
) -> Floats:
    """Value of each cell (measure in a domain) in each replicate; NaN where undefined there.

    Relative lines are computed anew in each replicate.
    """
    rng = np.random.default_rng(replicates.seed)
    out = np.full((replicates.number, len(cells)), np.nan)
    for number in range(replicates.number):
        multiplier = psu_multipliers(whole.design, rng)
        settings = settings_of(_reweighted(whole, multiplier))
        seen: dict[int, Incomes] = {}
        for column, (value, domain) in enumerate(cells):
            if id(domain) not in seen:
                seen[id(domain)] = _reweighted(domain, multiplier).incomes
            try:
                out[number, column] = value(seen[id(domain)], settings)
            except (UndefinedMeasureError, ArithmeticError):
                continue
    return out


def _reweighted(domain: Domain, multiplier: Floats) -> Domain:
    w = domain.incomes.w * multiplier[domain.design.psu_of_row[domain.rows]]
    kept = w > 0
    age = domain.incomes.age
    incomes = Incomes(domain.incomes.y[kept], w[kept], None if age is None else age[kept])
    return Domain(domain.by, domain.rows[kept], incomes, domain.design)
