"""What a finding is: its columns, its stable number, its band and its place in the queue.

A finding is a suspicion that somebody has to look into, never a verdict. It names households, persons and
records by number only; `values` holds the facts compared, never a direct identifier.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from jingzhun.standard.labels import Label

BANDS: Mapping[str, Label] = {
    "register": Label(en="the register alone", zh="仅据台账"),
    "certain": Label(en="certain link", zh="确定匹配"),
    "probable": Label(en="probable link", zh="较可能匹配"),
    "outside": Label(en="nobody on the register matches", zh="台账中无匹配人员"),
    "review": Label(en="link to be reviewed", zh="匹配待核"),
}
"""How sure it is that the records are of the person (or of nobody on the register); the surest first."""

SEVERITIES = ("high", "medium", "low")
OPEN, UPDATED, WITHDRAWN = "open", "updated", "withdrawn"
STATES: Mapping[str, Label] = {
    OPEN: Label(en="open", zh="待核实"),
    UPDATED: Label(en="changed since it was opened", zh="待核实（情况有变）"),
    WITHDRAWN: Label(en="withdrawn: no longer so", zh="已撤回"),
}

HIT: Mapping[str, DataTypeClass | DataType] = {
    "rule": pl.String(),
    "household_id": pl.String(),
    "person_id": pl.String(),
    "subject_id": pl.String(),
    "village_code": pl.String(),
    "county_code": pl.String(),
    "record_ids": pl.List(pl.String),
    "link_band": pl.String(),
    "values": pl.String(),
}
"""One row per rule, household and person that a rule is true of. `record_ids`: `<table>:<record_id>`, sorted;
empty where the rule rests on the register, or on the absence of a record. `person_id` is null for rules about
households, both numbers are null for people who are not on file. `subject_id` is what findings are grouped by:
the household, or somebody who is not on file (their first record). `values` is JSON."""

HIT_KEY = ("rule", "household_id", "person_id")

FINDING: Mapping[str, DataTypeClass | DataType] = {
    "finding_id": pl.String(),
    "rule": pl.String(),
    "finding": pl.String(),
    "severity": pl.String(),
    "rank": pl.Int64(),
    "household_id": pl.String(),
    "person_id": pl.String(),
    "subject_id": pl.String(),
    "county_code": pl.String(),
    "village_code": pl.String(),
    "record_ids": pl.List(pl.String),
    "link_band": pl.String(),
    "values": pl.String(),
    "message_en": pl.String(),
    "message_zh": pl.String(),
    "verdict_path": pl.String(),
    "deadline": pl.Date(),
    "evidence_hash": pl.String(),
    "parameter_date": pl.Date(),
    "data_hash": pl.String(),
    "engine_version": pl.String(),
    "pack_hash": pl.String(),
}
"""One row per finding of one cross-check. The last four say with what it can be computed again."""

HISTORY: Mapping[str, DataTypeClass | DataType] = {
    "state": pl.String(),
    "first_on": pl.Date(),
    "last_on": pl.Date(),
}
"""What the store adds: where the finding stands, and when it was found first and last."""

STORED = {**FINDING, **HISTORY}

RULE: Mapping[str, DataTypeClass | DataType] = {
    "rule": pl.String(),
    "finding": pl.String(),
    "severity": pl.String(),
    "deadline_days": pl.Int64(),
    "message_en": pl.String(),
    "message_zh": pl.String(),
    "verdict_path": pl.String(),
}
"""What a rule brings to its findings; one row per rule."""


@dataclass(frozen=True)
class Origin:
    """With what a cross-check was computed: the date of its parameters, snapshot, engine and pack."""

    on: date
    data_hash: str
    engine_version: str
    pack_hash: str


def merged_hits(sure: pl.DataFrame, everything: pl.DataFrame) -> pl.DataFrame:
    """Hits of the two evaluations as one: with certain and probable links only, and with all links.

    A hit of both keeps the evidence of the first: links to be reviewed add nothing to it. A hit of only one
    of them (such a link would make it true, or untrue) is itself to be reviewed.
    """
    key = list(HIT_KEY)
    both = sure.join(everything.select(key), on=key, how="semi", nulls_equal=True)
    doubtful = pl.concat(
        [
            sure.join(everything.select(key), on=key, how="anti", nulls_equal=True),
            everything.join(sure.select(key), on=key, how="anti", nulls_equal=True),
        ]
    )
    return pl.concat([both, doubtful.with_columns(link_band=pl.lit("review"))]).sort(key)


def findings_of(hits: pl.DataFrame, rules: pl.DataFrame, origin: Origin) -> pl.DataFrame:
    """Findings from hits (columns as HIT) and rules (columns as RULE), one row each, in order of number."""
    joined = hits.join(rules, on="rule", how="inner")
    columns = {
        "finding_id": finding_id(),
        "rank": rank_of(),
        "deadline": pl.lit(origin.on) + pl.duration(days=pl.col("deadline_days")),
        "parameter_date": pl.lit(origin.on),
        "data_hash": pl.lit(origin.data_hash),
        "engine_version": pl.lit(origin.engine_version),
        "pack_hash": pl.lit(origin.pack_hash),
    }
    rows = joined.with_columns(**columns).with_columns(evidence_hash=evidence_hash(joined))
    typed = [pl.col(name).cast(kind) for name, kind in FINDING.items()]
    return rows.select(typed).unique("finding_id", keep="first").sort("finding_id")


def finding_id() -> pl.Expr:
    """Rule, household and person; for people who are not on file the rule and their first record.

    The same suspicion has the same number in every run, whatever else is found.
    """
    record = pl.col("record_ids").list.first()
    known = pl.concat_str(
        pl.col("rule"),
        pl.col("household_id"),
        pl.col("person_id").fill_null(""),
        separator=":",
    )
    outside = pl.concat_str(pl.col("rule"), pl.lit("outside"), record, separator=":")
    return pl.when(pl.col("household_id").is_null()).then(outside).otherwise(known)


def rank_of() -> pl.Expr:
    """1 to 9, the lowest first: by severity, within it what is not certain behind what is, and whatever rests
    on a link to be reviewed behind all others, however severe.
    """
    order = pl.col("severity").replace_strict(
        {name: i for i, name in enumerate(SEVERITIES)}, return_dtype=pl.Int64
    )
    is_review = pl.col("link_band") == "review"
    is_unsure = pl.col("link_band").is_in(["probable", "outside"]).cast(pl.Int64)
    return pl.when(is_review).then(7 + order).otherwise(1 + 2 * order + is_unsure)


def weakest(bands: Sequence[str]) -> str:
    """The least sure of some bands; `register` when there are none."""
    order = list(BANDS)
    return max(bands, key=order.index, default="register")


def evidence_hash(rows: pl.DataFrame) -> pl.Series:
    """A short hash of what a finding rests on: records, band, values, severity. The same facts, the same hash."""
    facts = rows.select(
        pl.concat_str(
            pl.col("record_ids").list.join("\x1f"),
            pl.col("link_band"),
            pl.col("values").fill_null(""),
            pl.col("severity"),
            separator="\x1e",
        )
    ).to_series()
    hashes = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in facts.to_list()]
    return pl.Series("evidence_hash", hashes, dtype=pl.String)


def empty(columns: Mapping[str, DataTypeClass | DataType]) -> pl.DataFrame:
    """A frame with these columns and no row."""
    return pl.DataFrame(schema=dict(columns))


def by_subject(findings: pl.DataFrame) -> pl.DataFrame:
    """One row per household (or person outside the register) with findings, the most urgent first.

    Columns: subject_id, household_id, county_code, village_code, findings, rank (of its first finding),
    deadline (its nearest), rules, finding_ids in order of rank.
    """
    return (
        findings.sort("rank", "deadline", "finding_id")
        .group_by("subject_id", maintain_order=True)
        .agg(
            pl.col("household_id").first(),
            pl.col("county_code").first(),
            pl.col("village_code").first(),
            findings=pl.len().cast(pl.Int64),
            rank=pl.col("rank").min(),
            deadline=pl.col("deadline").min(),
            rules=pl.col("rule").unique(maintain_order=True),
            finding_ids=pl.col("finding_id"),
        )
        .sort("rank", "deadline", "subject_id")
    )
