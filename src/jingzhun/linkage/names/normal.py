"""The normal form of a name: one way to show it, one way to compare it; the stored name stays."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from jingzhun.linkage.names.shipped import shipped_rows
from jingzhun.standard.divisions.shipped import shipped_rows as division_rows

DOT = "\u00b7"
"""The middle dot of the notice of 12 ministries of 2016."""
UNREADABLE = "\ufffd"
"""Stands in the compare key for a character that a file could not hold."""

HAN = r"[\p{Han}\x{E000}-\x{F8FF}]"
"""A Chinese character, or one of the private-use area, where rare ones were kept before Unicode."""
_INVISIBLE = r"[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}\x{FE00}-\x{FE0F}]"
_APOSTROPHES = r"['’‘`´ʼʻ]"
_LOST = r"[?？*＊□■〓]"
_ACCENTS = r"[\x{0300}-\x{036F}]"
_SEPARATORS = r"[\p{P}\p{Z}\p{Cc}\p{Cf}\s^~|$+<>=°●]+"


@cache
def dots() -> str:
    """Every other character that files have for the middle dot, escaped for a regular expression."""
    marks = (chr(int(row["code"], 16)) for row in shipped_rows("dots.csv"))
    return "".join(re.escape(mark) for mark in marks if mark != DOT)


@cache
def glyphs() -> dict[str, str]:
    """Traditional, Japanese and variant characters -> the one of today's standard."""
    pairs = {r["variant"]: r["standard"] for r in division_rows("glyph_variants.csv")}
    pairs |= {r["variant"]: r["standard"] for r in shipped_rows("glyphs.csv")}
    return {variant: pairs.get(standard, standard) for variant, standard in pairs.items()}


def shown(name: pl.Expr) -> pl.Expr:
    """Expression of `display`."""
    tidy = name.str.normalize("NFC").str.replace_all(_INVISIBLE, "").str.strip_chars()
    between = rf"({HAN})[\s{DOT}]*[{dots()}][\s{DOT}{dots()}]*({HAN})"
    for _ in range(2):  # a part of a single character has a dot on both sides
        tidy = tidy.str.replace_all(between, f"${{1}}{DOT}${{2}}")
    return tidy.str.replace_all(rf"\s*{DOT}[\s{DOT}]*", DOT)


def parted(name: pl.Expr) -> pl.Expr:
    """The compare key with one blank between the parts; a name written "Last, First" is turned."""
    text = shown(name).str.replace_all(_LOST, UNREADABLE).str.replace_all(_APOSTROPHES, "")
    text = text.str.normalize("NFKD").str.replace_all(_ACCENTS, "").str.normalize("NFC")
    text = text.str.to_lowercase().str.replace_many(glyphs())
    text = text.str.replace(r"^([^,]*[^,\s])\s*,\s*([^,]*[^,\s])$", "${2} ${1}")
    text = text.str.replace_all(_SEPARATORS, " ").str.strip_chars()
    return pl.when(text != "").then(text)


def display(names: pl.Series) -> pl.Series:
    """Names as they should be shown: NFC, every dot between Chinese parts as U+00B7; null stays null."""
    return names.alias("name").to_frame().select(shown(pl.col("name"))).to_series()


def clean(names: pl.Series) -> pl.Series:
    """What is compared: no dots, blanks, case, width, accents or variant glyphs; null when empty."""
    key = parted(pl.col("name")).str.replace_all(" ", "")
    return names.alias("name").to_frame().select(key.alias("clean")).to_series()
