"""What linking hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from jingzhun.linkage.model import Model

CERTAIN: Final = "certain"
PROBABLE: Final = "probable"
REVIEW: Final = "review"
BANDS = (CERTAIN, PROBABLE, REVIEW)
"""Surest first."""

ID, ID_FORM, ID_NEAR, PROBABILISTIC = "id", "id_form", "id_near", "probabilistic"
PASSES = (ID, ID_FORM, ID_NEAR, PROBABILISTIC)
"""In this order. id: the same valid number as written. id_form: the same number in another form.
id_near: one slip apart, and name, birth date or sex agree. probabilistic: by everything else."""

LINK_COLUMNS = (
    "left_id",
    "right_id",
    "pass",
    "band",
    "probability",
    "weight",
    "evidence",
    "model",
)


@dataclass(frozen=True)
class Linked:
    """Links of two tables.

    links, one row per pair: left_id, right_id, pass, band, probability (0 to 1), weight (base-2
    logarithm of how many times likelier the agreement is for one person than for two), evidence
    (list of field, level, weight; never values), model (its version).
    conflicts, one row per pair with the same number and quite different name and birth date:
    left_id, right_id, evidence.
    """

    links: pl.DataFrame
    conflicts: pl.DataFrame
    model: Model
    counts: dict[str, int] = field(default_factory=dict)
    """Rows left and right, pairs compared, links by pass and band."""
    candidates: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Possible links before every row was left one at most; what `link_delta` goes on from."""

    def sure(self) -> pl.DataFrame:
        """Links that are not left to review."""
        return self.links.filter(pl.col("band") != REVIEW)


@dataclass(frozen=True)
class Deduplicated:
    """Rows of one table that are one person.

    links as in `Linked` (left_id before right_id in the order of the table); a link between two clusters is
    left to review. clusters, one row per row of the table: row_id, cluster (row_id of its first member);
    review links join nobody.
    """

    links: pl.DataFrame
    clusters: pl.DataFrame
    conflicts: pl.DataFrame
    model: Model
    counts: dict[str, int] = field(default_factory=dict)
    candidates: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Possible links; what `dedupe_delta` goes on from."""

    def pairs(self) -> pl.DataFrame:
        """Every pair of rows of one cluster, linked directly or through others: left_id, right_id."""
        rows = self.clusters.sort("row_id")
        both = rows.join(rows, on="cluster", suffix="_right")
        pairs = both.filter(pl.col("row_id") < pl.col("row_id_right"))
        return pairs.select(left_id="row_id", right_id="row_id_right").sort("left_id", "right_id")
