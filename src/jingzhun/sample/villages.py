"""Which villages of a county are in the sample, how large and how poor they are, and who lives where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from jingzhun.sample.parameters import Parameters
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.streams import Array, Streams

_URBAN = "社区|居委会|居民委员会|生活区"
PERSONS_EACH = 4.1
"""Persons per registered household (domain.md 7.2), to size villages before anybody is drawn."""


@dataclass(frozen=True)
class VillagePlan:
    """The villages of one county, ascending by code, and the village of each household."""

    codes: tuple[str, ...]
    poor: Array
    deep: Array
    weight: Array
    """Relative population."""
    of_household: Array
    """Position of each household's village, ascending."""

    def populations(self, registered: Array, incidence: float) -> Array:
        """Rural population of each village, given its registered persons of the first list."""
        total = registered.sum() / (incidence / 100.0)
        expected = total * self.weight / self.weight.sum()
        return np.maximum(np.round(expected), np.ceil(registered * 1.15) + 12).astype(np.int64)


def rural_villages(divisions: Path) -> dict[str, tuple[str, ...]]:
    """County code -> codes of its villages (not of urban communities), from a divisions table."""
    rows = (
        pl.scan_csv(divisions, schema_overrides={"code": pl.String, "parent_code": pl.String})
        .filter((pl.col("level") == "village") & ~pl.col("name").str.contains(_URBAN))
        .select(pl.col("code").str.slice(0, 6).alias("county"), "code")
        .sort("code")
        .collect()
    )
    return {
        str(county[0]): tuple(part["code"])
        for county, part in rows.partition_by("county", as_dict=True, maintain_order=True).items()
    }


def settle(
    parameters: Parameters,
    plan: CountyPlan,
    available: tuple[str, ...],
    households: int,
    streams: Streams,
) -> VillagePlan:
    """Choose villages in proportion to the households, and spread the households over them."""
    settings = parameters.living.villages
    wanted = max(1, min(plan.households // settings.households_each, len(available)))
    chosen = np.sort(streams.of("villages").permutation(len(available))[:wanted])
    poor = streams.uniform("poor village", wanted) < settings.poor[plan.facts.kind]
    deep = poor & (streams.uniform("deep", wanted) < settings.deep.get(plan.facts.exit or 0, 0.0))
    weight = np.exp(settings.size_spread * streams.normal("village size", wanted))
    pull = weight * np.where(poor, settings.poor_weight, 1.0)
    where = np.searchsorted(
        np.cumsum(pull)[:-1] / pull.sum(), streams.uniform("village of household", households)
    )
    return VillagePlan(
        codes=tuple(available[i] for i in chosen),
        poor=poor,
        deep=deep,
        weight=weight,
        of_household=np.sort(where),
    )
