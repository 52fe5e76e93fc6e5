"""The summary of an identification: headline, areas, causes, income, groups, cross tables, where first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.identify import distribution, figures
from jingzhun.identify.areas import Areas, prefecture_of
from jingzhun.identify.dimensions import DIMENSIONS, UNKNOWN
from jingzhun.identify.figures import Row
from jingzhun.identify.sums import Cube, Sums, Table, measured, tabulate, total, welfare_table
from jingzhun.standard.divisions.codes import Level

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

CUBES = (
    Cube("village", ("village",), with_income=True),
    Cube("cause", ("township", "cause"), registered_only=True),
    Cube("other_cause", ("county", "cause", "other_cause"), registered_only=True),
    Cube("cause_by_ethnicity", ("county", "cause", "head_ethnicity"), registered_only=True),
    Cube("cause_by_household_size", ("county", "cause", "household_size"), registered_only=True),
    Cube("household_size", ("county", "household_size")),
    Cube("ethnicity", ("county", "ethnicity")),
    Cube("education", ("county", "education")),
    Cube("health", ("county", "health")),
    Cube("labour", ("county", "labour")),
    Cube("education_by_ethnicity", ("county", "education", "ethnicity")),
    Cube("health_by_ethnicity", ("county", "health", "ethnicity")),
)
"""The sums behind the summary."""

POOR_VILLAGES = ("poor", "deep")
TOWNSHIPS_FIRST = 100
"""How many townships the list of where to go first names; all of them stand in `by_township`."""

DISTRIBUTIONS = ("ethnicity", "education", "health", "household_size", "labour")


def summarise(
    status: Lazy, persons: Lazy, *, villages: Lazy | None = None, counties: Lazy | None = None
) -> Sums:
    """The sums of one partition.

    `status` and `persons` are what `household_status` and `person_status` give. `villages` and `counties`
    are the area records of the partition, for the number of poor villages and the rural population.
    """
    rows = {
        "household": _kept(measured(status, "household", CUBES)),
        "person": _kept(measured(persons, "person", CUBES)),
    }
    tables = {cube.name: tabulate(rows[cube.grain], cube) for cube in CUBES}
    tables["welfare"] = welfare_table(status)
    if villages is not None:
        tables["villages"] = _village_counts(villages)
    if counties is not None:
        tables["counties"] = _rural_population(counties)
    return Sums(tables)


def _kept(rows: Lazy) -> Lazy:
    """Rows that are read many times: in memory where the engine is local, as a plan on a cluster."""
    return rows.collect().lazy() if rows.implementation.is_polars() else rows


def _village_counts(villages: Lazy) -> Table:
    one = nw.lit(1, dtype=nw.Int64)
    is_poor = nw.col("village_attribute").is_in(list(POOR_VILLAGES)).fill_null(False)
    rows = villages.select(
        DIMENSIONS["county"].value.alias("county"),
        one.alias("villages"),
        is_poor.cast(nw.Int64).alias("poor_villages"),
    )
    return total(rows, ["county"], ["villages", "poor_villages"])


def _rural_population(counties: Lazy) -> Table:
    """Rural population where it is recorded; `recorded` tells zero from not known."""
    population = nw.col("rural_population")
    rows = counties.select(
        nw.col("county_code").str.slice(0, 6).alias("county"),
        population.fill_null(0).alias("rural_population"),
        (~population.is_null()).cast(nw.Int64).alias("recorded"),
    )
    return total(rows, ["county"], ["rural_population", "recorded"])


def summary(sums: Sums, areas: Areas) -> dict[str, Any]:
    """The part of summary.json that identification fills: exact internal figures.

    Keys and their meaning are documented in docs/identify.md. Counts cover all households of the workspace,
    causes the registered ones. Rates are null where nobody's status is known.
    """
    villages = sums.rows("village")
    counties = by_county(sums, areas)
    townships = by_township(sums, areas)
    everybody = figures.added(villages)
    return {
        **figures.poverty(everybody),
        "by_prefecture": by_prefecture(sums, areas),
        "by_county": counties,
        "by_township": townships,
        "causes": distribution.causes(sums.rows("cause")),
        "other_causes": distribution.other_causes(sums.rows("other_cause")),
        "income": figures.income(everybody, figures.median(sums.rows("welfare"))),
        "distribution": {
            name: distribution.distribution(sums.rows(name), name) for name in DISTRIBUTIONS
        },
        "cross": cross_tables(sums),
        "concentration": distribution.concentration(counties),
        "concentration_by_rate": distribution.concentration(counties, by="headcount_rate"),
        "concentration_townships": distribution.concentration(townships)[:TOWNSHIPS_FIRST],
    }


def by_prefecture(sums: Sums, areas: Areas) -> list[dict[str, Any]]:
    """One entry per prefecture: counts, rates, income."""
    parts = distribution.grouped(sums.rows("village"), lambda row: prefecture_of(row["village"]))
    welfare = _parts(sums.rows("welfare"), lambda row: prefecture_of(row["county"]))
    return [
        {
            "code": code,
            "name": areas.name(code),
            **figures.poverty(parts[code]),
            "income": figures.income(parts[code], figures.median(welfare.get(code, []))),
        }
        for code in sorted(parts)
    ]


def by_county(sums: Sums, areas: Areas) -> list[dict[str, Any]]:
    """One entry per county: counts, rates, causes, income, villages, incidence.

    `incidence` is poor persons by rural population; null where that is not recorded.
    """
    parts = distribution.grouped(sums.rows("village"), lambda row: row["village"][:6])
    welfare = _parts(sums.rows("welfare"), lambda row: row["county"])
    causes = _parts(sums.rows("cause"), lambda row: row["township"][:6])
    villages = distribution.grouped(sums.rows("villages"), "county")
    population = distribution.grouped(sums.rows("counties"), "county")
    found = []
    for code in sorted(parts):
        record = population.get(code, {})
        rural = record["rural_population"] if record.get("recorded") else 0
        found.append(
            {
                "code": code,
                "name": areas.name(code),
                "prefecture": areas.name(prefecture_of(code)),
                "prefecture_code": prefecture_of(code),
                **figures.poverty(parts[code]),
                "causes": _cause_counts(causes.get(code, [])),
                "income": figures.income(parts[code], figures.median(welfare.get(code, []))),
                "villages": villages.get(code, {}).get("villages"),
                "villages_poor": villages.get(code, {}).get("poor_villages"),
                "rural_population": rural or None,
                "incidence": figures.ratio(parts[code]["poor_persons"], rural),
            }
        )
    return found


def by_township(sums: Sums, areas: Areas) -> list[dict[str, Any]]:
    """One entry per township: counts, rates, causes."""
    parts = distribution.grouped(sums.rows("village"), lambda row: row["village"][:9] + "000")
    causes = _parts(sums.rows("cause"), lambda row: row["township"])
    return [
        {
            "code": code,
            "name": areas.name(code),
            "county_code": code[:6],
            **figures.poverty(parts[code]),
            "causes": _cause_counts(causes.get(code, [])),
        }
        for code in sorted(parts)
    ]


def by_village(sums: Sums, areas: Areas) -> list[dict[str, Any]]:
    """One entry per village: counts and rates. Long; not part of the summary."""
    return [
        {
            "code": row["village"],
            "name": areas.name(row["village"]),
            "county_code": row["village"][:6],
            **figures.poverty(row),
        }
        for row in sums.rows("village")
    ]


def areas_at(sums: Sums, areas: Areas, level: Level) -> list[dict[str, Any]]:
    """The areas of a level with counts and rates, villages included; a province has no table of its own."""
    tables = {
        Level.PREFECTURE: by_prefecture,
        Level.COUNTY: by_county,
        Level.TOWNSHIP: by_township,
        Level.VILLAGE: by_village,
    }
    return tables[level](sums, areas) if level in tables else []


def cross_tables(sums: Sums) -> dict[str, Any]:
    """The cross tables of the summary, by name."""
    causes = [{**row, "prefecture": prefecture_of(row["township"])} for row in sums.rows("cause")]
    others = [row for row in sums.rows("other_cause") if row["other_cause"] is not None]
    households = ("households", "poor_households")
    persons = ("persons", "poor_persons")
    cross = distribution.cross
    return {
        "cause_by_ethnicity": cross(
            sums.rows("cause_by_ethnicity"), "cause", "head_ethnicity", households
        ),
        "cause_by_household_size": cross(
            sums.rows("cause_by_household_size"), "cause", "household_size", households
        ),
        "cause_by_prefecture": cross(causes, "cause", "prefecture", households),
        "cause_by_other_cause": cross(others, "cause", "other_cause", households),
        "education_by_ethnicity": cross(
            sums.rows("education_by_ethnicity"), "education", "ethnicity", persons
        ),
        "health_by_ethnicity": cross(
            sums.rows("health_by_ethnicity"), "health", "ethnicity", persons
        ),
    }


def _parts(rows: Sequence[Row], key: distribution.KeyOf) -> dict[Any, list[Row]]:
    parts: dict[Any, list[Row]] = {}
    for row in rows:
        parts.setdefault(key(row), []).append(row)
    return parts


def _cause_counts(rows: Sequence[Row]) -> Mapping[str, int]:
    """Cause code -> registered households, in the order of the code list."""
    counts = distribution.grouped(rows, "cause")
    codes = distribution.ordered(DIMENSIONS["cause"], list(counts))
    return {code or UNKNOWN: counts[code]["households"] for code in codes}
