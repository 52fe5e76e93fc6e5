"""How a household lives: house, water, energy, roads, land."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import NULL, UNKNOWN, Columns, positions
from jingzhun.sample.levels import Levels, wrong_by_income
from jingzhun.sample.parameters import between
from jingzhun.sample.registration import Standing
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.year import Year

OUTSIDE = {"housing": 0.06, "water": 0.05, "food": 0.01}
"""Shares of households that are not registered."""


@dataclass(frozen=True)
class House:
    """The house of each household."""

    grade: Array
    """Position in `housing_grade`, as recorded."""
    true_grade: Array
    repaired: Array
    """A finished repair or relocation."""
    relocated: Array
    repair_year: Array


def troubled(year: Year, now: Standing, kind: str) -> Array:
    """Households with a lasting trouble of a kind, by where they stand; shrinks over the years."""
    living, draw = year.parameters.living, year.by_household.lasting(f"trouble {kind}")
    after = living.after_exit[kind][year.period] * year.county.plan.troubles[kind]
    before = living.before_exit[kind][year.period]
    share = np.where(now.poor, before, np.where(now.exited, after, OUTSIDE[kind]))
    return np.asarray(draw < share)


def house(year: Year, now: Standing, levels: Levels) -> House:
    """Grade on record and in truth, repair, relocation."""
    settings, draw = year.parameters.living.housing, year.by_household
    rows, register = year.households, year.county.register
    code = positions("housing_grade")
    wrong_house = register.wrong_exit[rows] & ~wrong_by_income(year) & now.exited
    bad = troubled(year, now, "housing") | (wrong_house & register.wrong_on_record[rows])
    anyway = draw.lasting("house not yet") < year.parameters.living.housing_if_income_good
    bad |= levels.good_but_poor & anyway
    bad &= ~(wrong_house & ~register.wrong_on_record[rows])
    relocated = (draw.lasting("relocated") < settings.relocated) & now.registered
    once = relocated | ((draw.lasting("repaired") < settings.repaired) & now.registered)
    first, last = year.parameters.registry.first_year, year.parameters.registry.last_year
    finished = register.exit[rows].astype(np.int64) - (draw.lasting("repair year") < 0.5)
    finished = np.clip(finished, first, last)
    finished = np.where(relocated, np.maximum(finished, settings.relocation_from), finished)
    repaired = once & ~bad & (finished <= year.period)
    relocated = relocated & (finished <= year.period)
    dangerous = np.where(draw.lasting("grade d") < settings.dangerous_d, code["D"], code["C"])
    good = (draw.lasting("grade a") < settings.safe_a) | repaired
    grade = np.where(bad, dangerous, np.where(good, code["A"], code["B"]))
    lag = bad & now.exited & ~wrong_house
    true_grade = np.where(wrong_house, code["D"], np.where(lag, code["B"], grade))
    return House(grade, true_grade, repaired, relocated, finished)


def housing(year: Year, own: House, size: Array) -> Columns:
    """The housing and relocation columns."""
    settings, draw = year.parameters.living.housing, year.by_household
    code = positions("housing_grade")
    median, spread = settings.area_per_person
    area = median * np.exp(spread * draw.lasting_normal("house area")) * np.maximum(size, 1)
    structure = draw.lasting("structure")
    old, new = settings.structures["old"], settings.structures["new"]
    fresh = own.repaired | own.relocated
    certificate = fresh & (draw.lasting("certificate") < settings.certificate)
    moved, place = own.relocated, positions("settlement_place")
    centralised = draw.lasting("settlement") < 0.75
    where = pick([0.35, 0.3, 0.03, 0.22, 0.1], draw.lasting("settlement place"))
    mode = pick([0.25, 0.45, 0.30], draw.lasting("relocation mode"))
    return {
        "housing_grade": own.grade,
        "is_dangerous_house": (own.grade >= code["C"]).astype(np.int8),
        "house_repair_year": np.where(own.repaired, own.repair_year, NULL),
        "has_house_certificate": certificate.astype(np.int8),
        "housing_area_m2": np.round(np.clip(area, 18, 480), 0),
        "housing_structure": np.where(fresh, pick(new, structure), pick(old, structure)),
        "is_relocated": moved.astype(np.int8),
        "relocation_mode": np.where(moved, mode, UNKNOWN),
        "settlement_mode": np.where(moved, np.where(centralised, 0, 1), UNKNOWN),
        "settlement_place": np.where(moved, np.minimum(where, len(place) - 1), UNKNOWN),
    }


def water(year: Year, now: Standing) -> Columns:
    """The drinking-water columns: safe exactly when all four tests pass; and food."""
    settings, draw = year.parameters.living.water, year.by_household
    unsafe = troubled(year, now, "water")
    failing = {
        test: unsafe & (draw.lasting(f"water {test}") < share)
        for test, share in settings.unsafe.items()
    }
    failing["litres"] |= unsafe & ~np.logical_or.reduce(list(failing.values()))
    low, high = settings.safe_litres
    amount = draw.lasting("litres")
    litres = np.where(failing["litres"], 7 + 12 * amount, low + (high - low) * amount)
    way = draw.lasting("minutes")
    minutes = np.where(failing["minutes"], 24 + 40 * way, 18 * way * way).astype(np.int64)
    supply = draw.lasting("supply")
    rate = np.where(failing["supply"], 0.5 + 0.36 * supply, 0.91 + 0.09 * supply)
    hungry = troubled(year, now, "food")
    return {
        "has_safe_water": (~unsafe).astype(np.int8),
        "has_water_difficulty": (failing["litres"] | failing["minutes"]).astype(np.int8),
        "water_litres_per_day": np.round(litres, 0),
        "is_water_quality_safe": (~failing["quality"]).astype(np.int8),
        "water_fetch_minutes": minutes,
        "water_supply_rate": np.round(rate.astype(np.float64), 2),
        "has_food_and_clothing": (~hungry).astype(np.int8),
    }


def utilities(year: Year) -> Columns:
    """Power, broadcast, toilet, fuel, roads and links to enterprises, growing over the years."""
    living, draw, years = year.parameters.living, year.by_household, year.parameters.years
    columns: Columns = {
        name: (draw.lasting(name) < between(pair, year.period, years)).astype(np.int8)
        for name, pair in living.shares.items()
    }
    median, spread = living.trunk_road_km
    distance = median * np.exp(spread * draw.lasting_normal("trunk road"))
    columns["main_fuel"] = pick(_mixed(living.fuel, year), draw.lasting("fuel"))
    columns["entry_road"] = pick(_mixed(living.entry_road, year), draw.lasting("road"))
    columns["trunk_road_km"] = np.round(np.minimum(distance, 14.0).astype(np.float64), 1)
    return columns


def _mixed(shares: dict[int, tuple[float, ...]], year: Year) -> list[float]:
    years = year.parameters.years
    ends = zip(shares[years[0]], shares[years[-1]], strict=True)
    return [between(pair, year.period, years) for pair in ends]


def land(year: Year) -> Columns:
    """Land by class, in mu, the same in all years."""
    settings, draw = year.parameters.living.land, year.by_household
    terrain = year.county.plan.facts.terrain
    persons = np.maximum(year.county.roster.exists[year.households, :6].sum(axis=1), 1)
    spread = np.exp(settings.spread * draw.lasting_normal("land"))
    has = draw.lasting("has land") > 0.03
    mu = settings.cultivated_per_person[terrain] * persons * spread * has
    cultivated = np.minimum(mu, settings.at_most)
    watered = np.minimum(settings.irrigated[terrain] * 2 * draw.lasting("irrigated"), 1.0)
    columns: Columns = {
        "cultivated_mu": _tenth(cultivated),
        "irrigated_mu": _tenth(cultivated * watered),
    }
    pasture = terrain == "pasture"
    kinds = {
        "forest_mu": settings.forest,
        "returned_forest_mu": settings.returned_forest,
        "fruit_mu": settings.fruit,
        "grassland_mu": settings.pasture if pasture else settings.grassland,
        "water_mu": settings.water,
    }
    for name, kind in kinds.items():
        has = draw.lasting(f"has {name}") < kind["share"]
        size = kind["mu"] * np.exp(0.6 * draw.lasting_normal(name))
        columns[name] = _tenth(np.where(has, size, 0.0))
    return columns


def _tenth(values: Array) -> Array:
    return np.round(values.astype(np.float64), 1)
