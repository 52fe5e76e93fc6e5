"""Poverty status: one row per household with income, its structure, the gap to the line, and the cause."""

from __future__ import annotations

from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.identify.rules import GROUPS, NET, PER_CAPITA, Rules

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

KEY = "household_key"
KEPT = (
    "household_id",
    "village_code",
    "period",
    "is_registered",
    "exit_status",
    "main_cause",
    "other_causes",
    "persons_year_end",
)
"""Columns of the register that the status carries along."""

RESULT = (
    "household_id",
    "county_code",
    "township_code",
    "village_code",
    "period",
    "is_registered",
    "exit_status",
    "household_size",
    NET,
    PER_CAPITA,
    *GROUPS,
    "making_share",
    "transfusion_share",
    "welfare",
    "line",
    "is_poor",
    "gap_yuan",
    "main_cause",
    "other_causes",
    "ethnicity_of_head",
)
"""Columns of the result table, in order; `status` carries the internal key besides."""

HEAD = "01"
"""Relation to the head: the head (code list `relation`)."""

PERSON_KINDS = ("ethnicity", "education", "health", "labour_ability")


def household_columns(rules: Rules) -> list[str]:
    """Columns of households to read."""
    return list(dict.fromkeys([KEY, *KEPT, *rules.program.reads("household")]))


def person_columns(rules: Rules) -> list[str]:
    """Columns of persons to read."""
    wanted = [KEY, "relation", *PERSON_KINDS, *rules.columns_for_current]
    return list(dict.fromkeys([*wanted, *rules.program.reads("member")]))


def village_columns(rules: Rules) -> list[str]:
    """Columns of villages to read; empty when the rules ask nothing about the village."""
    reads = rules.program.reads("village")
    return ["village_code", *reads] if reads else []


def household_status(households: Lazy, persons: Lazy, villages: Lazy | None, rules: Rules) -> Lazy:
    """Who is poor, how poor, on what income: one row per household of the partition.

    Amounts are yuan a year (the pack's currency), `gap_yuan` is per person: what is missing to the line,
    0 where not poor. A household is poor when its welfare is *below* its line. Null means not known:
    a household whose income or size is unknown is neither poor nor not poor. Shares are of net income and
    add up to 1: transfer (blood transfusion), and own work and assets (blood making); null where net
    income is not above zero. Columns: `RESULT`, `household_key`, `persons_year_end`, and conditions.
    """
    rows = rules.program.apply(households, persons, villages, keep=[KEY, *KEPT])
    missing = [name for name in (*GROUPS, NET, PER_CAPITA) if name not in rules.money]
    rows = rows.with_columns(
        *(nw.lit(None, dtype=nw.Float64).alias(name) for name in missing),
        nw.col("welfare").cast(nw.Float64),
        nw.col("line").cast(nw.Float64),
    )
    rows = rows.with_columns(
        county_code=nw.col("village_code").str.slice(0, 6),
        township_code=nw.concat_str(nw.col("village_code").str.slice(0, 9), nw.lit("000")),
        is_poor=nw.col("welfare") < nw.col("line"),
        **_shares(),
    )
    gap = nw.when(nw.col("is_poor")).then(nw.col("line") - nw.col("welfare"))
    rows = rows.with_columns(gap_yuan=gap.otherwise(nw.when(~nw.col("is_poor")).then(nw.lit(0.0))))
    rows = rows.join(_ethnicity_of_heads(persons, rules), on=KEY, how="left")
    return rows.select(KEY, *RESULT, "persons_year_end", *rules.condition_names)


def _shares() -> dict[str, nw.Expr]:
    net, transfer = nw.col(NET).cast(nw.Float64), nw.col("transfer_yuan").cast(nw.Float64)
    share = nw.when(net > 0).then(transfer / net)
    return {"transfusion_share": share, "making_share": 1 - share}


def _ethnicity_of_heads(persons: Lazy, rules: Rules) -> Lazy:
    """Ethnicity of the current head per household; with two heads recorded, the lower code."""
    heads = persons.filter((nw.col("relation") == HEAD) & rules.is_current)
    return heads.group_by(KEY).agg(nw.col("ethnicity").min().alias("ethnicity_of_head"))


def person_status(status: Lazy, persons: Lazy, rules: Rules) -> Lazy:
    """One row per current member with the poverty status of the household.

    Grain: person. Persons count as poor when their household is; unknown where it is unknown.
    """
    members = persons.filter(rules.is_current).select(KEY, *PERSON_KINDS)
    of_household = status.select(
        KEY,
        "village_code",
        "is_registered",
        "exit_status",
        "main_cause",
        "other_causes",
        "ethnicity_of_head",
        "household_size",
        "line",
        "is_poor",
        "gap_yuan",
    )
    return members.join(of_household, on=KEY, how="inner")


def result_table(status: Eager) -> Eager:
    """The status as it is written to the results: without the internal key."""
    return status.select(*RESULT)
