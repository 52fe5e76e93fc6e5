"""Where the reference programs differ, the choice is an option; the default follows most of them.

| choice | default | laeken >= 0.5 | convey | World Bank PIP (wbpip) | Eurostat |
|---|---|---|---|---|---|
| poor when income is | below the line | below | at or below | below | below |
| quantile where the weights reach p exactly | lower value | upper | lower | lower | average |
| Gini | plug-in | plug-in | convey | plug-in | plug-in |
| incomes <= 0 where a logarithm is needed | undefined | - | refused | own rules | - |

The column Eurostat is also what laeken did before 0.5. convey's Gini takes 1 where the plug-in
estimator takes the weight: (2 sum w r y - sum w y) / (N Y) - 1. It depends on the scale of the
weights, which is why it is not the default; the two agree when all weights are 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PoorRule(StrEnum):
    """Is an income exactly at the line poor?"""

    BELOW = "below"
    AT_OR_BELOW = "at-or-below"


class QuantileRule(StrEnum):
    """The p-quantile where the cumulative weight reaches p times the total exactly."""

    LOWER = "lower"
    AVERAGE = "average"
    UPPER = "upper"


class GiniRule(StrEnum):
    """Which estimator of the Gini coefficient."""

    PLUG_IN = "plug-in"
    CONVEY = "convey"


class NonPositiveRule(StrEnum):
    """Watts, Theil, MLD, generalised entropy and Atkinson where incomes are zero or negative."""

    UNDEFINED = "undefined"  # value null, with a note
    EXCLUDE = "exclude"  # estimated for the persons with positive income
    PIP = "pip"  # Watts: no gap is counted for them; MLD: they count as 1 currency unit


@dataclass(frozen=True)
class Conventions:
    """One choice for each point on which the references differ."""

    poor: PoorRule = PoorRule.BELOW
    quantile: QuantileRule = QuantileRule.LOWER
    gini: GiniRule = GiniRule.PLUG_IN
    nonpositive: NonPositiveRule = NonPositiveRule.UNDEFINED


CONVENTIONS: dict[str, Conventions] = {
    "default": Conventions(),
    "convey": Conventions(poor=PoorRule.AT_OR_BELOW, gini=GiniRule.CONVEY),
    "laeken": Conventions(quantile=QuantileRule.UPPER),
    "pip": Conventions(nonpositive=NonPositiveRule.PIP),
    "eurostat": Conventions(quantile=QuantileRule.AVERAGE),
}
