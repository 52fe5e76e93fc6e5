"""Whole and decimal numbers, in the unit of the source, inside the bounds of the standard."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import polars as pl

from jingzhun.quality.intake.readings.base import Cleaner, Reading, narrow
from jingzhun.quality.intake.reasons import Problem, Reason

_PLAIN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
_GROUPED = r"^[+-]?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]*)?$"
_GROUP_MARK = r"[, ]"
_SCIENTIFIC = re.compile(r"([+-]?)([0-9])(?:\.([0-9]*))?[eE]([+-]?[0-9]{1,3})")
_YEAR_MARK = re.compile(r"(年度?|年份)$")
_LONGEST = 60
_NEAR = 1e-6
"""A converted amount this close to a whole number is one: the rest is binary rounding."""
_INT64 = 2.0**63


@dataclass(frozen=True)
class NumberForm:
    """What a number of one column must be, and how the source's number becomes it."""

    whole: bool
    low: float | None = None
    high: float | None = None
    unit: str = ""
    factor: float = 1.0
    rounded: bool = False
    exponential: bool = False
    is_year: bool = False

    @property
    def as_written(self) -> bool:
        """Whether the source's number is already the value."""
        return self.factor == 1.0 and not self.rounded and not self.exponential

    def inside(self, value: pl.Expr) -> pl.Expr:
        """Null where a value lies outside the bounds."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return pl.when((value >= low) & (value <= high)).then(value)

    def outside(self, value: float) -> Problem | None:
        """The problem of one value outside the bounds; null when it is inside."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if low <= value <= high:
            return None
        facts = {"low": _shown(self.low), "high": _shown(self.high), "unit": self.unit}
        return Problem(Reason.OUT_OF_RANGE, facts)


def number_reading(clean: Cleaner, form: NumberForm) -> Reading:
    """A number: thousands separators and full-width digits allowed, scientific notation only when
    it keeps every digit, never anything that must be guessed."""

    def slow(text: str) -> float | int | Problem:
        number = _number(_YEAR_MARK.sub("", text) if form.is_year else text)
        return number if isinstance(number, Problem) else _value(number, form)

    tiers = [lambda raw: _from_plain(raw, form), lambda raw: _from_spelled(raw, form)]
    if form.whole and form.as_written:
        tiers.insert(0, lambda raw: form.inside(raw.cast(pl.Int64, strict=False)))
    return Reading(pl.Int64 if form.whole else pl.Float64, clean, slow, tuple(tiers))


def _from_plain(raw: pl.Expr, form: NumberForm) -> pl.Expr:
    number = raw.cast(pl.Float64, strict=False)
    is_scientific = raw.str.contains("e", literal=True) | raw.str.contains("E", literal=True)
    return _converted(pl.when(number.is_finite() & ~is_scientific).then(number), form)


def _from_spelled(raw: pl.Expr, form: NumberForm) -> pl.Expr:
    text = raw.str.strip_chars()
    is_grouped = text.str.contains(_GROUPED)
    return _from_plain(
        pl.when(is_grouped).then(text.str.replace_all(_GROUP_MARK, "")).otherwise(text), form
    )


def _converted(number: pl.Expr, form: NumberForm) -> pl.Expr:
    value = number.exp() if form.exponential else number
    value = value * form.factor if form.factor != 1.0 else value
    value = form.inside(value)
    if not form.whole:
        return pl.when(value.is_finite()).then(value)
    nearest = (value + 0.5).floor()
    fits = nearest.abs() < _INT64
    if not form.rounded:
        fits &= (value - nearest).abs() <= (0.0 if form.as_written else _NEAR)
    return pl.when(fits).then(nearest).cast(pl.Int64, strict=False)


def _number(text: str) -> int | float | Problem:
    """The number that a text writes; whole numbers stay exact."""
    text = narrow(text)
    if re.fullmatch(_GROUPED, text):
        text = re.sub(_GROUP_MARK, "", text)
    if len(text) > _LONGEST:
        return Problem(Reason.NOT_A_NUMBER)
    if found := _SCIENTIFIC.fullmatch(text):
        return _scientific(text, found)
    if not re.fullmatch(_PLAIN, text):
        return Problem(Reason.NOT_A_NUMBER)
    return int(text) if re.fullmatch("[+-]?[0-9]+", text) else float(text)


def _scientific(text: str, found: re.Match[str]) -> float | Problem:
    decimals, exponent = found.group(3) or "", int(found.group(4))
    if exponent > len(decimals):
        return Problem(Reason.DIGITS_LOST)
    return float(text)


def _value(number: float, form: NumberForm) -> float | int | Problem:
    if form.as_written and isinstance(number, int) and form.whole:
        return form.outside(number) or number
    try:
        value = math.exp(number) if form.exponential else float(number)
    except OverflowError:
        value = math.inf
    value *= form.factor
    outside = form.outside(value)
    if outside or not math.isfinite(value):
        return outside or Problem(Reason.NOT_A_NUMBER)
    if not form.whole:
        return value
    nearest = math.floor(value + 0.5)
    if not form.rounded and abs(value - nearest) > (0.0 if form.as_written else _NEAR):
        return Problem(Reason.NOT_WHOLE)
    return nearest


def _shown(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:,.0f}" if float(bound).is_integer() else str(bound)
