"""Exit sheets of villages and counties: what each indicator asks, and what the engine said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jingzhun.policy.profiles import Indicator
from jingzhun_web.areas.packs import pack
from jingzhun_web.evaluate.models import AreaVerdict


@dataclass(frozen=True)
class Judged:
    """One indicator of a sheet: `state` met, not_met or not_assessable; value and threshold in the indicator's
    unit, None where there is none."""

    indicator: Indicator
    state: str
    value: Any
    threshold: Any


def judged(found: AreaVerdict) -> Sequence[Judged]:
    """The indicators that the engine judged, in the profile's order; thresholds as of the sheet's date."""
    current = pack()
    told = found.detail["indicators"]
    code = f"{found.area:012d}"
    return [
        Judged(
            item,
            {True: "met", False: "not_met", None: "not_assessable"}[told[item.id]["met"]],
            told[item.id]["value"],
            current.value(item.threshold, on=found.on, area=code)
            if item.threshold is not None and item.threshold in current.parameters
            else None,
        )
        for item in current.profile(found.profile).indicators
        if item.id in told
    ]
