"""The keys of a name, made once for every distinct name."""

from __future__ import annotations

from typing import Literal

import polars as pl

from jingzhun.linkage.names import sounds
from jingzhun.linkage.names.classes import (
    ARABIC,
    DOTTED,
    TIBETAN,
    look_alikes,
    nicknames,
    syllables,
)
from jingzhun.linkage.names.normal import parted
from jingzhun.linkage.names.structure import alone, with_structure

Part = Literal["full", "given", "surname"]
"""What a column holds: whole names, or given names or surnames alone."""

KEYS = (
    "clean",
    "structure",
    "tokens",
    "surname",
    "given",
    "pinyin",
    "syllable_class",
    "shape",
    "phonetic",
)


def name_keys(names: pl.Series, *, part: Part = "full") -> pl.DataFrame:
    """Keys of each name; one row per row of `names`, in the same order, null for a name not known.

    clean: the compare key. structure: han, dotted, tibetan (known words, no surname) or latin.
    tokens: its words, each as the one of its class. surname, given: null where there is none;
    of a dotted name `given` is the first part, of a tibetan one the whole.
    pinyin: toneless, a blank between syllables; null for Latin. syllable_class: every word as the one
    of its class, for Latin every nickname as its name, in order of the alphabet.
    shape: look-alikes as one; null for Latin. phonetic: sound without blanks.
    """
    distinct = names.alias("name").unique(maintain_order=True).to_frame()
    made = distinct_keys(distinct["name"], part=part).select(KEYS)
    found = (
        names.alias("name")
        .to_frame()
        .join(distinct.hstack(made), on="name", how="left", nulls_equal=True, maintain_order="left")
    )
    return found.select(KEYS)


def distinct_keys(names: pl.Series, *, part: Part = "full") -> pl.DataFrame:
    """`name_keys` without looking for repeats, and with what `NameTable` needs beside them."""
    base = (
        names.alias("name")
        .to_frame()
        .select(parted(pl.col("name").cast(pl.String)).alias("parted"))
    )
    base = base.with_columns(pl.col("parted").str.replace_all(" ", "").alias("clean"))
    facts = with_structure(base) if part == "full" else alone(base, is_surname=part == "surname")
    facts = facts.with_columns(_tokens().alias("tokens"), _folded().alias("syllable_class"))
    first = pl.when(_is("dotted")).then(pl.col("tokens").list.first())
    facts = facts.with_columns(pl.coalesce(first, "given").alias("given"))
    return _with_sounds(facts)


def _is(structure: str) -> pl.Expr:
    return pl.col("structure") == structure


def _tokens() -> pl.Expr:
    clean, parts = pl.col("clean"), pl.col("parted")
    has_parts = parts.str.contains(" ", literal=True)
    dotted = syllables(DOTTED)
    return (
        pl.when(_is("latin"))
        .then(parts.str.split(" "))
        .when(_is("tibetan"))
        .then(syllables(TIBETAN).tokens(clean))
        .when(_is("dotted") & has_parts)
        .then(dotted.fold(parts).str.split(" "))
        .when(_is("dotted") & pl.col("known"))
        .then(dotted.tokens(clean))
        .when(clean.is_not_null())
        .then(pl.concat_list(clean))
    )


def _folded() -> pl.Expr:
    clean = pl.col("clean")
    given = syllables(ARABIC, with_single=False).fold(pl.col("given"))
    latin = pl.col("parted").str.split(" ")
    latin = latin.list.eval(pl.element().replace(nicknames())).list.sort().list.join(" ")
    return (
        pl.when(_is("latin"))
        .then(latin)
        .when(_is("tibetan"))
        .then(syllables(TIBETAN).fold(clean))
        .when(_is("dotted"))
        .then(syllables(DOTTED).fold(clean))
        .when(clean.is_not_null())
        .then(pl.concat_str(pl.col("surname").fill_null(""), given.fill_null("")))
    )


def _with_sounds(facts: pl.DataFrame) -> pl.DataFrame:
    is_chinese = pl.col("structure") != "latin"
    surname = pl.when(_is("han")).then("surname")
    rest = pl.when(is_chinese).then(pl.col("clean").str.strip_prefix(surname.fill_null("")))
    split = facts.select(surname.alias("surname"), rest.alias("rest"))
    folded = facts.select(
        pl.when(_is("tibetan") | _is("dotted")).then("syllable_class")
    ).to_series()
    no_surname = pl.repeat(None, len(folded), dtype=pl.String, eager=True)
    words = pl.col("parted").str.split(" ").list.eval(sounds.spoken(pl.element()))
    squashed = pl.col("pinyin").str.replace_all(" ", "")
    return facts.with_columns(
        sounds.pinyin(split["surname"], split["rest"]),
        sounds.pinyin(no_surname, folded).alias("class_sound"),
        pl.when(is_chinese).then(pl.col("clean").str.replace_many(look_alikes())).alias("shape"),
    ).with_columns(
        pl.when(is_chinese)
        .then(squashed)
        .otherwise(words.list.sort().list.join(""))
        .alias("phonetic"),
        pl.when(_is("latin"))
        .then(pl.col("parted").str.split(" ").list.sort().list.join(" "))
        .alias("sorted"),
        pl.col("pinyin")
        .str.split(" ")
        .list.slice(pl.col("surname").str.len_chars().fill_null(0))
        .list.join("")
        .alias("given_sound"),
    )
