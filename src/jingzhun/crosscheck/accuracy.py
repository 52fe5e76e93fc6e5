"""Links and findings held against the truth of an invented province, where its tables are there.

Truth is read here and nowhere else: no rule and no linkage may see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from jingzhun.crosscheck import quality
from jingzhun.crosscheck.records import LINKS
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema

Row = dict[str, Any]
TRUE_LINKS, TRUE_FINDINGS = "truth_links", "truth_findings"


def has_truth(ws: Workspace, period: int) -> bool:
    """Whether the workspace is an invented one that tells its truth of the period."""
    return bool(ws.files(TRUE_LINKS, period)) and bool(ws.files(TRUE_FINDINGS, period))


def accuracy(
    ws: Workspace,
    period: int,
    findings: pl.DataFrame,
    *,
    tables: list[str],
    kinds: Mapping[str, str],
) -> Row:
    """Precision of links, recall by ethnicity; precision and recall of findings by kind and rule, and by band.

    `findings`: those of this cross-check, columns as `precision_and_recall`; `tables`: the linked ones; `kinds`:
    rules that were asked -> kind of finding. Of the truth, other rules are left out.
    """
    links, truth = _links(ws, period, tables), _truth(ws, period, tables)
    named = schema.code_list("ethnicity").by_code()
    people = quality.link_recall(links, truth)
    for row in people:
        code = str(row.pop("ethnicity"))
        known = named.get(code)
        label = known.label.model_dump() if known else {"en": code, "zh": code}
        row |= {"code": code, "label": label}
    people.sort(key=lambda row: -int(row["records"]))
    real = _true_findings(ws, period, kinds)
    return {
        "links": quality.link_precision(links, truth),
        "recall_by_ethnicity": people,
        "by_finding": quality.precision_and_recall(findings, real, ("finding",)),
        "by_rule": quality.precision_and_recall(findings, real, ("rule",)),
        "by_band": [
            {key: row[key] for key in ("link_band", "found", "right", "lawful", "precision")}
            for row in quality.precision_and_recall(findings, real, ("link_band",))
        ],
    }


def _links(ws: Workspace, period: int, tables: list[str]) -> pl.DataFrame:
    columns = ["record_id", "person_id", "band"]
    parts = [
        ws.scan(LINKS + table, period=period, columns=columns)
        .to_native()
        .with_columns(source=pl.lit(table))
        for table in tables
    ]
    return pl.concat(parts).collect()


def _truth(ws: Workspace, period: int, tables: list[str]) -> pl.DataFrame:
    rows = ws.scan(TRUE_LINKS, period=period).to_native()
    return (
        rows.select("source", "record_id", "person_id", "also_person_id", "ethnicity")
        .filter(pl.col("source").is_in(tables))
        .collect()
    )


def _true_findings(ws: Workspace, period: int, kinds: Mapping[str, str]) -> pl.DataFrame:
    """What is really so, with the kind of finding that each rule makes; also of rules that found nothing."""
    asked = pl.DataFrame({"rule": list(kinds), "finding": list(kinds.values())})
    rows = ws.scan(TRUE_FINDINGS, period=period).to_native().collect()
    return rows.join(asked, on="rule", how="inner")
