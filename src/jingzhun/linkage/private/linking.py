"""Two encoded files -> which rows are one person. Needs no key and sees no name, number or date."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jingzhun.linkage.private.encoded import BLOCKS, NEAR, Encoded
from jingzhun.linkage.private.likeness import Likeness
from jingzhun.linkage.private.settings import Limits

LINKS = ("left_id", "right_id", "band")
CERTAIN, PROBABLE, REVIEW = "certain", "probable", "review"
_RANK = {CERTAIN: 0, PROBABLE: 1, REVIEW: 2}


@dataclass(frozen=True)
class LinkedEncodings:
    """What is handed back: ids and bands, nothing else."""

    links: pl.DataFrame
    """One row per link: left_id, right_id, band (certain, probable, review)."""
    conflicts: pl.DataFrame
    """Rows with the same number that are quite different otherwise: left_id, right_id."""
    left_out: int
    """Blocking keys borne by too many rows, so that pairs under them were not compared."""
    compared: int
    """Pairs compared."""


def link_encoded(
    left: Encoded, right: Encoded, *, one_to_one: bool = False, limits: Limits | None = None
) -> LinkedEncodings:
    """Link two encoded files; every row on the right has one link at most, or ties as `review`.

    With `one_to_one` a row on the left has one link at most too; the weaker ones become `review`.
    Two valid numbers that differ are never one person, however alike the rest is.
    InputError when the files were made with different keys or settings.
    """
    left.must_match(right)
    return _Linking(left, right, limits or Limits()).linked(one_to_one=one_to_one)


class _Linking:
    """One comparison; pairs are rows of `left` and `right` by position."""

    def __init__(self, left: Encoded, right: Encoded, limits: Limits) -> None:
        self._limits = limits
        self._near = NEAR if left.settings.has_near_numbers else ()
        keys = ["number", *self._near, *BLOCKS]
        self._ids = left.rows["row_id"], right.rows["row_id"]
        self._left = left.rows.select(keys).with_row_index("left")
        self._right = right.rows.select(keys).with_row_index("right")
        self._likeness = Likeness(left, right)
        self._left_out = 0
        self._compared = 0

    def linked(self, *, one_to_one: bool) -> LinkedEncodings:
        same = self._scored(self._pairs("number", self._right))
        is_conflict = pl.col("likeness") < self._limits.conflict
        exact = _best(same.filter(~is_conflict), CERTAIN, 0.0)
        rest = self._right.join(exact.select("right"), on="right", how="anti")
        near = self._found(rest, self._near, self._limits.near, self._limits.near)
        rest = rest.join(near.filter(pl.col("band") != REVIEW), on="right", how="anti")
        alike = self._found(rest, BLOCKS, self._limits.probable, self._limits.review)
        near = near.join(alike.select("right"), on="right", how="anti") if alike.height else near
        links = pl.concat([exact, near, alike])
        if one_to_one:
            links = _single(links)
        return LinkedEncodings(
            self._named(links).select(*LINKS).sort("right_id", "left_id"),
            self._named(same.filter(is_conflict)).select("left_id", "right_id").sort("right_id"),
            self._left_out,
            self._compared,
        )

    def _found(
        self, rest: pl.DataFrame, keys: tuple[str, ...], probable: float, review: float
    ) -> pl.DataFrame:
        """Links of pairs that share one of the keys."""
        both = [self._pairs(key, rest) for key in keys]
        pairs = pl.concat(both).unique() if both else self._pairs("number", rest.clear())
        numbers = pairs.select(
            self._left["number"].gather(pairs["left"]).alias("one"),
            self._right["number"].gather(pairs["right"]).alias("two"),
        )
        scored = self._scored(
            pairs.filter((numbers["one"] != numbers["two"]).fill_null(False).not_())
        )
        kept = _best(scored.filter(pl.col("likeness") >= review), PROBABLE, self._limits.margin)
        is_weak = pl.col("likeness") < probable
        return kept.with_columns(band=pl.when(is_weak).then(pl.lit(REVIEW)).otherwise("band"))

    def _pairs(self, key: str, right: pl.DataFrame) -> pl.DataFrame:
        """Pairs with the same key, but of blocks that are too large."""
        theirs = right.select("right", pl.col(key).alias("key")).drop_nulls()
        mine = self._left.select("left", pl.col(key).alias("key")).join(
            theirs, on="key", how="semi"
        )
        sizes = mine.group_by("key").len()
        too_large = sizes.filter(pl.col("len") > self._limits.largest_block)
        self._left_out += too_large.height
        if too_large.height:
            mine = mine.join(too_large, on="key", how="anti")
        return mine.join(theirs, on="key").select("left", "right")

    def _scored(self, pairs: pl.DataFrame) -> pl.DataFrame:
        self._compared += pairs.height
        found = self._likeness.of(pairs["left"].to_numpy(), pairs["right"].to_numpy())
        return pairs.with_columns(pl.Series("likeness", found, dtype=pl.Float32))

    def _named(self, pairs: pl.DataFrame) -> pl.DataFrame:
        left, right = self._ids
        return pairs.with_columns(
            left_id=left.gather(pairs["left"]), right_id=right.gather(pairs["right"])
        )


def _best(pairs: pl.DataFrame, band: str, margin: float) -> pl.DataFrame:
    """The best pair of each right row; all that are as good (within `margin`), as review."""
    best = pl.col("likeness").max().over("right")
    near = pairs.filter(pl.col("likeness") >= best - margin)
    is_tie = pl.len().over("right") > 1
    return near.with_columns(band=pl.when(is_tie).then(pl.lit(REVIEW)).otherwise(pl.lit(band)))


def _single(links: pl.DataFrame) -> pl.DataFrame:
    """At most one link that is not `review` for each left row: the strongest, when it is alone so strong."""
    rank = pl.col("band").replace_strict(_RANK, return_dtype=pl.Int8)
    ordered = links.with_columns(strength=pl.col("likeness") - rank)
    is_best = pl.col("strength") == pl.col("strength").max().over("left")
    is_alone = is_best.sum().over("left") == 1
    return ordered.with_columns(
        band=pl.when(is_best & is_alone).then("band").otherwise(pl.lit(REVIEW))
    ).drop("strength")
