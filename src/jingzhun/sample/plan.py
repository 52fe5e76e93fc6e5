"""How many registered households each county has, and how fast they leave the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jingzhun.errors import InputError
from jingzhun.sample.parameters import County, Parameters, Yearly
from jingzhun.sample.streams import Array, Streams

AT_MOST = 30_000_000
"""Beyond this the invented ID numbers of one county would run out."""


@dataclass(frozen=True)
class CountyPlan:
    """What is laid down for one county before any household is drawn."""

    place: int
    """Position in the list of counties."""
    facts: County
    households: int
    """Registered households at the end of the last year."""
    remaining: Yearly
    """Share of registered persons still poor at the end of each year."""
    troubles: Mapping[str, float]
    """How often things go wrong here compared with the province: income, housing, water, ..."""
    income_factor: float
    mix: Mapping[str, float]
    """Households by ethnicity (alpha code)."""


def plan(parameters: Parameters, *, households: int, seed: int) -> tuple[CountyPlan, ...]:
    """The plan of every county, in the order of their codes; InputError for an absurd number."""
    if not 1 <= households <= AT_MOST:
        raise InputError(
            f"The sample can't have {households} households",
            do=f"Ask for a number from 1 to {AT_MOST}",
        )
    if seed < 0:
        raise InputError(f"{seed} can't be a seed", do="Give a whole number from 0 on")
    counties = sorted(parameters.counties.counties, key=lambda county: county.code)
    weights = np.array([county.rural * county.incidence for county in counties])
    numbers = _apportioned(weights, households)
    remaining = _remaining(parameters, counties, weights)
    return tuple(
        _county_plan(parameters, place, county, int(numbers[place]), remaining[place], seed)
        for place, county in enumerate(counties)
    )


def _county_plan(
    parameters: Parameters, place: int, county: County, number: int, remaining: Yearly, seed: int
) -> CountyPlan:
    streams = Streams(seed, county.code)
    living, income = parameters.living, parameters.income
    kinds = ("income", "housing", "water", "medical", "schooling", "food", "wrong_exit")
    spread = living.county_spread
    draws = streams.normal("county troubles", len(kinds))
    by_exit = living.by_county_exit[county.exit or 0]
    troubles = {
        kind: by_exit * float(np.exp(spread * z - spread**2 / 2))
        for kind, z in zip(kinds, draws, strict=True)
    }
    around = float(np.exp(income.county_spread * streams.normal("county income", 1)[0]))
    return CountyPlan(
        place=place,
        facts=county,
        households=number,
        remaining=remaining,
        troubles=troubles,
        income_factor=income.county_factor[county.exit or 0] * around,
        mix=county.mix or parameters.counties.default_mix,
    )


def _apportioned(weights: Array, total: int) -> Array:
    """Whole numbers in proportion to the weights that add up to `total` (largest remainders)."""
    exact = weights / weights.sum() * total
    numbers = np.floor(exact).astype(np.int64)
    rest = total - int(numbers.sum())
    numbers[np.argsort(numbers - exact, kind="stable")[:rest]] += 1
    return np.asarray(numbers)


def _remaining(
    parameters: Parameters, counties: list[County], weights: Array
) -> tuple[Yearly, ...]:
    """Every county's curve, shifted by one number a year on the logit scale to meet the province's."""
    curves = [parameters.registry.curves[county.exit or 0] for county in counties]
    shifted: list[Yearly] = [{} for _ in counties]
    for year in parameters.years:
        base = np.array([curve[year] for curve in curves])
        values = _shifted(base, weights / weights.sum(), parameters.registry.remaining[year])
        for own, value in zip(shifted, values, strict=True):
            own[year] = float(value)
    return tuple(shifted)


def _shifted(base: Array, weights: Array, target: float) -> Array:
    logits = np.log(base / (1.0 - base))
    low, high = -10.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = float((weights / (1.0 + np.exp(-(logits + middle)))).sum())
        low, high = (middle, high) if mean < target else (low, middle)
    values: Array = 1.0 / (1.0 + np.exp(-(logits + (low + high) / 2)))
    return values
