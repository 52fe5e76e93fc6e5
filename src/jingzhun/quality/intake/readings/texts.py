"""Texts and document numbers."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from jingzhun.quality.intake.readings.base import INVISIBLE, TEXT_MARK, Cleaner, Reading
from jingzhun.quality.intake.reasons import Problem, Reason
from jingzhun.standard.id_numbers.facts import NEW_SHAPE, OLD_SHAPE
from jingzhun.standard.id_numbers.single import cleaned

LONGEST = 500
_REPLACEMENT = "\ufffd"
# C0 and C1 controls (line breaks too), overrides of the writing direction, zero-width characters.
_CONTROL = rf"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069{INVISIBLE}]"
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"


def text_reading(clean: Cleaner, *, is_key: bool) -> Reading:
    """A text as it stands, up to 500 characters and free of controls.

    A key in scientific notation has lost its last digits, so that it could join the wrong rows.
    """

    def slow(text: str) -> str | Problem:
        if is_key and re.search(_SCIENTIFIC, text):
            return Problem(Reason.DIGITS_LOST)
        return unfit(text) or text

    def fast(raw: pl.Expr) -> pl.Expr:
        text = raw.str.strip_chars()
        bad = (
            text.str.contains(rf"{_CONTROL}|{_REPLACEMENT}")
            | (text.str.len_bytes() > LONGEST)
            | text.str.starts_with(TEXT_MARK)
            | (text.str.len_bytes() == 0)
        )
        if is_key:
            bad |= text.str.contains(_SCIENTIFIC)
        return pl.when(~bad).then(text)

    return Reading(pl.String, clean, slow, (fast,))


def id_number_reading(clean: Cleaner) -> Reading:
    """A document number, in one spelling: narrow digits, capital X, nothing between the digits.

    Its length is kept (15, 18, 20 or 22), because the standard keeps it. A wrong number is not
    rejected: the register must show what was recorded, and a check finds it.
    """

    def slow(text: str) -> str | Problem | None:
        if len(text) > LONGEST:
            return _too_long(text)
        return cleaned(text) or None

    def fast(raw: pl.Expr) -> pl.Expr:
        text = raw.str.to_uppercase()
        return pl.when(text.str.contains(f"{OLD_SHAPE}|{NEW_SHAPE}")).then(text)

    return Reading(pl.String, clean, slow, (fast,))


def unfit(text: str) -> Problem | None:
    """Why a text can't be kept; null when it can."""
    if len(text) > LONGEST:
        return _too_long(text)
    if _REPLACEMENT in text:
        return Problem(Reason.DAMAGED_TEXT)
    if found := re.search(_CONTROL, text):
        name = unicodedata.name(found.group(), "") or f"U+{ord(found.group()):04X}"
        return Problem(Reason.CONTROL_CHARACTER, {"character": name})
    return None


def _too_long(text: str) -> Problem:
    return Problem(Reason.TOO_LONG, {"length": str(len(text)), "most": str(LONGEST)})
