"""The poverty line as the user wrote it: a sum of money, or a share of the median or the mean."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from jingzhun.errors import UserError
from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.linearised import Linearised, Settings
from jingzhun.identify.measures.location import linearise_mean, linearise_quantile, mean, quantile

_STATISTICS = {
    "median": "median",
    "mean": "mean",
    "average": "mean",
    "中位数": "median",
    "平均数": "mean",
    "平均值": "mean",
    "均值": "mean",
}
_RELATIVE = re.compile(
    r"(?P<share>[0-9.]+)\s*(?P<percent>[%％]?)\s*(?:\*|of\s+the\s|of\s)?\s*(?P<what>"
    + "|".join(_STATISTICS)
    + ")",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PovertyLine:
    """A line: `amount` in income units, or `share` of the `median` or `mean` of the whole sample."""

    kind: str  # absolute, median, mean
    amount: float = math.nan
    share: float = math.nan

    @classmethod
    def parse(cls, text: str) -> PovertyLine:
        """`2300`, `60% median`, `50 % of the mean`, `0.6 median`, `60%中位数`. Raises UserError."""
        cleaned = text.strip().replace("％", "%")
        match = _RELATIVE.fullmatch(cleaned)
        if match is None:
            return cls("absolute", amount=_positive(cleaned, text))
        share = _positive(match["share"], text) / (100 if match["percent"] else 1)
        if share > 10:
            raise UserError(
                f"--line {text!r} is {share:g} times the {match['what']}",
                why="A share above 10 is most likely a percentage without its sign",
                do=f'Write "{match["share"]}% {match["what"]}"',
            )
        return cls(_STATISTICS[match["what"].lower()], share=share)

    @property
    def text(self) -> str:
        """`absolute`, or like `60% median`."""
        return self.kind if self.kind == "absolute" else f"{100 * self.share:g}% {self.kind}"

    def of(self, whole: Incomes, settings: Settings) -> float:
        """The line in income units for this sample."""
        if self.kind == "absolute":
            return self.amount
        if self.kind == "mean":
            return self.share * mean(whole, settings)
        return self.share * quantile(whole, settings, 0.5)

    def linearised(self, whole: Incomes, settings: Settings) -> Linearised | None:
        """The line as an estimate; None when it is a fixed amount or has no linearisation."""
        if self.kind == "absolute":
            return None
        try:
            if self.kind == "mean":
                base = linearise_mean(whole, settings)
            else:
                base = linearise_quantile(whole, settings, 0.5)
        except UndefinedMeasureError:
            return None
        return Linearised(self.share * base.value, self.share * base.influence)


def _positive(number: str, text: str) -> float:
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise UserError(
            f"--line {text!r} is neither a positive number nor a share of the median or mean",
            why="The poverty line must be an amount in the unit of the income column, or relative",
            do='Write for example --line 2300 or --line "60% median"',
        )
    return value
