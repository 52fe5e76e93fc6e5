"""Anything written: strings, longer texts, codes, e-mail addresses, numbers that only one person has."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from jingzhun.linkage.fields.coded import Coded, Compare, Indices, Levels, Vocabulary, numbered

STRING = ("same", "one_edit", "alike", "near", "part", "different")
TEXT = ("same", "one_edit", "same_words", "alike", "near", "part", "different")
CODE = ("same", "one_edit", "same_start", "different")
EMAIL = ("same", "one_edit", "same_user", "user_alike", "different")
NUMBER = ("same", "one_edit", "alike", "different")
EXACT = ("same", "different")
ALIKE, NEAR = 0.92, 0.84
WORDS_ALIKE, WORDS_NEAR = 85, 65
"""Likeness of two texts by their words, in per cent."""
LONG = 8
"""Texts of so many characters may be two slips apart and still count as one."""

Texts = NDArray[np.object_]


def tidy(values: pl.Series) -> pl.Series:
    """Lower case, one blank between words, no other signs; null when nothing is left."""
    text = pl.col("text").str.normalize("NFKC").str.to_lowercase()
    text = text.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    frame = values.cast(pl.String).alias("text").to_frame().select(text)
    return frame.select(pl.when(pl.col("text") != "").then("text"))["text"]


def distances(one: Texts, two: Texts, most: int) -> NDArray[np.int32]:
    """Slips between two texts: a character more, less, other, or two neighbours swapped."""
    found = process.cpdist(one, two, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)
    return np.asarray(found)


def likeness(one: Texts, two: Texts) -> NDArray[np.float32]:
    """Jaro-Winkler, 0 to 1."""
    found = process.cpdist(one, two, scorer=JaroWinkler.similarity, dtype=np.float32)
    return np.asarray(found)


def _is_slip(one: Texts, two: Texts, lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    apart = distances(one, two, 2)
    return np.asarray((apart <= 1) & (lengths >= 3) | (apart <= 2) & (lengths >= LONG))


def _string(values: Texts) -> Compare:
    lengths = np.array([len(text) for text in values], dtype=np.int64)

    def compare(left: Indices, right: Indices) -> Levels:
        one, two = values[left], values[right]
        shorter = np.minimum(lengths[left], lengths[right])
        like = likeness(one, two)
        begins = np.array(
            [a.startswith(b) or b.startswith(a) for a, b in zip(one, two, strict=True)], dtype=bool
        )
        conditions = [
            _is_slip(one, two, shorter),
            like >= ALIKE,
            like >= NEAR,
            begins & (shorter >= 1),
        ]
        return np.select(conditions, [1, 2, 3, 4], 5).astype(np.int8)

    return compare


def _text(values: Texts) -> Compare:
    lengths = np.array([len(text) for text in values], dtype=np.int64)
    in_order = np.array([" ".join(sorted(text.split())) for text in values], dtype=object)

    def compare(left: Indices, right: Indices) -> Levels:
        one, two = values[left], values[right]
        shorter = np.minimum(lengths[left], lengths[right])
        words = in_order[left], in_order[right]
        ratio = np.asarray(process.cpdist(*words, scorer=fuzz.ratio, dtype=np.float32))
        shared = np.asarray(process.cpdist(one, two, scorer=fuzz.token_set_ratio, dtype=np.float32))
        conditions = [
            _is_slip(one, two, shorter),
            words[0] == words[1],
            ratio >= WORDS_ALIKE,
            ratio >= WORDS_NEAR,
            shared >= WORDS_ALIKE,
        ]
        return np.select(conditions, [1, 2, 3, 4, 5], 6).astype(np.int8)

    return compare


def _code(values: Texts) -> Compare:
    lengths = np.array([len(text) for text in values], dtype=np.int64)
    starts = _starts(pl.Series(values, dtype=pl.String)).to_numpy()

    def compare(left: Indices, right: Indices) -> Levels:
        one, two = values[left], values[right]
        shorter = np.minimum(lengths[left], lengths[right])
        conditions = [
            (distances(one, two, 1) <= 1) & (shorter >= 3),
            (starts[left] == starts[right]) & (shorter >= 3),
        ]
        return np.select(conditions, [1, 2], 3).astype(np.int8)

    return compare


def _starts(values: pl.Series) -> pl.Series:
    """What stands before the blank of a code, or its first half."""
    frame = values.alias("code").to_frame()
    code = pl.col("code")
    half = code.str.slice(0, (code.str.len_chars() + 1) // 2)
    return frame.select(pl.coalesce(code.str.extract(r"^(\S+) "), half))["code"]


def _number(values: Texts) -> Compare:
    def compare(left: Indices, right: Indices) -> Levels:
        one, two = values[left], values[right]
        conditions = [distances(one, two, 1) <= 1, likeness(one, two) >= 0.9]
        return np.select(conditions, [1, 2], 3).astype(np.int8)

    return compare


def _email(values: Texts) -> Compare:
    users = np.array([text.split("@")[0] for text in values], dtype=object)
    # Addresses are made of names: namesakes have the same letters and other digits.
    digits = np.array(["".join(c for c in text if c.isdigit()) for text in values], dtype=object)

    def compare(left: Indices, right: Indices) -> Levels:
        one, two = users[left], users[right]
        apart = distances(values[left], values[right], 2)
        slips = (apart <= 1) | ((apart <= 2) & (digits[left] == digits[right]))
        conditions = [slips, one == two, likeness(one, two) >= ALIKE]
        return np.select(conditions, [1, 2, 3], 4).astype(np.int8)

    return compare


def _exact(values: Texts) -> Compare:
    del values

    def compare(left: Indices, right: Indices) -> Levels:
        del right
        return np.ones(len(left), dtype=np.int8)

    return compare


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[Texts], Compare]]] = {
    "string": (STRING, _string),
    "text": (TEXT, _text),
    "code": (CODE, _code),
    "email": (EMAIL, _email),
    "exact_id": (NUMBER, _number),
    "exact": (EXACT, _exact),
    "sex": (EXACT, _exact),
}


def coded_text(field: str, left: pl.Series, right: pl.Series, kind: str) -> Coded:
    """A column of texts, compared as its kind asks."""
    given = Vocabulary.of(left.cast(pl.String), right.cast(pl.String))
    words = given.told(_normal(given.values, kind))
    levels, make = _KINDS[kind]
    values = words.values
    return Coded(
        field,
        kind,
        levels,
        words,
        make(values.to_numpy()),
        _keys(values, kind),
        is_quick=make is _exact,
    )


def _normal(values: pl.Series, kind: str) -> pl.Series:
    """What is compared of each value."""
    if kind == "email":
        return values.str.to_lowercase().str.strip_chars()
    text = tidy(values)
    return text.str.replace_all(" ", "", literal=True) if kind == "exact_id" else text


def _keys(values: pl.Series, kind: str) -> dict[str, NDArray[np.int64]]:
    keys = {"whole": np.arange(len(values), dtype=np.int64)}
    if kind in {"exact", "sex"}:
        return keys
    more = {"start": _starts(values)}
    if kind == "email":
        more = {"user": values.str.split("@").list.first()}
    elif kind == "exact_id":
        half = (values.str.len_chars() + 1) // 2
        frame = values.alias("id").to_frame().with_columns(half.alias("half"))
        tail = frame.select(pl.col("id").str.slice(pl.col("half")))["id"]
        more = {"head": _starts(values), "tail": tail}
    elif kind in {"string", "text"}:
        more = {"start": values.str.slice(0, 4), "last": values.str.extract(r"(\S+)$")}
    return keys | {name: numbered(part) for name, part in more.items()}
