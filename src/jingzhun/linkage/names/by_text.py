"""Levels of pairs that share no key: by their letters and parts."""

from __future__ import annotations

import polars as pl

from jingzhun.linkage.names.level import Level

LONG = 8
"""Names of so many characters may differ in two of them and still be one edit apart."""
CUT = 4
"""Fields are cut at four characters and more; a shorter name is no cut one."""


def facts_of(keys: pl.DataFrame) -> pl.DataFrame:
    """What is compared, one row per name."""
    clean = pl.col("clean")
    return keys.select(
        "clean",
        "tokens",
        "given",
        "known",
        "surname",
        clean.str.len_chars().alias("length"),
        (pl.col("structure") == "latin").alias("is_latin"),
        (pl.col("structure") == "dotted").alias("is_dotted"),
        (pl.col("structure") == "han").alias("is_han"),
        pl.col("tokens").list.filter(pl.element().str.len_chars() > 1).alias("words"),
        pl.col("tokens").list.len().alias("count"),
        pl.col("given").str.slice(0, 1).alias("initial"),
    )


def level_by_text() -> pl.Expr:
    """Level of a pair of rows of facts, the second with `_2` behind its names, and `apart`, their edits."""
    return (
        pl.when(_is_truncated())
        .then(int(Level.TRUNCATED))
        .when(_is_one_edit())
        .then(int(Level.ONE_EDIT))
        .when(_share_token())
        .then(int(Level.TOKENS))
        .when(_equal("surname"))
        .then(int(Level.SURNAME))
        .otherwise(int(Level.ELSE))
        .cast(pl.Int8)
    )


def _both(name: str) -> pl.Expr:
    return pl.col(name) & pl.col(f"{name}_2")


def _equal(name: str) -> pl.Expr:
    return (pl.col(name) == pl.col(f"{name}_2")).fill_null(value=False)


def _shorter() -> pl.Expr:
    return pl.min_horizontal("length", "length_2")


def _begins() -> pl.Expr:
    one, two = pl.col("clean"), pl.col("clean_2")
    return one.str.starts_with(two) | two.str.starts_with(one)


def _is_truncated() -> pl.Expr:
    few, many = pl.min_horizontal("count", "count_2"), pl.max_horizontal("count", "count_2")
    # A Latin given name alone is no cut whole name; a father's name may lawfully be left out.
    is_cut = (_shorter() >= CUT) & ~(_both("is_latin") & (few == 1) & (many > 1))
    left_out = _both("is_dotted") & ((_shorter() >= 3) | ((few == 1) & _equal("given")))
    one_letter = (pl.col("given").str.len_chars() == 1) | (pl.col("given_2").str.len_chars() == 1)
    same_name = _equal("surname") | (pl.col("surname").is_null() & pl.col("surname_2").is_null())
    initials = _both("is_latin") & one_letter & _equal("initial") & same_name
    middle = _both("is_latin") & (few > 1) & (few != many) & _equal("surname") & _equal("given")
    return (_begins() & (is_cut | left_out)) | initials | middle


def _is_one_edit() -> pl.Expr:
    near = (pl.col("apart") <= 1) | ((pl.col("apart") <= 2) & (_shorter() >= LONG))
    swapped = (pl.col("clean").str.reverse() == pl.col("clean_2")) & (pl.col("length") == 2)
    # Two known words that differ are two names, not a slip of the pen: 拉毛草, 拉毛吉. In longer names
    # without a surname a wrong writing may by chance be a word of the table.
    is_known = _both("known") & (_both("is_han") | (_shorter() < CUT))
    is_slip = near & (_shorter() >= 3) & ~is_known
    lacks_last = _begins() & (pl.col("apart") <= 1) & ~_both("is_latin")
    lacks_last &= _shorter() >= pl.when(_both("is_han")).then(2).otherwise(3)
    return is_slip | lacks_last | (swapped & ~_both("known"))


def _share_token() -> pl.Expr:
    words = pl.col("words").list.set_intersection(pl.col("words_2")).list.len() > 0
    own = _equal("given")
    of_latin = own | (words & ~_equal("surname"))
    character = _both("is_han") & _equal("surname") & (pl.col("apart") <= 1) & (_shorter() >= 2)
    longer = pl.max_horizontal("length", "length_2") > 2
    shared = pl.when(_both("is_latin")).then(of_latin).otherwise(words | own)
    return (shared | (character & longer)).fill_null(value=False)
