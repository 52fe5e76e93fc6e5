"""Two models on the same records: which links both make, and which only one does."""

from __future__ import annotations

import polars as pl

from jingzhun.linkage.model import Model

PAIR = ["person_id", "record_id"]
BOTH, FIRST, SECOND = "both", "first only", "second only"


def compared(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """One row per pair that either links: who links it (`made_by`), bands and probabilities of both.

    Both tables: person_id, record_id, band, probability. Null where a model does not link the pair.
    """
    a = first.select(*PAIR, first_band="band", first_probability="probability")
    b = second.select(*PAIR, second_band="band", second_probability="probability")
    joined = a.join(b, on=PAIR, how="full", coalesce=True)
    made_by = (
        pl.when(pl.col("second_band").is_null())
        .then(pl.lit(FIRST))
        .when(pl.col("first_band").is_null())
        .then(pl.lit(SECOND))
        .otherwise(pl.lit(BOTH))
    )
    return joined.with_columns(made_by=made_by).sort(PAIR)


def changes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs by band in the first and in the second model, most first; columns first_band, second_band, pairs."""
    grouped = pairs.group_by("first_band", "second_band").agg(pairs=pl.len())
    return grouped.sort("pairs", "first_band", "second_band", descending=[True, False, False])


def weights(first: Model, second: Model) -> pl.DataFrame:
    """Field and level with the shares among pairs of one person (m) and of two (u) in both models."""

    def rows(model: Model, side: str) -> pl.DataFrame:
        return pl.DataFrame(
            [
                {"field": one.field, "level": level, f"{side}_m": m, f"{side}_u": u}
                for one in model.fields
                for level, m, u in zip(one.levels, one.m, one.u, strict=True)
            ],
            schema={
                "field": pl.String,
                "level": pl.String,
                f"{side}_m": pl.Float64,
                f"{side}_u": pl.Float64,
            },
        )

    a, b = rows(first, "first"), rows(second, "second")
    return a.join(b, on=["field", "level"], how="full", coalesce=True, maintain_order="left_right")
