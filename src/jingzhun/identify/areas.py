"""Areas in results: which area holds which, by code, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jingzhun.standard.divisions.codes import Level, prefix_of

FULL = 12
"""Digits of a full division code; prefectures and counties are shown with six."""


@dataclass(frozen=True)
class Areas:
    """Names of areas by 12-digit code; an area without a name is called by its code."""

    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, code: str | None) -> str | None:
        """The name of an area given by a code of any length; None stays None."""
        if code is None:
            return None
        return self.names.get(code.ljust(FULL, "0"), code)


def prefecture_of(code: str) -> str:
    """The prefecture of an area, as six digits."""
    return code[:4] + "00"


def level_below(area: str | None) -> Level:
    """The level of the parts of an area, prefectures for the whole; villages are the smallest.

    Raises StandardError when `area` is no area code.
    """
    if area is None:
        return Level.PREFECTURE
    digits = len(prefix_of(area))
    return next((level for level in Level if level.digits > digits), Level.VILLAGE)
