"""How good the rules are, by the verdicts on their findings: precision, load per village, what to retune."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import polars as pl

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun.standard.labels import Label

Row = dict[str, Any]


@dataclass(frozen=True)
class Bounds:
    """From when on a rule is to be looked at. All DEFAULT: our own, to be set by the user.

    `least_verdicts`: with fewer, nothing is suggested. A share is too high when even the lower end of its
    interval is above the bound, so that chance alone does not blame a rule.
    """

    least_verdicts: int = 20
    not_true_share: float = 0.25
    lawful_share: float = 0.40
    data_error_share: float = 0.15
    alerts_per_village: float = 20.0
    probability: float = 0.95


SUGGESTIONS: Mapping[str, Label] = {
    "untrue_links": Label(
        en="Most findings that were not true rest on links that are not certain: raise the threshold of the "
        "linkage, or have links reviewed before findings go out",
        zh="不属实的疑点多来自不确定的匹配：提高匹配阈值，或先复核匹配再下发",
    ),
    "untrue_rule": Label(
        en="Many findings are not true although their links are certain: look at the condition, its "
        "thresholds and how old the source is",
        zh="匹配确定但不属实的较多：请检查规则条件、阈值和数据时效",
    ),
    "lawful": Label(
        en="Many findings are lawful exceptions: put the exception into the condition",
        zh="合理例外较多：请将该例外写入规则条件",
    ),
    "data_error": Label(
        en="Many findings come from wrong data: ask the department for a corrected delivery",
        zh="数据有误的较多：请部门更正后重新提供",
    ),
    "load": Label(
        en="The rule gives some villages more findings than they can look into: raise its threshold or "
        "spread it over time",
        zh="部分村疑点数量超出核实能力：请提高阈值或分批下发",
    ),
}
"""What to do about a rule, for the officer who owns it."""


def wilson(hits: int, of: int, probability: float = 0.95) -> tuple[float, float] | None:
    """Wilson's interval of a share; None where nothing was counted."""
    if not of:
        return None
    z = NormalDist().inv_cdf(0.5 + probability / 2)
    share, square = hits / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # The ends that are 0 and 1 exactly would miss them by a rounding.
    low = max(0.0, middle - half) if hits else 0.0
    high = min(1.0, middle + half) if hits < of else 1.0
    return low, high


def rule_quality(
    findings: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    villages: int,
    bounds: Bounds | None = None,
) -> list[Row]:
    """One row per rule, most findings first.

    `findings`: stored ones of a period, withdrawn ones too (somebody may have decided on them); `verdicts`:
    the one that counts on each; `villages`: villages looked after, for the load. `precision` is the share of
    decided findings that were true, `fact_rate` of those that were true or a lawful exception; both with
    interval, null where nothing is decided. Load is counted over findings that are not withdrawn.
    """
    bounds = bounds or Bounds()
    decided = findings.join(verdicts.select("finding_id", "verdict"), on="finding_id", how="left")
    rows = [
        _of_rule(str(rule), own, villages, bounds)
        for (rule,), own in decided.partition_by("rule", as_dict=True).items()
    ]
    return sorted(rows, key=lambda row: (-row["hits"], row["rule"]))


def _of_rule(rule: str, own: pl.DataFrame, villages: int, bounds: Bounds) -> Row:
    counts = {name: _n(own, pl.col("verdict") == name) for name in VERDICTS}
    decided = sum(counts.values())
    facts = counts["true"] + counts["lawful_exception"]
    load = village_load(own, villages)
    row: Row = {
        "rule": rule,
        "hits": own.height,
        "open": _n(own, pl.col("state") != WITHDRAWN),
        "decided": decided,
        "verdicts": counts,
        "precision": _share(counts["true"], decided),
        "precision_interval": wilson(counts["true"], decided, bounds.probability),
        "fact_rate": _share(facts, decided),
        "fact_interval": wilson(facts, decided, bounds.probability),
        "by_band": _by_band(own),
        "load": load,
    }
    row["suggestions"] = _suggestions(own, row, bounds)
    return row


def _by_band(own: pl.DataFrame) -> list[Row]:
    """Findings, decided ones and true ones by how sure the link was."""
    verdict = pl.col("verdict")
    grouped = own.group_by("link_band").agg(
        findings=pl.len(),
        decided=verdict.is_not_null().sum(),
        true=(verdict == "true").sum(),
        not_true=(verdict == "not_true").sum(),
    )
    return grouped.sort("link_band").to_dicts()


def village_load(findings: pl.DataFrame, villages: int) -> Row:
    """Findings not withdrawn per village: mean over all villages, and over those that have some the median,
    the 95th percentile and the most.
    """
    alive = findings.filter(pl.col("state") != WITHDRAWN)
    each = alive.drop_nulls("village_code").group_by("village_code").len()["len"]
    return {
        "findings": alive.height,
        "villages": each.len(),
        "mean": alive.height / villages if villages else None,
        "median": _number(each.median()),
        "p95": _number(each.quantile(0.95, "nearest")),
        "most": _number(each.max()),
    }


def _suggestions(own: pl.DataFrame, row: Row, bounds: Bounds) -> list[str]:
    found = []
    if row["decided"] >= bounds.least_verdicts:
        counts = row["verdicts"]
        if _is_above(counts["not_true"], row["decided"], bounds.not_true_share, bounds):
            found.append("untrue_links" if _is_of_links(own) else "untrue_rule")
        if _is_above(counts["lawful_exception"], row["decided"], bounds.lawful_share, bounds):
            found.append("lawful")
        if _is_above(counts["data_error"], row["decided"], bounds.data_error_share, bounds):
            found.append("data_error")
    if (row["load"]["p95"] or 0) > bounds.alerts_per_village:
        found.append("load")
    return found


def _is_above(hits: int, of: int, bound: float, bounds: Bounds) -> bool:
    interval = wilson(hits, of, bounds.probability)
    return interval is not None and interval[0] > bound


def _is_of_links(own: pl.DataFrame) -> bool:
    """Whether most findings that were not true rest on links that are not certain."""
    untrue = own.filter(pl.col("verdict") == "not_true")
    unsure = _n(untrue, pl.col("link_band").is_in(["probable", "review"]))
    return unsure * 2 > untrue.height


def precision_and_recall(
    found: pl.DataFrame, truth: pl.DataFrame, by: Sequence[str] = ("finding",)
) -> list[Row]:
    """Against the truth of a sample: findings that are so, and what is so that was found, per group.

    `found`: rule, finding, household_id, person_id, record_ids, one row per finding; `truth`: the same with
    `records` for `record_ids`, and is_true, lawful_exception. People who are not on file are told by their
    records: one in common is enough. One row per group of `by`: found; right (really so, lawful exceptions among
    them); lawful; missed (really so and not found; 0 for groups that the truth does not know); precision and
    recall with their intervals.
    """
    so = truth.filter(pl.col("is_true")).rename({"records": "record_ids"})
    so = so.unique([*_WHO, "record_ids"], maintain_order=True)
    ours, theirs = _named(found, "ours"), _named(so, "theirs")
    pairs = ours.join(theirs, on=["rule", "who"], how="inner").unique(["ours", "theirs"])
    lawful = so.with_row_index("theirs").select("theirs", "lawful_exception")
    hits = pairs.join(lawful, on="theirs").group_by("ours").agg(pl.col("lawful_exception").any())
    counted = (
        found.with_row_index("ours")
        .join(hits, on="ours", how="left")
        .group_by(by)
        .agg(
            found=pl.len(),
            right=pl.col("lawful_exception").is_not_null().sum(),
            lawful=pl.col("lawful_exception").fill_null(False).sum(),
        )
    )
    missed = so.with_row_index("theirs").join(pairs, on="theirs", how="anti")
    if not set(by) <= set(missed.columns):
        # How sure a link is, is a matter of findings only: what was not found has none.
        missed = missed.clear().with_columns(pl.lit(None, dtype=pl.String).alias(n) for n in by)
    both = counted.join(
        missed.group_by(by).agg(missed=pl.len()), on=list(by), how="full", coalesce=True
    ).with_columns(pl.col("found", "right", "lawful", "missed").fill_null(0))
    return [_scored(row) for row in both.sort(by).to_dicts()]


def _scored(row: Row) -> Row:
    real = row["right"] + row["missed"]
    return {
        **row,
        "real": real,
        "precision": _share(row["right"], row["found"]),
        "precision_interval": wilson(row["right"], row["found"]),
        "recall": _share(row["right"], real),
        "recall_interval": wilson(row["right"], real),
    }


_WHO = ("rule", "household_id", "person_id")


def _named(rows: pl.DataFrame, index: str) -> pl.DataFrame:
    """Of each row, whom it is about: one row per rule, number of the row, and household with person, or record."""
    numbered = rows.with_row_index(index).select(index, *_WHO, "record_ids")
    on_file = numbered.filter(pl.col("household_id").is_not_null())
    outside = numbered.filter(pl.col("household_id").is_null()).explode("record_ids")
    who = pl.concat_str("household_id", pl.col("person_id").fill_null(""), separator=":")
    return pl.concat(
        [
            on_file.select(index, "rule", who=who),
            outside.select(index, "rule", who=pl.col("record_ids")),
        ]
    ).drop_nulls("who")


def link_recall(
    links: pl.DataFrame, truth: pl.DataFrame, by: Sequence[str] = ("ethnicity",)
) -> list[Row]:
    """Of the records that really are of somebody on the register, how many are linked to that person.

    `links`: source, record_id, person_id, band; `truth`: source, record_id, person_id (null: nobody on the
    register), also_person_id (the same person on file a second time) and the columns of `by`. `linked` counts
    certain and probable links, `with_review` all.
    """
    real = truth.filter(pl.col("person_id").is_not_null())
    joined = real.select(*_RECORD, *by)
    for name, of in (("linked", links.filter(pl.col("band") != "review")), ("with_review", links)):
        right = _right(of, real).select(*_RECORD).unique()
        flag = right.with_columns(pl.lit(True).alias(name))
        joined = joined.join(flag, on=_RECORD, how="left")
    flags = pl.col("linked", "with_review").fill_null(False).sum()
    rows = joined.group_by(by).agg(pl.len().alias("records"), flags).sort(by).to_dicts()
    for row in rows:
        row["recall"] = _share(row["linked"], row["records"])
        row["recall_interval"] = wilson(row["linked"], row["records"])
    return rows


def link_precision(links: pl.DataFrame, truth: pl.DataFrame) -> Row:
    """Of the certain and probable links, how many are right. Records that the truth does not know are left out."""
    sure = links.filter(pl.col("band") != "review")
    known = sure.join(truth.select(*_RECORD), on=_RECORD, how="semi")
    right = _right(known, truth).height
    return {
        "links": known.height,
        "right": right,
        "precision": _share(right, known.height),
        "precision_interval": wilson(right, known.height),
    }


_RECORD = ["source", "record_id"]


def _right(links: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """The links that lead to whom the record is of, under either of the numbers that the person has."""
    real = truth.select(*_RECORD, first="person_id", second="also_person_id")
    joined = links.join(real, on=_RECORD, how="inner")
    is_right = (pl.col("person_id") == pl.col("first")) | (
        pl.col("person_id") == pl.col("second")
    ).fill_null(False)
    return joined.filter(is_right.fill_null(False))


def _n(rows: pl.DataFrame, condition: pl.Expr) -> int:
    return int(rows.select(condition.sum()).item() or 0)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
