"""Names of persons: whole, or given name and surname apart."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from jingzhun.linkage.fields.coded import (
    UNKNOWN,
    Coded,
    Compare,
    Indices,
    Levels,
    Vocabulary,
    numbered,
)
from jingzhun.linkage.names import Level, NameTable, Part

LEVELS = (
    "same",
    "reordered",
    "written_otherwise",
    "same_sound",
    "look_alike",
    "cut",
    "one_edit",
    "alike",
    "part",
    "near",
    "surname",
    "different",
)
_OF_LEVEL = {
    Level.EXACT: "same",
    Level.VARIANT: "same",
    Level.REORDERED: "reordered",
    Level.SYLLABLES: "written_otherwise",
    Level.SOUND: "same_sound",
    Level.SHAPE: "look_alike",
    Level.TRUNCATED: "cut",
    Level.ONE_EDIT: "one_edit",
    Level.TOKENS: "part",
    Level.SURNAME: "surname",
    Level.ELSE: "different",
}
_PLACE = np.array([LEVELS.index(_OF_LEVEL[level]) for level in sorted(_OF_LEVEL)], dtype=np.int8)
ALIKE, NEAR = 0.88, 0.8
"""Jaro-Winkler likeness of Latin names that share no sound and are more than one edit apart."""


def coded_name(field: str, left: pl.Series, right: pl.Series, part: Part) -> Coded:
    """A column of names; `part` says what it holds."""
    words = Vocabulary.of(left.cast(pl.String), right.cast(pl.String))
    table = NameTable(words.values, part=part)
    keys = table.keys
    first = keys["tokens"].list.first() if part == "full" else keys["clean"].str.slice(0, 1)
    blocking = {
        "whole": keys["clean"],
        "sound": keys["phonetic"],
        "written": keys["syllable_class"],
        "first": first,
    }
    if part == "full":
        blocking["surname"] = keys["surname"]
    made = {name: numbered(values) for name, values in blocking.items()}
    words = words.without(keys["clean"].is_null().to_numpy())
    return Coded(
        field, f"name_{part}", LEVELS, words, _compare(table), made, made["whole"], keys["clean"]
    )


def paired_name(field: str, left: pl.Series, right: pl.Series, part: Part) -> Coded:
    """The same for pairs of rows that are known beforehand: keys are made only of names that differ."""
    words = Vocabulary.of(left.cast(pl.String), right.cast(pl.String))

    def compare(one: Indices, two: Indices) -> Levels:
        used, where = np.unique(np.concatenate([one, two]), return_inverse=True)
        table = NameTable(words.values.gather(used), part=part)
        return _compare(table)(where[: len(one)], where[len(one) :])

    texts = words.values.str.to_lowercase().str.strip_chars()
    return Coded(field, f"name_{part}", LEVELS, words, compare, texts=texts)


def _compare(table: NameTable) -> Compare:
    clean = table.keys["clean"].fill_null("").to_numpy()
    is_latin = (table.keys["structure"] == "latin").fill_null(value=False).to_numpy()

    def compare(one: Indices, two: Indices) -> Levels:
        levels = table.levels(one, two)
        found = np.where(levels < 0, np.int8(UNKNOWN), _PLACE[levels.clip(0)])
        open_ = np.nonzero((found >= LEVELS.index("part")) & is_latin[one] & is_latin[two])[0]
        if len(open_):
            likeness = process.cpdist(
                clean[one[open_]],
                clean[two[open_]],
                scorer=JaroWinkler.similarity,
                dtype=np.float32,
            )
            found[open_] = _by_likeness(found[open_], np.asarray(likeness))
        return found

    return compare


def _by_likeness(level: Levels, likeness: NDArray[np.float32]) -> Levels:
    found = level.copy()
    near, alike = np.int8(LEVELS.index("near")), np.int8(LEVELS.index("alike"))
    found[(likeness >= NEAR) & (level > near)] = near
    found[likeness >= ALIKE] = alike
    return found
