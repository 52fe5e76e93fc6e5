"""Writings that stand for each other: transliterated syllables, look-alikes, short forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import polars as pl

from jingzhun.linkage.names.shipped import Row, shipped_rows

TIBETAN, DOTTED, ARABIC = ("bo", "mn"), ("ug", "ar"), ("ar",)
"""Languages of syllables.csv by the structure of a name; Arabic ones follow a Han surname too."""

_WORD, _SYLLABLE, _CUT = "\x01", "\x02", "\x1f"


@dataclass(frozen=True)
class Forms:
    """Forms of a class, longest first, each with the one that stands for its class."""

    written: tuple[str, ...]
    instead: tuple[str, ...]

    @staticmethod
    def of(rows: Iterable[Row]) -> Forms:
        """From rows with `class` and `form`; words and single syllables have their own first form."""
        first: dict[tuple[str, bool], str] = {}
        found: dict[str, str] = {}
        for row in rows:
            form = row["form"]
            stands = first.setdefault((row["class"], len(form) > 1), form)
            found.setdefault(form, stands)
        order = sorted(found, key=lambda form: -len(form))
        return Forms(tuple(order), tuple(found[form] for form in order))

    def fold(self, text: pl.Expr) -> pl.Expr:
        """The text with every form as the one of its class."""
        return self._put(text, lambda _, stands: stands)

    def tokens(self, text: pl.Expr) -> pl.Expr:
        """List of the folded words and syllables, in order; what is no form stays together."""
        cut = self._put(text, lambda _, stands: f"{_CUT}{stands}{_CUT}").str.split(_CUT)
        return cut.list.filter(pl.element() != "")

    def cover(self, text: pl.Expr) -> pl.Expr:
        """Whether the whole text is forms, and begins with one of two or more characters."""
        marked = self._put(text, lambda form, _: _WORD if len(form) > 1 else _SYLLABLE)
        return marked.str.contains(f"^{_WORD}[{_WORD}{_SYLLABLE}]*$")

    def _put(self, text: pl.Expr, by: Callable[[str, str], str]) -> pl.Expr:
        pairs = zip(self.written, self.instead, strict=True)
        instead = [by(form, stands) for form, stands in pairs]
        return text.str.replace_many(list(self.written), instead, leftmost=True)


@cache
def syllables(languages: tuple[str, ...], *, with_single: bool = True) -> Forms:
    """Forms of some languages, of syllables.csv."""
    rows = (r for r in shipped_rows("syllables.csv") if r["language"] in languages)
    return Forms.of(r for r in rows if with_single or len(r["form"]) > 1)


@cache
def look_alikes() -> dict[str, str]:
    """Character -> the one that stands for those it is taken for, of look_alikes.csv."""
    return {row["form"]: row["class"] for row in shipped_rows("look_alikes.csv")}


@cache
def nicknames() -> dict[str, str]:
    """Short form of a Latin given name -> the name, of nicknames.csv."""
    return {row["form"]: row["class"] for row in shipped_rows("nicknames.csv")}
