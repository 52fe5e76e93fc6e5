"""Division codes: twelve digits, and for the area of a row a county that the pack knows."""

from __future__ import annotations

import re

import polars as pl

from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.readings.base import Cleaner, Reading, narrow
from jingzhun.quality.intake.reasons import Problem, Reason

DIGITS = 12
_LEVELS = (2, 4, 6, 9)
"""Lengths of the shorter codes (province, prefecture, county, township) that zeros complete."""
_COUNTY = 6


def division_reading(clean: Cleaner, areas: Areas | None, *, anywhere: bool = False) -> Reading:
    """A division code. `areas`: what the pack knows, or null where any code will do.

    `anywhere`: also outside the counties of the pack.

    A county code that was abolished is read as that of its one successor; the digits after it stay.
    """
    counties = areas.counties if areas and not anywhere else None
    past = areas.past_counties if areas else {}

    def slow(text: str) -> str | Problem:
        digits = re.sub(r"\.0$", "", narrow(text).replace(" ", ""))
        if len(digits) in _LEVELS:
            digits = digits.ljust(DIGITS, "0")
        if not re.fullmatch(r"[0-9]{12}", digits):
            return Problem(Reason.NOT_A_DIVISION)
        digits = past.get(digits[:_COUNTY], digits[:_COUNTY]) + digits[_COUNTY:]
        if counties is not None and digits[:_COUNTY] not in counties:
            return Problem(Reason.UNKNOWN_DIVISION)
        return digits

    def fast(raw: pl.Expr) -> pl.Expr:
        fits = raw.str.contains(r"^[0-9]{12}$")
        if counties is not None:
            fits &= raw.str.slice(0, _COUNTY).is_in(sorted(counties))
        elif past:
            fits &= ~raw.str.slice(0, _COUNTY).is_in(sorted(past))
        return pl.when(fits).then(raw)

    return Reading(pl.String, clean, slow, (fast,))
