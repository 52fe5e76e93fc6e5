"""All tables of other departments of one county and period, and what is true about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from jingzhun.sample.external import (
    civil,
    estate,
    houses,
    insurance,
    money,
    relief,
    services,
    vehicles,
)
from jingzhun.sample.external.rows import Block, claims_of, table_of
from jingzhun.sample.external.scene import Scene

LINKS, FINDINGS = "truth_links", "truth_findings"
HOUSEHOLD_RULES = frozenset(
    {"X06a", "X07a", "X07b", "X07c", "X12b", "X14a", "X14b", "X14c", "X15a", "X15b"}
)
"""Rules that ask a household; all others ask a person (or a record: X12a, X13a, X13b)."""
_HIDDEN = ("_twice", "_number")


@dataclass(frozen=True)
class Delivered:
    """What one county brings: its own rows, and those that can be placed only when all counties are made."""

    tables: Mapping[str, pl.DataFrame]
    """External tables, rows that lie in the county."""
    elsewhere: Mapping[str, pl.DataFrame]
    """External tables, rows of other counties or of no known area."""
    links: pl.DataFrame
    findings: pl.DataFrame
    links_of_twice: pl.DataFrame
    """True links of people on file twice, with `_number`."""
    twice: pl.DataFrame
    """People on file twice as they stand here: number, person_id, household_id, county, is_current."""


def delivered(scene: Scene) -> Delivered:
    """Make every table of one county; deterministic, and apart from the register's own random numbers."""
    home, away, links = {}, {}, []
    all_blocks = _blocks(scene)
    absent = [block for blocks in all_blocks.values() for block in blocks if not block.table]
    claims = [claims_of(absent)]
    for name, blocks in all_blocks.items():
        made = table_of(scene, name, [block for block in blocks if block.table])
        claims.append(made.claims)
        links.append(made.links)
        own = pl.col("area_code").str.starts_with(scene.county).fill_null(False)
        home[name] = made.rows.filter(own)
        away[name] = made.rows.filter(~own)
    all_links = pl.concat(links)
    return Delivered(
        tables=home,
        elsewhere=away,
        links=all_links.filter(~pl.col("_twice")).drop(*_HIDDEN),
        findings=_findings(scene, pl.concat(claims)),
        links_of_twice=all_links.filter("_twice").drop("_twice"),
        twice=_twice(scene),
    )


def _blocks(scene: Scene) -> dict[str, list[Block]]:
    dead = civil.unreported(scene)
    return {
        "vehicles": vehicles.vehicles(scene),
        "properties": estate.real_estate(scene),
        "businesses": estate.businesses(scene),
        "payroll": money.payroll(scene),
        "deaths": civil.deaths(scene, dead),
        "hukou_moves": civil.hukou_moves(scene),
        "medical_insurance": insurance.medical_insurance(scene),
        "medical_costs": insurance.medical_costs(scene),
        "pension": insurance.pension(scene, dead),
        "school_roll": services.school_roll(scene),
        "disability": services.disability(scene),
        "allowance": relief.allowance(scene, dead),
        "housing_grade": houses.housing_grade(scene),
        "relocation": houses.relocation(scene),
        "deposits": money.deposits(scene),
    }


def _findings(scene: Scene, claims: pl.DataFrame) -> pl.DataFrame:
    """One row per rule and household, person or outsider.

    A finding is lawful where every true claim of it is; people without a row on file have none.
    """
    ids = scene.on_file_ids[claims["subject"].to_numpy()]
    outside = pl.col("subject") >= scene.subjects.on_file
    of_household = pl.col("rule").is_in(list(HOUSEHOLD_RULES))
    rows = claims.with_columns(ids["household_id"], ids["person_id"]).filter(
        pl.col("household_id").is_not_null() | outside
    )
    keyed = rows.with_columns(
        person_id=pl.when(~of_household).then("person_id"),
        outsider=pl.when(outside).then("subject"),
    )
    real = pl.col("is_true")
    return (
        keyed.group_by("rule", "household_id", "person_id", "outsider")
        .agg(
            is_true=real.any(),
            lawful_exception=real.any() & (pl.col("why") != "").filter(real).all(),
            explanation=pl.col("why").filter(real & (pl.col("why") != "")).first(),
            records=pl.col("record").drop_nulls().sort(),
        )
        .with_columns(
            period=pl.lit(scene.year.period, dtype=pl.Int64),
            explanation=pl.when("lawful_exception").then("explanation"),
        )
        .sort("rule", "household_id", "person_id", "outsider", nulls_last=True)
        .select(*TRUE_FINDING)
    )


TRUE_FINDING = (
    "rule", "period", "household_id", "person_id", "is_true", "lawful_exception", "explanation", "records",
)  # fmt: skip


def _twice(scene: Scene) -> pl.DataFrame:
    """The people on file twice in this county's register, both those with records and those without."""
    subjects, year = scene.subjects, scene.year
    double = (subjects.twice | subjects.skipped)[year.persons] & scene.records.kept
    who = year.persons[double]
    ids = scene.on_file_ids[who]
    return pl.DataFrame(
        {
            "number": subjects.identities.numbers.gather(pl.Series(who)),
            "person_id": ids["person_id"],
            "household_id": ids["household_id"],
            "is_current": year.current[double],
        }
    )
