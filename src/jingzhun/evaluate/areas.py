"""Exit of villages and counties: their own records, joined with facts counted over households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.evaluate import outcomes
from jingzhun.evaluate.yardstick import Yardstick, outputs
from jingzhun.policy.cel import Program
from jingzhun.policy.facts import HOUSEHOLD_FACTS, VILLAGE_FACTS

Eager: TypeAlias = nw.DataFrame[Any]

POOR_VILLAGES = ("poor", "deep")


@dataclass(frozen=True)
class AreaJudgement:
    """Villages or counties under one profile: one row per area with outcome and indicators."""

    profile: str
    table: Eager


def judge(stick: Yardstick, areas: Eager, key: str) -> AreaJudgement:
    """One row per area: outcome, score, vetoes, missing list, and each indicator's state and value."""
    named = outputs([stick], values=True)
    rows = Program(stick.scope, named).apply(areas.lazy(), keep=[key]).collect()
    columns: dict[str, nw.Expr] = {
        "outcome": outcomes.outcome(0, stick),
        "score": outcomes.score(0, stick),
        "veto_failed": outcomes.veto_list(0, stick),
        "missing": outcomes.missing_list(0, stick),
    }
    for item in stick.items:
        columns[f"{item.id}_met"] = outcomes.met_column(0, item)
        if item.value is not None:
            columns[f"{item.id}_value"] = nw.col(f"q0__{item.id}__value")
    table = rows.select(key, *(expr.alias(name) for name, expr in columns.items()))
    return AreaJudgement(stick.id, table.sort(key))


def with_facts(records: Eager, facts: Eager, key: str) -> Eager:
    """Area records with counted facts. Areas without households have 0; without a record, null fields."""
    names = [name for name in facts.columns if name != key]
    kept = records.drop([name for name in names if name in records.columns])
    joined = kept.join(facts, on=key, how="full", suffix="_of_facts")
    code = nw.coalesce(nw.col(key), nw.col(f"{key}_of_facts"))
    filled = joined.with_columns(code.alias(key), *(nw.col(n).fill_null(0) for n in names))
    return filled.drop(f"{key}_of_facts").sort(key)


def county_facts(villages: Eager, judged: AreaJudgement | None, *, key: str) -> Eager:
    """Facts of the villages summed to counties. `villages` holds records with household facts.

    Without a judged village profile, the number of exited villages is not known (null).
    """
    county = nw.col(key).str.slice(0, 6)
    poor = nw.col("village_attribute").is_in(list(POOR_VILLAGES)).fill_null(False)
    frame = villages.with_columns(county_code=county, is_poor_village=poor)
    if judged is not None:
        outcome = judged.table.select(key, "outcome")
        frame = frame.join(outcome, on=key, how="left").with_columns(
            is_exited=nw.col("is_poor_village")
            & (nw.col("outcome") == outcomes.PASSED).fill_null(False)
        )
    sums = [nw.col(name).sum() for name in HOUSEHOLD_FACTS]
    sums += [
        nw.len().alias("villages_total"),
        nw.col("is_poor_village").sum().alias("villages_poor"),
    ]
    if judged is not None:
        sums.append(nw.col("is_exited").sum().alias("villages_exited"))
    grouped = frame.group_by("county_code").agg(*sums)
    if judged is None:
        grouped = grouped.with_columns(villages_exited=nw.lit(None).cast(nw.Int64))
    return grouped.with_columns(nw.col(name).cast(nw.Int64) for name in VILLAGE_FACTS).sort(
        "county_code"
    )
