"""An estimate together with its linearisation, and the settings every measure is given."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from jingzhun.identify.measures.conventions import Conventions
from jingzhun.identify.measures.design import Floats


@dataclass(frozen=True)
class Settings:
    """What the measures are told: lines in income units, shares and aversion parameters."""

    line: float = float("nan")
    risk_line: float = float("nan")  # at-risk-of-poverty threshold of the whole sample
    risk_share: float = 0.6  # share of the median that makes it
    epsilon: float = 1.0  # inequality aversion of the Atkinson index
    old_age: float = 65.0
    conventions: Conventions = field(default_factory=Conventions)


@dataclass(frozen=True, eq=False)
class Linearised:
    """Value and influence: d value / d weight of each unit, in the order of the sorted incomes.

    `slope` is d value / d line, for measures that depend on a line which is itself estimated;
    the line's own influence is added where the variance is computed.
    """

    value: float
    influence: Floats
    slope: float = 0.0

    def plus(self, other: Linearised, value: float, a: float, b: float) -> Linearised:
        """Chain rule: the quantity with this `value` and derivatives `a` by self, `b` by other."""
        influence = a * self.influence + b * other.influence
        return Linearised(value, influence, a * self.slope + b * other.slope)


def pad(head: Floats, length: int) -> Floats:
    """`head` continued with zeros to `length`."""
    out = np.zeros(length)
    out[: len(head)] = head
    return out
