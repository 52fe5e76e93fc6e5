"""Which villages of a county are in the sample, how large and how poor they are, and who lives where."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from jingzhun.sample.parameters import Parameters
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.streams import Array, Streams
from jingzhun.standard.divisions import Divisions, Level

_URBAN = "社区|居委会|居民委员会|生活区"


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
        persons = np.maximum(np.round(expected), np.ceil(registered * 1.15) + 12)
        return np.asarray(persons, dtype=np.int64)


def rural_villages(divisions: Divisions) -> dict[str, tuple[str, ...]]:
    """County code -> codes of its villages (not of urban communities), ascending."""
    found: dict[str, list[str]] = {}
    for village in divisions.at_level(Level.VILLAGE):
        if not re.search(_URBAN, village.name):
            found.setdefault(village.code[:6], []).append(village.code)
    return {county: tuple(sorted(codes)) for county, codes in found.items()}


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
