"""How good links are, against the truth."""

from __future__ import annotations

from typing import Any

import polars as pl


def scored(links: pl.DataFrame, truth: pl.DataFrame) -> dict[str, Any]:
    """Precision, recall, F1 of links (left_id, right_id) against true pairs (left_id, right_id).

    Both are taken as sets; where truth has a `group`, recall of each group too.
    """
    found = links.select("left_id", "right_id").unique()
    right = found.join(truth, on=["left_id", "right_id"], how="semi").height
    result: dict[str, Any] = {"links": found.height, **_rates(right, found.height, truth.height)}
    if "group" in truth.columns:
        is_found = truth.join(
            found.with_columns(found=True), on=["left_id", "right_id"], how="left"
        )
        recall = pl.col("found").fill_null(value=False).mean().round(4)
        groups = is_found.group_by("group").agg(recall).sort("group")
        result["recall_by_group"] = dict(groups.iter_rows())
    return result


def _rates(right: int, found: int, true: int) -> dict[str, float]:
    precision, recall = right / max(found, 1), right / max(true, 1)
    f1 = 2 * right / max(found + true, 1)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def best_threshold(links: pl.DataFrame, truth: pl.DataFrame) -> dict[str, float]:
    """The threshold with the best F1, picked by looking at the truth: what no user can do."""
    pairs = truth.select("left_id", "right_id").with_columns(true=True)
    ranked = (
        links.unique(["left_id", "right_id"])
        .join(pairs, on=["left_id", "right_id"], how="left")
        .with_columns(pl.col("true").fill_null(value=False))
        .sort("probability", descending=True)
        .with_columns(
            right=pl.col("true").cum_sum().cast(pl.Int64), found=pl.int_range(1, pl.len() + 1)
        )
        .group_by("probability")
        .agg(pl.col("right").max(), pl.col("found").max())
        .with_columns(f1=2 * pl.col("right") / (pl.col("found") + truth.height))
        .sort("f1", descending=True)
    )
    if not ranked.height:
        return {}
    row = ranked.row(0, named=True)
    return {"threshold": round(row["probability"], 6), "f1": round(row["f1"], 4)}


def singled(links: pl.DataFrame) -> pl.DataFrame:
    """One link at most for each row of either side: the best for both, the lowest id where two are as good."""
    order = ["probability", "left_id", "right_id"]
    ranked = links.sort(order, descending=[True, False, False])
    for side in ("right_id", "left_id"):
        ranked = ranked.unique(side, keep="first", maintain_order=True)
    return ranked
