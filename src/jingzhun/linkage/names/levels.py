"""How far two names agree, as a level per pair."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jingzhun.linkage.names.by_text import facts_of, level_by_text
from jingzhun.linkage.names.keys import KEYS, Part, distinct_keys
from jingzhun.linkage.names.level import Level
from jingzhun.linkage.names.likeness import likeness

Indices = NDArray[Any]
Mask = NDArray[np.bool_]
Levels = NDArray[np.int8]

UNKNOWN = -1
_CHUNK = 500_000
"""Pairs compared at once, so that memory stays bounded."""


class NameTable:
    """Distinct names with their keys, for comparing many pairs by position."""

    def __init__(self, names: pl.Series, *, part: Part = "full") -> None:
        self.names = names
        self.part = part
        self._all = distinct_keys(names, part=part)

    @property
    def keys(self) -> pl.DataFrame:
        """`name_keys` of the names."""
        return self._all.select(KEYS)

    def levels(self, left: Indices, right: Indices) -> Levels:
        """Level of each pair of positions; -1 where one of the names is null."""
        found = [
            self._levels(left[i : i + _CHUNK], right[i : i + _CHUNK])
            for i in range(0, len(left), _CHUNK)
        ]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int8)

    def similarity(self, left: Indices, right: Indices) -> NDArray[np.float32]:
        """Likeness of each pair of positions, 0 to 1; NaN where one of the names is null."""
        return likeness(self._all, left, right, self.levels(left, right))

    @cached_property
    def _codes(self) -> dict[str, NDArray[np.int32]]:
        """Each key as a number, so that equality is one comparison; -1 is null."""
        # What is sound for one script is spelling for another: both in one vocabulary.
        spelled = pl.concat([self._all["phonetic"], self._all["clean"], self._swapped()])
        crossed = _numbers(spelled).reshape(3, -1)
        exact = (
            self.names.alias("name")
            .to_frame()
            .select(pl.col("name").str.normalize("NFC").str.strip_chars())
        )
        codes = {name: _numbers(self._all[name]) for name in _COMPARED}
        codes["exact"] = _numbers(exact.to_series())
        codes["heard"], codes["spelled"], codes["turned"] = crossed
        return codes

    def _swapped(self) -> pl.Series:
        parts = pl.col("parted").str.split(" ")
        turned = pl.concat_str(
            parts.list.last(), parts.list.head(parts.list.len() - 1).list.join("")
        )
        return self._all.select(turned.alias("phonetic")).to_series()

    @cached_property
    def _facts(self) -> pl.DataFrame:
        """What the slower comparisons look at."""
        return facts_of(self._all)

    def _levels(self, left: Indices, right: Indices) -> Levels:
        clean = self._codes["clean"]
        out = np.where((clean[left] >= 0) & (clean[right] >= 0), 0, UNKNOWN).astype(np.int8)
        open_ = np.nonzero(out == 0)[0]
        out[open_] = self._by_key(left[open_], right[open_])
        open_ = np.nonzero(out == 0)[0]
        if len(open_):
            out[open_] = self._by_text(left[open_], right[open_])
        return out

    def _by_key(self, left: Indices, right: Indices) -> Levels:
        codes = self._codes

        def same(key: str, other: str | None = None) -> Mask:
            one, two = codes[key][left], codes[other or key][right]
            return np.asarray((one == two) & (one >= 0))

        is_latin = self._facts["is_latin"].fill_null(value=False).to_numpy()
        crosses = is_latin[left] != is_latin[right]
        sounds = same("pinyin") | same("class_sound")
        # 王建军 is WANG JIANJUN and Jianjun Wang in other departments' tables.
        across = same("heard", "spelled") | same("heard", "turned")
        across |= same("spelled", "heard") | same("turned", "heard")
        sounds |= crosses & across
        sounds |= same("phonetic") & is_latin[left] & is_latin[right] & self._near(left, right)
        conditions = {
            Level.EXACT: same("exact"),
            Level.VARIANT: same("clean"),
            Level.REORDERED: same("sorted"),
            Level.SYLLABLES: same("syllable_class"),
            Level.SOUND: sounds,
            Level.SHAPE: same("shape"),
        }
        return np.select(list(conditions.values()), list(conditions), 0).astype(np.int8)

    def _near(self, left: Indices, right: Indices) -> Mask:
        """Latin names of one sound whose letters are at most two, and two in five, apart."""
        out = np.zeros(len(left), dtype=bool)
        code = self._codes["phonetic"]
        where = np.nonzero((code[left] == code[right]) & (code[left] >= 0))[0]
        apart, longest = self._distance(left[where], right[where], 2)
        out[where] = (apart <= 2) & (apart <= 0.4 * longest)
        return out

    def _distance(self, left: Indices, right: Indices, most: int) -> tuple[Indices, Indices]:
        clean = self._facts["clean"].to_numpy()
        length = self._facts["length"].fill_null(0).to_numpy()
        apart = process.cpdist(
            clean[left], clean[right], scorer=OSA.distance, score_cutoff=most, dtype=np.int32
        )
        return np.asarray(apart), np.maximum(length[left], length[right])

    def _by_text(self, left: Indices, right: Indices) -> Levels:
        apart, _ = self._distance(left, right, 2)
        pairs = (
            self._facts[left]
            .hstack(self._facts[right].select(pl.all().name.suffix("_2")))
            .with_columns(pl.Series("apart", apart))
        )
        return pairs.select(level_by_text().alias("level"))["level"].to_numpy()


_COMPARED = ("clean", "pinyin", "class_sound", "syllable_class", "shape", "phonetic", "sorted")


def _numbers(values: pl.Series) -> NDArray[np.int32]:
    ranked = values.rank("dense").cast(pl.Int32).fill_null(UNKNOWN)
    return ranked.to_numpy()


def levels(left: pl.Series, right: pl.Series, *, part: Part = "full") -> pl.Series:
    """Level of agreement of each pair (Int8, see `Level`); null where one of the names is null.

    Every distinct pair is compared once. Symmetric.
    """
    names, at, pairs = _distinct(left, right)
    found = NameTable(names, part=part).levels(pairs["left"].to_numpy(), pairs["right"].to_numpy())
    level = pl.Series("level", found)
    level = level.to_frame().select(pl.when(pl.col("level") >= 0).then("level")).to_series()
    return level.gather(at)


def similarity(left: pl.Series, right: pl.Series, *, part: Part = "full") -> pl.Series:
    """Likeness of each pair (Float32, 0 to 1); null where one of the names is null."""
    names, at, pairs = _distinct(left, right)
    table = NameTable(names, part=part)
    found = table.similarity(pairs["left"].to_numpy(), pairs["right"].to_numpy())
    return pl.Series("similarity", found).fill_nan(None).gather(at)


def _distinct(left: pl.Series, right: pl.Series) -> tuple[pl.Series, pl.Series, pl.DataFrame]:
    """Distinct names, the distinct pairs of their positions, and which of these each pair is."""
    both = pl.concat([left.cast(pl.String).alias("name"), right.cast(pl.String).alias("name")])
    names = both.unique(maintain_order=True)
    at = (
        both.to_frame()
        .join(
            names.to_frame().with_row_index("at"),
            on="name",
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )["at"]
        .to_numpy()
    )
    code = at[: len(left)].astype(np.uint64) * np.uint64(max(len(names), 1)) + at[len(left) :]
    single = pl.Series("pair", code).unique(maintain_order=True)
    which = pl.DataFrame({"pair": code}).join(
        single.to_frame().with_row_index("which"), on="pair", how="left", maintain_order="left"
    )
    pairs = single.to_frame().select(
        (pl.col("pair") // max(len(names), 1)).alias("left"),
        (pl.col("pair") % max(len(names), 1)).alias("right"),
    )
    return names, which["which"], pairs
