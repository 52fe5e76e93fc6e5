"""The normal form of a name: one way to show it, one way to compare it."""

from __future__ import annotations

import polars as pl

DOT = "\u00b7"
"""The middle dot of the notice of 12 ministries of 2016."""


def display(names: pl.Series) -> pl.Series:
    """Names as they should be shown: NFC, every dot between Chinese parts as U+00B7; null stays null."""
    return names.str.normalize("NFC").str.replace_all(r"[•・･‧∙⋅．。]", DOT)


def clean(names: pl.Series) -> pl.Series:
    """What is compared: no dots, blanks, case, width or accents; null when nothing is left."""
    kept = display(names).str.normalize("NFKC").str.to_lowercase()
    kept = kept.str.replace_all(r"[\s·.\-']", "")
    return kept.to_frame("n").select(pl.when(pl.col("n") != "").then("n")).to_series()
