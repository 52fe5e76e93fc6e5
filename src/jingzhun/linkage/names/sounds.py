"""How names sound: toneless pinyin of Chinese characters, and a code of Latin words."""

from __future__ import annotations

from functools import cache

import polars as pl
from pypinyin import Style, lazy_pinyin

from jingzhun.linkage.names.shipped import shipped_rows

_SPELLINGS = (
    ("^(?:kn|gn|pn)", "n"),
    ("^wr", "r"),
    ("^ps", "s"),
    ("^x", "s"),
    ("x", "ks"),
    ("mb$", "m"),
    ("sch|tch|sh|ch", "x"),
    ("[ct]i([oa])", "x${1}"),
    ("ph", "f"),
    ("ght", "t"),
    ("gh([^aeiouy]|$)", "${1}"),
    ("dg([eiy])", "j${1}"),
    ("c([eiy])", "s${1}"),
    ("th", "t"),
    ("[cq]", "k"),
    ("z", "s"),
    ("v", "f"),
    ("y", "i"),
    ("w([^aeiou]|$)", "${1}"),
    ("([^ ])h", "${1}"),
    ("^[aeiou]+", "A"),
    ("^([^aeiouA]+)a[aeiou]*", "${1}1"),
    ("^([^aeiouA1]+)[ei][aeiou]*", "${1}2"),
    ("^([^aeiouA12]+)[ou][aeiou]*", "${1}3"),
    ("[aeiou]+", ""),
)
"""Spellings of one sound in names of English, German and Slavic origin; x stands for sh and ch.

Of the vowels only the first counts: A when it begins the word, else 1 (a), 2 (e, i) or 3 (o, u).
"""
_LETTERS = "bdfgjklmnprstx"


@cache
def surname_readings() -> dict[str, str]:
    """Reading of a surname where it is not the usual one of its characters (单 shan, 查 zha)."""
    rows = shipped_rows("surnames.csv")
    return {row["surname"]: row["pinyin"] for row in rows if row["pinyin"]}


def readings(characters: list[str]) -> dict[str, str]:
    """Toneless reading of each Chinese character, the commonest one in names; others are left out."""
    found = {c: lazy_pinyin(c, style=Style.NORMAL, errors="ignore") for c in characters}
    usual = {character: read[0] for character, read in found.items() if read}
    own = {row["character"]: row["pinyin"] for row in shipped_rows("readings.csv")}
    return usual | {c: own[c] for c in characters if c in own}


def pinyin(surname: pl.Series, rest: pl.Series) -> pl.Series:
    """Toneless pinyin with a blank between syllables; surnames are read as surnames."""
    both = pl.concat([surname, rest]).drop_nulls()
    characters = both.str.split("").explode().unique().drop_nulls().to_list()
    sounds = {c: f"{sound} " for c, sound in readings([c for c in characters if c]).items()}
    special = {name: f"{sound} " for name, sound in surname_readings().items()}
    frame = pl.DataFrame({"surname": surname, "rest": rest})
    first = pl.col("surname").replace(special).str.replace_many(sounds)
    second = pl.col("rest").str.replace_many(sounds)
    read = pl.concat_str(first, second, ignore_nulls=True).str.strip_chars()
    return frame.select(pl.when(read != "").then(read).alias("pinyin")).to_series()


def spoken(word: pl.Expr) -> pl.Expr:
    """Code of the sound of a Latin word: its consonants and the kind of its first vowel."""
    code = word
    for spelling, sound in _SPELLINGS:
        code = code.str.replace_all(spelling, sound)
    return code.str.replace_many([2 * c for c in _LETTERS], list(_LETTERS))
