"""Links against a known truth: precision, recall and F1, as a whole and by group.

A recall that differs between peoples is a defect of fairness, not of detail: it is told for each.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jingzhun.linkage.linked import BANDS, REVIEW

PAIR = ("person_id", "record_id")
MEASURES = ("true", "found", "right", "precision", "recall", "f1")


def scores(
    links: pl.DataFrame, truth: pl.DataFrame, by: Sequence[str] = (), *, with_review: bool = False
) -> pl.DataFrame:
    """One row per group of `by` with MEASURES: true pairs, found ones, right ones, and their rates.

    links: person_id, record_id, band, and columns of `by` that belong to a link. truth: person_id (null: the
    record is of nobody on the register), record_id, other_person_id (null: none; the same person on file
    twice) and columns of `by`. A link to either of the two rows of a person is right. Rates are null where
    their divisor is 0. Links left to review are not counted unless asked for.
    """
    counted = links if with_review else links.filter(pl.col("band") != REVIEW)
    known = _known(truth, by)
    of_record = [name for name in by if name in known.columns]
    of_link = [name for name in by if name not in of_record]
    judged = counted.select(*PAIR, *of_link).join(
        known.select("record_id", "person_id", "other_person_id", *of_record).rename(
            {"person_id": "truly", "other_person_id": "or_truly"}
        ),
        on="record_id",
        how="left",
    )
    same = (
        pl.col("person_id").is_in([])
        if judged.is_empty()
        else (
            (pl.col("person_id") == pl.col("truly")) | (pl.col("person_id") == pl.col("or_truly"))
        )
    )
    judged = judged.with_columns(right=same.fill_null(False))
    found = _grouped(judged, by, found=pl.len(), right=pl.col("right").sum())
    # A record whose person is on file twice counts once, however many of the two rows it is linked to.
    reached = judged.filter("right").unique("record_id")
    hit = _grouped(reached, by, reached=pl.len())
    true = _grouped(known.filter(pl.col("person_id").is_not_null()), of_record, true=pl.len())
    joined = _beside(_beside(found, hit, by), true, of_record)
    return _rated(joined, by)


def by_band(links: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """For each band, surest first: its links, how many are right, and precision; recall of it and those above."""
    rows = []
    for place, band in enumerate(BANDS):
        alone = scores(links.filter(pl.col("band") == band), truth, with_review=True)
        so_far = links.filter(pl.col("band").is_in(BANDS[: place + 1]))
        together = scores(so_far, truth, with_review=True)
        rows.append(
            {
                "band": band,
                "found": alone["found"][0],
                "right": alone["right"][0],
                "precision": alone["precision"][0],
                "recall_so_far": together["recall"][0],
            }
        )
    return pl.DataFrame(rows)


def _known(truth: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    extra = [name for name in by if name in truth.columns]
    other = (
        pl.col("other_person_id")
        if "other_person_id" in truth.columns
        else pl.lit(None, dtype=pl.String).alias("other_person_id")
    )
    return truth.select("record_id", "person_id", other, *extra)


def _grouped(rows: pl.DataFrame, by: Sequence[str], **counts: pl.Expr) -> pl.DataFrame:
    made = [expr.cast(pl.Int64).alias(name) for name, expr in counts.items()]
    return rows.group_by(*by).agg(*made) if by else rows.select(*made)


def _beside(left: pl.DataFrame, right: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    if not by:
        return (
            pl.concat([left, right], how="horizontal")
            if right.height == left.height
            else left.join(right, how="cross")
        )
    return left.join(right, on=list(by), how="full", coalesce=True, nulls_equal=True)


def _rated(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    counted = rows.with_columns(pl.col("true", "found", "right", "reached").fill_null(0))
    rates = counted.with_columns(
        precision=_share("right", "found"), recall=_share("reached", "true")
    )
    p, r = pl.col("precision"), pl.col("recall")
    f1 = pl.when(p + r > 0).then(2 * p * r / (p + r)).otherwise(0.0)
    return rates.with_columns(f1=f1).select(*by, *MEASURES).sort(list(by) or MEASURES[0])


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))
