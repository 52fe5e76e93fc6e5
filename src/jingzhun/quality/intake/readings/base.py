"""How the texts of one column become values: a fast way for whole columns, a slow one for one text.

The slow way is the meaning. The fast tiers must agree with it wherever they give a value at all; where
they give null, the distinct texts that are left go through the slow way, one by one. So a column of a
million good cells costs one expression, and a reason is worked out once for each distinct bad text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from jingzhun.quality.intake.reasons import Problem

Tier = Callable[[pl.Expr], pl.Expr]
"""From raw text to value; null where this way can't read it."""

INVISIBLE = "\u200b\u2060\ufeff"
"""Zero-width characters that carry no meaning in any script."""
TEXT_MARK = "'"
"""A leading apostrophe is how spreadsheets mark text; it is not part of it."""

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}


@dataclass(frozen=True)
class Cleaner:
    """What a cell says before it is read: stripped, translated by `values`, or missing."""

    missing: frozenset[str]
    values: dict[str, str] = field(default_factory=dict)

    def __call__(self, raw: str) -> str | None:
        """The text to read; null when the cell says nothing."""
        text = raw.strip().strip(INVISIBLE).strip().removeprefix(TEXT_MARK)
        text = self.values.get(text, text)
        return None if not text or text in self.missing else text


@dataclass(frozen=True)
class Reading:
    """The two ways of reading one column; see the module."""

    dtype: DataTypeClass | DataType
    clean: Cleaner
    slow: Callable[[str], Any]
    """From a clean text to a value or a `Problem`."""
    tiers: tuple[Tier, ...] = ()

    def one(self, raw: str) -> Any:
        """A single cell: value, null when missing, or a `Problem`."""
        text = self.clean(raw)
        return None if text is None else self.slow(text)

    @cached_property
    def fast(self) -> tuple[Tier, ...]:
        """The tiers that may be used: none may read a text that is missing or translated."""
        if self.clean.values:
            return ()
        kept_out = [t for t in self.clean.missing if not isinstance(self.slow(t), Problem)]
        return tuple(_guarded(tier, kept_out) for tier in self.tiers) if kept_out else self.tiers


def _guarded(tier: Tier, kept_out: list[str]) -> Tier:
    def guarded(text: pl.Expr) -> pl.Expr:
        stripped = text.str.strip_chars()
        return pl.when(~stripped.is_in(kept_out)).then(tier(text))

    return guarded


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation as their ordinary forms; nothing else changes."""
    return text.translate(_FULL_WIDTH)
