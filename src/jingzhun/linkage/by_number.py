"""The first passes: people with the same identity number, or with numbers one slip apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.linkage.fields import by_date, by_name
from jingzhun.linkage.fields.coded import Coded
from jingzhun.linkage.linked import CERTAIN, ID, ID_FORM, ID_NEAR, PROBABLE, REVIEW
from jingzhun.linkage.near import near_pairs
from jingzhun.linkage.rows import Tables
from jingzhun.linkage.training import LevelRows

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Agreement:
    """How the names and birth dates of pairs agree, whatever columns they are in."""

    name_agrees: Mask
    name_differs: Mask
    """Quite different: not even a part, a sound or a likeness in common."""
    birth_agrees: Mask
    birth_differs: Mask
    sex_agrees: Mask
    sex_differs: Mask

    @classmethod
    def of(cls, fields: Sequence[Coded], levels: LevelRows) -> Agreement:
        """From the levels of the fields."""
        found = {coded.kind: row for coded, row in zip(fields, levels, strict=True)}
        nothing = np.full(levels.shape[1], -1, dtype=np.int8)
        full, given, surname, birth, sex = (
            found.get(kind, nothing)
            for kind in ("name_full", "name_given", "name_surname", "birth_date", "sex")
        )
        alike, near = by_name.LEVELS.index("alike"), by_name.LEVELS.index("near")
        parts = by_date.LEVELS.index("two_parts")
        own = np.where(full >= 0, full, np.where(given >= 0, given, surname))
        return cls(
            name_agrees=(own >= 0) & (own <= alike) & ((full >= 0) | (surname <= alike)),
            name_differs=own >= near,
            birth_agrees=(birth >= 0) & (birth <= parts),
            birth_differs=birth > parts,
            sex_agrees=sex == 0,
            sex_differs=sex > 0,
        )

    def conflict(self) -> Mask:
        """Quite different name and birth date."""
        return self.name_differs & self.birth_differs

    def band(self) -> NDArray[np.str_]:
        """Band of pairs of the same number."""
        doubtful = self.name_differs & ~self.birth_agrees
        weaker = self.name_differs | (self.birth_differs & ~self.name_agrees)
        return np.select([doubtful, weaker], [REVIEW, PROBABLE], CERTAIN)

    def near_enough(self) -> Mask:
        """Whether pairs with numbers one slip apart are one person."""
        birth = self.birth_agrees | (~self.birth_differs & self.sex_agrees)
        return self.name_agrees & birth & ~self.sex_differs

    def near_band(self) -> NDArray[np.str_]:
        """Band of such pairs."""
        return np.where(self.birth_agrees & ~self.sex_differs, CERTAIN, PROBABLE)


def same_number(tables: Tables, name: str) -> pl.DataFrame:
    """Pairs with the same valid number: left, right (row numbers), pass."""
    sides = [
        pl.DataFrame({"key": one.numbers[name].key, side: np.arange(one.height, dtype=np.uint32),
                      f"{side}_form": one.numbers[name].is_form}).filter(pl.col("key") >= 0)
        for side, one in (("left", tables.left), ("right", tables.right))
    ]  # fmt: skip
    pairs = sides[0].join(sides[1], on="key")
    if tables.is_one:
        pairs = pairs.filter(pl.col("left") < pl.col("right"))
    is_form = pl.col("left_form") | pl.col("right_form")
    passed = pl.when(is_form).then(pl.lit(ID_FORM)).otherwise(pl.lit(ID)).alias("pass")
    return pairs.select("left", "right", passed).sort("left", "right")


def slipped(tables: Tables, name: str) -> pl.DataFrame:
    """Pairs with numbers one slip apart: left, right, pass."""
    pairs = near_pairs(tables.left.numbers[name], tables.right.numbers[name])
    if tables.is_one:
        pairs = pairs.filter(pl.col("left") < pl.col("right")).unique().sort("left", "right")
    return pairs.with_columns(pl.lit(ID_NEAR).alias("pass"))
