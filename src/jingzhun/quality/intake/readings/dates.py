"""Dates in declared forms: a day that exists, in a year that a register can hold."""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl

from jingzhun.quality.intake.readings.base import Cleaner, Reading, Tier, narrow
from jingzhun.quality.intake.reasons import Problem, Reason

EXCEL = "excel"
"""The form of a spreadsheet's serial day number (1 January 1900 = 1, with its false leap day)."""
EARLIEST, LATEST = date(1850, 1, 1), date(2100, 12, 31)
_EXCEL_ZERO = date(1899, 12, 30)
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_DIRECTIVE = re.compile(r"%[Ymd]")


def date_reading(clean: Cleaner, forms: tuple[str, ...]) -> Reading:
    """A date in one of the declared forms, the first that fits. Midnight may follow, no other time."""
    patterns = [_pattern(form) for form in forms if form != EXCEL]

    def slow(text: str) -> date | Problem:
        text = _MIDNIGHT.sub("", narrow(text))
        for pattern in patterns:
            found = pattern.fullmatch(text)
            day = _date(found) if found else None
            if day is not None:
                return day
        if EXCEL in forms and re.fullmatch(r"[0-9]{1,6}", text):
            day = _EXCEL_ZERO + timedelta(days=int(text))
            if EARLIEST <= day <= LATEST:
                return day
        return Problem(Reason.NOT_A_DATE, {"forms": " ".join(forms)})

    # A form without a day means the first of the month, which only the slow way adds.
    tiers = tuple(_tier(form) for form in forms if "%d" in form)
    return Reading(pl.Date, clean, slow, tiers)


def is_date_form(form: str) -> bool:
    """Whether a text can be used as a form: year, month and day (or year and month), each once."""
    found = _DIRECTIVE.findall(form)
    rest = _DIRECTIVE.sub("", form)
    complete = {"%Y", "%m"} <= set(found) and len(found) == len(set(found))
    return form == EXCEL or (complete and "%" not in rest)


def _tier(form: str) -> Tier:
    shape = _pattern(form, named=False).pattern

    def tier(raw: pl.Expr) -> pl.Expr:
        day = pl.when(raw.str.contains(f"^{shape}$")).then(raw).str.to_date(form, strict=False)
        return pl.when(day.is_between(pl.lit(EARLIEST), pl.lit(LATEST))).then(day)

    return tier


def _pattern(form: str, *, named: bool = True) -> re.Pattern[str]:
    """The form as a pattern; where month and day touch other digits, they have two digits."""
    parts, end, out = list(_DIRECTIVE.finditer(form)), 0, []
    for place, part in enumerate(parts):
        following = parts[place + 1].start() if place + 1 < len(parts) else len(form)
        touches = part.start() == end > 0 or following == part.end() < len(form)
        letter = part.group()[1]
        digits = "[0-9]{4}" if letter == "Y" else "[0-9]{2}" if touches else "[0-9]{1,2}"
        out += [re.escape(form[end : part.start()]), f"(?P<{letter}>{digits})" if named else digits]
        end = part.end()
    return re.compile("".join([*out, re.escape(form[end:])]))


def _date(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    try:
        day = date(int(parts["Y"]), int(parts["m"]), int(parts.get("d") or 1))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
