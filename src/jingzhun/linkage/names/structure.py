"""How a name is built: surname and given name, parts between dots, syllables, or Latin words."""

from __future__ import annotations

from functools import cache

import polars as pl

from jingzhun.linkage.names.classes import ARABIC, DOTTED, TIBETAN, syllables
from jingzhun.linkage.names.normal import HAN
from jingzhun.linkage.names.shipped import shipped_rows

LONG = 5
"""From so many characters on a name without a dot is taken for a transliterated one."""


@cache
def compound_surnames() -> tuple[str, ...]:
    """Surnames of two and more characters, longest first."""
    rows = shipped_rows("surnames.csv")
    return tuple(
        sorted((r["surname"] for r in rows if r["kind"] == "compound"), key=lambda s: -len(s))
    )


def with_structure(names: pl.DataFrame) -> pl.DataFrame:
    """`parted` and `clean` with structure, whether every part is a known word, surname and given.

    han: surname and given name. dotted: parts, the first is the person's own; no surname.
    tibetan: words and syllables of the tables, no surname. latin: given name first, surname last.
    """
    clean, parts = pl.col("clean"), pl.col("parted")
    surname = clean.str.extract(rf"^({'|'.join(compound_surnames())}|.).+$")
    facts = names.with_columns(
        clean.str.contains(HAN).alias("is_han"),
        syllables(TIBETAN).cover(clean).alias("in_tibetan"),
        syllables(DOTTED).cover(clean).alias("in_dotted"),
        surname.alias("han_surname"),
        parts.str.extract(r"^(\S+) ").alias("first"),
    ).with_columns(clean.str.strip_prefix(pl.col("han_surname")).alias("han_given"))
    known_given = syllables(ARABIC, with_single=False).cover(pl.col("han_given"))
    facts = facts.with_columns(known_given.alias("in_given"))
    has_parts = (pl.col("first").str.len_chars() > 1) & ~pl.col("first").is_in(
        list(compound_surnames())
    )
    is_compound = pl.col("han_surname").str.len_chars() > 1
    is_long = (clean.str.len_chars() >= LONG) & ~pl.col("in_given") & ~is_compound
    structure = (
        pl.when(clean.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(~pl.col("is_han"))
        .then(pl.lit("latin"))
        .when(pl.col("in_tibetan"))
        .then(pl.lit("tibetan"))
        .when(
            has_parts.fill_null(value=False) | pl.col("in_dotted") | is_long.fill_null(value=False)
        )
        .then(pl.lit("dotted"))
        .otherwise(pl.lit("han"))
    )
    return _with_parts(facts.with_columns(structure.alias("structure")))


def _with_parts(facts: pl.DataFrame) -> pl.DataFrame:
    clean, parts, structure = pl.col("clean"), pl.col("parted"), pl.col("structure")
    is_han, is_latin = structure == "han", structure == "latin"
    surname = pl.when(is_han).then("han_surname").when(is_latin).then(parts.str.extract(r" (\S+)$"))
    given = (
        pl.when(is_han)
        .then("han_given")
        .when(is_latin | (structure == "dotted"))
        .then(parts.str.extract(r"^(\S+)"))
        .otherwise(clean)
    )
    known = (
        pl.when(is_han)
        .then("in_given")
        .otherwise((structure == "tibetan") | ((structure == "dotted") & pl.col("in_dotted")))
    )
    return facts.select(
        "parted",
        "clean",
        "structure",
        known.fill_null(value=False).alias("known"),
        surname.alias("surname"),
        pl.coalesce(given, clean).alias("given"),
    )


def alone(names: pl.DataFrame, *, is_surname: bool) -> pl.DataFrame:
    """The same for a column that holds surnames or given names alone."""
    clean = pl.col("clean")
    is_han = clean.str.contains(HAN)
    in_tibetan, in_arabic = syllables(TIBETAN).cover(clean), syllables(DOTTED).cover(clean)
    structure = (
        pl.when(clean.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(~is_han)
        .then(pl.lit("latin"))
        .when(in_tibetan)
        .then(pl.lit("tibetan"))
        .when(in_arabic)
        .then(pl.lit("dotted"))
        .otherwise(pl.lit("han"))
    )
    nothing = pl.lit(None, dtype=pl.String)
    return names.select(
        "parted",
        "clean",
        structure.alias("structure"),
        (in_tibetan | in_arabic).fill_null(value=False).alias("known"),
        (clean if is_surname else nothing).alias("surname"),
        (nothing if is_surname else clean).alias("given"),
    )
