"""Sorted incomes with weights: what every measure is computed from; quantiles and densities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jingzhun.identify.measures.conventions import PoorRule, QuantileRule
from jingzhun.identify.measures.design import Floats

# Cumulated weights carry rounding errors; a difference below this share of the total is none.
_SAME = 1e-11


class UndefinedMeasureError(Exception):
    """A measure has no value for these incomes; carries the reason's key in `reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, eq=False)
class Incomes:
    """Incomes in ascending order with their weights (all positive); grain one row per unit.

    `age` is in the same order and needed by the relative median income ratio only.
    """

    y: Floats
    w: Floats
    age: Floats | None = None

    @classmethod
    def of(cls, y: Floats, w: Floats, age: Floats | None = None) -> Incomes:
        """From incomes in any order; units with weight zero are left out."""
        order = np.argsort(y, kind="stable")
        order = order[w[order] > 0]
        return cls(y[order], w[order], None if age is None else age[order])

    @cached_property
    def size(self) -> float:
        """Sum of weights: the estimated population."""
        return float(self.w.sum())

    @cached_property
    def total(self) -> float:
        """Weighted sum of incomes."""
        return float(self.w @ self.y)

    @property
    def mean(self) -> float:
        """Weighted mean income."""
        return self.total / self.size

    @cached_property
    def rank(self) -> Floats:
        """Cumulative weight, the unit's own included."""
        return np.cumsum(self.w)

    @cached_property
    def cumulated(self) -> Floats:
        """Cumulative income, the unit's own included."""
        return np.cumsum(self.w * self.y)

    @property
    def all_positive(self) -> bool:
        """Whether every income is above zero."""
        return len(self.y) == 0 or bool(self.y[0] > 0)

    def poor(self, line: float, rule: PoorRule) -> int:
        """How many units, counted from the poorest, are poor."""
        if rule is PoorRule.BELOW:
            return int(np.searchsorted(self.y, line, side="left"))
        return int(np.searchsorted(self.y, line, side="right"))

    def head(self, count: int) -> Incomes:
        """The `count` poorest units."""
        return Incomes(self.y[:count], self.w[:count])

    def up_to(self, value: float) -> int:
        """How many units have an income of at most `value`."""
        return int(np.searchsorted(self.y, value, side="right"))

    def quantile(self, p: float, rule: QuantileRule) -> float:
        """The weighted p-quantile; `rule` decides where the weights reach p exactly.

        `lower` is the smallest income y with F(y) >= p, as in R survey, convey and PIP.
        """
        if len(self.y) == 0:
            raise UndefinedMeasureError("nobody")
        target, slack = p * self.size, _SAME * self.size
        at = int(np.searchsorted(self.rank, target - slack, side="left"))
        at = min(at, len(self.y) - 1)
        reached = abs(float(self.rank[at]) - target) <= slack and at + 1 < len(self.y)
        if rule is QuantileRule.LOWER or not reached:
            return float(self.y[at])
        if rule is QuantileRule.UPPER:
            return float(self.y[at + 1])
        return float(self.y[at] + self.y[at + 1]) / 2

    @cached_property
    def bandwidth(self) -> float:
        """Bandwidth of the density: standard deviation / (sum of weights)^0.2.

        As in Osier (2009) and convey: the sum of weights, not the number of rows, so it shrinks
        when weights are scaled up.
        """
        deviation = self.y - self.mean
        return math.sqrt(float(self.w @ deviation**2) / self.size) / math.pow(self.size, 0.2)

    def density(self, x: float, bandwidth: float | None = None) -> float:
        """Gaussian kernel estimate of the income density at `x`."""
        width = self.bandwidth if bandwidth is None else bandwidth
        return float(self._kernel(x, width) @ self.w) / (self.size * width)

    def income_density(self, x: float) -> float:
        """Derivative at `x` of the total income of those with at most `x`, by the same kernel."""
        return float(self._kernel(x, self.bandwidth) @ (self.w * self.y)) / self.bandwidth

    def _kernel(self, x: float, width: float) -> Floats:
        if not width > 0:
            raise UndefinedMeasureError("equal_incomes")
        u = (x - self.y) / width
        kernel: Floats = np.exp(-0.5 * u * u) / np.sqrt(2 * np.pi)
        return kernel
