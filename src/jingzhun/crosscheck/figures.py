"""The figures of a cross-check for `summary.json`: findings by rule, kind, severity, band and county."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from jingzhun.crosscheck.findings import BANDS, SEVERITIES
from jingzhun.standard.labels import Label

Row = dict[str, Any]

COUNTED = (
    "rule", "finding", "severity", "link_band", "county_code", "village_code", "household_id",
    "person_id", "record_ids",
)  # fmt: skip
"""Columns of findings that the figures are counted over."""


def finding_figures(
    findings: pl.DataFrame, rules: Mapping[str, Label], name: Callable[[str], str]
) -> Row:
    """Counts over findings (columns as COUNTED, one row each). `rules`: id -> words, of all rules asked.

    A rule without findings is listed with 0: it was asked. `households` counts households with a finding,
    `outside` findings about people who are not on file.
    """
    by_severity = _counts(findings, "severity")
    by_band = _counts(findings, "link_band")
    return {
        "total": findings.height,
        "households": findings["household_id"].drop_nulls().n_unique(),
        "outside": findings["household_id"].null_count(),
        "rules": len(rules),
        "by_rule": _by_rule(findings, rules),
        "by_finding": dict(sorted(_counts(findings, "finding").items())),
        "by_severity": {key: by_severity.get(key, 0) for key in SEVERITIES},
        "by_band": {key: by_band.get(key, 0) for key in BANDS},
        "by_county": _by_county(findings, name),
    }


def _counts(findings: pl.DataFrame, column: str) -> dict[str, int]:
    return {str(key): int(n) for key, n in findings[column].value_counts(sort=True).rows()}


def _by_rule(findings: pl.DataFrame, rules: Mapping[str, Label]) -> list[Row]:
    grouped = findings.group_by("rule", "finding", "severity").agg(
        n=pl.len(), review=(pl.col("link_band") == "review").sum()
    )
    rows = {str(row["rule"]): row for row in grouped.to_dicts()}
    out = []
    for rule, label in rules.items():
        found = rows.get(rule, {"rule": rule, "finding": None, "severity": None})
        counts = {"n": int(found.get("n", 0)), "review": int(found.get("review", 0))}
        out.append({**found, "label": label.model_dump(), **counts})
    return sorted(out, key=lambda row: (-row["n"], row["rule"]))


def _by_county(findings: pl.DataFrame, name: Callable[[str], str]) -> list[Row]:
    severity = pl.col("severity")
    grouped = (
        findings.group_by("county_code")
        .agg(
            pl.len().alias("n"),
            pl.col("household_id").n_unique().alias("households"),
            *((severity == level).sum().alias(level) for level in SEVERITIES),
        )
        .sort("county_code")
    )
    return [
        {"code": str(row["county_code"]), "name": name(str(row["county_code"])), **_numbers(row)}
        for row in grouped.to_dicts()
    ]


def _numbers(row: Row) -> Row:
    return {key: int(row[key]) for key in ("n", "households", *SEVERITIES)}
