"""The survey design: strata, primary sampling units, and the variance of a linearised estimator.

Variance is that of the stratified ultimate cluster (first stage with replacement): the linearised
values are weighted and added up within each primary sampling unit (PSU), and the PSU totals are
compared within each stratum. This is what R `survey::svyrecvar` and Stata `svy: , vce(linearized)`
compute without finite population correction.

A PSU is known by its stratum and its own code together, so PSU codes may repeat across strata.
Domains (`--by`) keep the whole design: a PSU without a row of the domain counts as a zero total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from jingzhun.errors import UserError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class LonelyPsu(StrEnum):
    """What a stratum with a single PSU adds to the variance (names as in R `survey`)."""

    ADJUST = "adjust"  # its distance from the mean over the whole sample, on the safe side
    CERTAINTY = "certainty"  # nothing: the PSU was taken with certainty
    AVERAGE = "average"  # as much as the other strata on average
    FAIL = "fail"  # refuse


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """Which PSU and stratum each row belongs to; build it with `survey_design`."""

    psu_of_row: Integers
    stratum_of_psu: Integers
    rows_are_psus: bool
    lonely: LonelyPsu = LonelyPsu.ADJUST

    @cached_property
    def psus_in_stratum(self) -> Integers:
        """Number of PSUs of each stratum, all rows of the file counted."""
        return np.bincount(self.stratum_of_psu).astype(np.int64)

    @property
    def n_psus(self) -> int:
        """Number of PSUs."""
        return len(self.stratum_of_psu)

    @property
    def n_strata(self) -> int:
        """Number of strata."""
        return len(self.psus_in_stratum)

    @property
    def n_lonely(self) -> int:
        """Number of strata with a single PSU."""
        return int(np.sum(self.psus_in_stratum == 1))

    @property
    def degrees_of_freedom(self) -> int:
        """PSUs minus strata."""
        return self.n_psus - self.n_strata

    @cached_property
    def stratum_factor(self) -> Floats:
        """n / (n - 1) of each stratum; of a lonely PSU 1 or 0 as `lonely` says."""
        size = self.psus_in_stratum
        lonely_factor = 1.0 if self.lonely is LonelyPsu.ADJUST else 0.0
        return np.where(size > 1, size / np.maximum(size - 1, 1), lonely_factor)

    @cached_property
    def blow_up(self) -> float:
        """Factor that lets lonely strata weigh as the average of the others (rule `average`)."""
        if self.lonely is not LonelyPsu.AVERAGE or not self.n_lonely:
            return 1.0
        return self.n_strata / max(self.n_strata - self.n_lonely, 1)

    def restricted_to(self, rows: Integers) -> DomainDesign:
        """The design seen by the domain that consists of these rows."""
        return DomainDesign.of(self, rows)


@dataclass(frozen=True, eq=False)
class DomainDesign:
    """The part of a design that a domain touches, so that small domains cost little.

    `psu` gives the position of each row's PSU in `psus`; None when every row is its own PSU.
    """

    design: SurveyDesign
    psu: Integers | None
    psus: Integers
    stratum: Integers  # of each PSU of the domain, as a position in `strata`
    strata: Integers

    @classmethod
    def of(cls, design: SurveyDesign, rows: Integers) -> DomainDesign:
        """Restrict `design` to `rows` (row numbers of the file)."""
        ids = design.psu_of_row[rows]
        psu: Integers | None = None
        if not design.rows_are_psus:
            ids, psu = np.unique(ids, return_inverse=True)
        strata, stratum = np.unique(design.stratum_of_psu[ids], return_inverse=True)
        return cls(design, psu, ids, stratum.astype(np.int64), strata)

    @property
    def degrees_of_freedom(self) -> int:
        """PSUs minus strata that hold a row of the domain (as R `survey::degf` of a subset)."""
        return len(self.psus) - len(self.strata)

    def totals(self, weighted: Floats) -> Floats:
        """Sum of `weighted` (weight times linearised value of each row) per PSU of the domain."""
        if self.psu is None:
            return weighted
        totals = np.bincount(self.psu, weights=weighted, minlength=len(self.psus))
        return totals.astype(np.float64, copy=False)

    def variance(self, totals: Floats) -> float:
        """Variance of the sum of `totals`, PSUs outside the domain counting as zero."""
        size = self.design.psus_in_stratum[self.strata]
        factor = self.design.stratum_factor[self.strata]
        mean = np.bincount(self.stratum, weights=totals, minlength=len(self.strata)) / size
        mean = np.where(size > 1, mean, 0.0)  # a lonely PSU is compared with the grand mean, zero
        present = np.bincount(self.stratum, minlength=len(self.strata))
        squares = np.bincount(
            self.stratum, weights=(totals - mean[self.stratum]) ** 2, minlength=len(self.strata)
        )
        return float(factor @ (squares + (size - present) * mean**2)) * self.design.blow_up


@dataclass(frozen=True, eq=False)
class SharedInfluence:
    """A linearised quantity of the whole sample on which domain estimates lean: a relative line.

    Kept per PSU, so that the variance of `domain part + slope * shared part` needs only the
    PSUs of the domain: V(d) + 2 slope C(d, s) + slope^2 V(s).
    """

    totals: Floats  # per PSU of the design
    contrast: Floats  # per PSU of the design: factor * (total - stratum mean)

    @classmethod
    def of(cls, whole: DomainDesign, weighted: Floats) -> SharedInfluence:
        """From weight times linearised value of the rows of the whole sample."""
        design = whole.design
        totals = np.zeros(design.n_psus)
        totals[whole.psus] = whole.totals(weighted)
        size, stratum = design.psus_in_stratum, design.stratum_of_psu
        mean = np.bincount(stratum, weights=totals) / size
        mean = np.where(size > 1, mean, 0.0)
        contrast = design.stratum_factor[stratum] * (totals - mean[stratum]) * design.blow_up
        return cls(totals, contrast)

    @cached_property
    def variance(self) -> float:
        """Variance of the shared quantity itself."""
        return float(self.totals @ self.contrast)

    def covariance(self, domain: DomainDesign, totals: Floats) -> float:
        """Covariance with a domain estimator given by its PSU totals."""
        return float(totals @ self.contrast[domain.psus])


def variance_of(
    domain: DomainDesign,
    weighted: Floats,
    leaning: Sequence[tuple[float, SharedInfluence | None]] = (),
) -> float:
    """Variance of an estimator with domain part `weighted` that leans on shared quantities.

    `leaning` gives the slope of the estimator by each shared quantity; None is a fixed quantity.
    """
    totals = domain.totals(weighted)
    variance = domain.variance(totals)
    leans = [(slope, shared) for slope, shared in leaning if shared is not None and slope != 0]
    for slope, shared in leans:
        variance += 2 * slope * shared.covariance(domain, totals) + slope**2 * shared.variance
    for (slope_a, a), (slope_b, b) in combinations(leans, 2):
        variance += 2 * slope_a * slope_b * float(a.totals @ b.contrast)
    return variance if variance != variance else max(0.0, variance)  # noqa: PLR0124 - keep NaN


def survey_design(
    n_rows: int,
    *,
    strata: NDArray[np.generic] | None = None,
    psu: NDArray[np.generic] | None = None,
    lonely: LonelyPsu = LonelyPsu.ADJUST,
) -> SurveyDesign:
    """The design of `n_rows` rows; without `psu` each row is its own, without `strata` there is one.

    Without both, the variance is that of simple random sampling with replacement with weights.
    Raises UserError for `LonelyPsu.FAIL` when a stratum has a single PSU.
    """
    stratum = np.zeros(n_rows, dtype=np.int64) if strata is None else _codes(strata)
    if psu is None:
        design = SurveyDesign(np.arange(n_rows), stratum, True, lonely)
    else:
        own = _codes(psu)
        pairs, psu_of_row = np.unique(stratum * (own.max(initial=0) + 1) + own, return_inverse=True)
        design = SurveyDesign(
            psu_of_row.astype(np.int64), pairs // (own.max(initial=0) + 1), False, lonely
        )
    if lonely is LonelyPsu.FAIL and design.n_lonely:
        raise UserError(
            f"{design.n_lonely} of {design.n_strata} strata hold a single primary sampling unit",
            why="Variance within such a stratum can't be estimated",
            do="Join it with a neighbouring stratum, or use --lonely-psu adjust",
        )
    return design


def _codes(values: NDArray[np.generic]) -> Integers:
    codes: Integers = np.unique(values, return_inverse=True)[1].astype(np.int64)
    return codes
