"""The village and county tables, in step with the households and persons of the same year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample.columns import NULL, Columns, alpha_positions, frame, positions, texts
from jingzhun.sample.draws import Drawn, Draws
from jingzhun.sample.members import NEVER
from jingzhun.sample.mistakes import forget
from jingzhun.sample.parameters import Pair, Parameters, between
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.records import Records
from jingzhun.sample.register import ADDED, UNREGISTERED
from jingzhun.sample.streams import Array, Streams, pick
from jingzhun.sample.year import County, Year

LATE_VILLAGES = 0.05
"""Share of poor villages that are still on the list when their county exits."""


@dataclass(frozen=True)
class Area:
    """What stays the same about the villages of a county."""

    persons: Array
    """Rural population of each village, of the end of the first year."""
    poor_persons: dict[int, Array]
    """Registered persons not exited at the end of each year, by village."""
    draws: Draws

    def exit_years(self, county: County) -> Array:
        """Year in which each poor village leaves the list; NEVER for the others.

        The first in which few enough are poor, at the latest the county's own; a few are a year late.
        """
        parameters = county.parameters
        limit, first = parameters.areas.village_incidence_limit, parameters.registry.first_year
        with_county = county.plan.facts.exit or NEVER
        late = self.draws.lasting("late exit") < LATE_VILLAGES
        exit_ = np.full(len(self.persons), NEVER)
        for year in reversed(parameters.years):
            left = self.poor_persons[year] / self.persons < limit
            due = year >= with_county + late
            exit_ = np.where((left | due) & (year > first), year, exit_)
        return np.where(county.villages.poor, exit_, NEVER)


def area(county: County) -> Area:
    """Size the villages by their first list, and count the poor at the end of every year."""
    register, villages, roster = county.register, county.villages, county.roster
    parameters, count = county.parameters, len(county.villages.codes)

    def persons(period: int, mask: Array) -> Array:
        there = roster.exists & (roster.start <= period) & (roster.stop > period)
        sizes = there.sum(axis=1) * mask
        return np.bincount(villages.of_household, weights=sizes, minlength=count)

    first_list = ~np.isin(register.group, (ADDED, UNREGISTERED))
    registered = persons(parameters.registry.first_year, first_list)
    streams = Streams(county.household_draws.streams.seed, county.plan.facts.code, "village/")
    return Area(
        persons=villages.populations(registered, county.plan.facts.incidence),
        poor_persons={year: persons(year, register.poor(year)) for year in parameters.years},
        draws=Draws(streams, count),
    )


def village_table(year: Year, own: Area, records: Records) -> pl.DataFrame:
    """One row per village of the sample and period."""
    villages, count = year.county.villages, len(year.county.villages.codes)
    draw = Drawn(own.draws, np.arange(count), year.period)
    exit_ = own.exit_years(year.county)
    attribute, terrain = positions("village_attribute"), positions("terrain")
    poor = np.where(villages.poor, attribute["poor"], attribute["other"])
    directions = year.parameters.names.directions
    columns: Columns = {
        "village_code": texts(villages.codes, np.arange(count)),
        "period": np.full(count, year.period),
        "village_attribute": np.where(villages.deep, attribute["deep"], poor),
        "development_direction": texts(
            directions, pick([1.0] * len(directions), draw.lasting("direction"))
        ),
        "terrain": np.full(count, terrain[year.county.plan.facts.terrain]),
        **_counts(year, own, records, draw),
        **_services(year, villages.poor, exit_, draw),
        **_money_and_land(year, own, records, draw),
        "village_head": _heads(year, draw),
        "exit_year": np.where(exit_ <= year.period, exit_, NULL),
    }
    forget("villages", columns, year.parameters.areas.missing, draw)
    return frame("villages", columns, count)


def _at(year: Year, pair: Pair) -> float:
    return between(pair, year.period, year.parameters.years)


def _by_village(year: Year, households: Array) -> Array:
    where = year.county.villages.of_household[year.households]
    return np.bincount(where, weights=households, minlength=len(year.county.villages.codes))


def _persons_by_village(year: Year, persons: Array) -> Array:
    return _by_village(year, year.count(persons))


def _counts(year: Year, own: Area, records: Records, draw: Drawn) -> Columns:
    """Households and persons of a village: those on file as they are, the others by shares."""
    settings, persons = year.parameters.areas, own.persons
    households = np.ceil(persons / settings.persons_per_household)
    codes, rows = alpha_positions("ethnicity"), year.persons
    on_file = np.maximum(_persons_by_village(year, year.current), 1)
    minority = _persons_by_village(year, year.county.people.ethnicity[rows] != codes["HA"])
    shares = {
        name: np.round(persons * _at(year, pair) * (0.85 + 0.3 * draw.lasting(name)))
        for name, pair in settings.shares_of_persons.items()
    }
    homes = {
        name: np.round(
            households * np.minimum(_at(year, pair) * (0.6 + 0.8 * draw.lasting(name)), 1)
        )
        for name, pair in settings.shares_of_households.items()
    }
    large = np.maximum(np.round(persons / settings.natural_village_persons), 1)
    natural = {
        name: np.round(large * np.minimum(_at(year, pair) + 0.25 * draw.lasting(name) ** 2, 1.0))
        for name, pair in settings.natural_villages.items()
    }
    shares["ncms_members"] = np.minimum(shares["ncms_members"], persons)
    pension = _at(year, settings.pension_of_labour) * (0.94 + 0.12 * draw.lasting("pension"))
    shares["pension_members"] = np.minimum(np.round(shares["labour_force"] * pension), persons)
    shares["women"] = np.round(persons * _at(year, settings.shares_of_persons["women"]))
    counts = {
        "households": households,
        "persons": persons,
        "natural_villages": large + np.floor(draw.lasting("small natural villages") * 3),
        "large_natural_villages": large,
        "minority_persons": np.round(persons * minority / on_file),
        "cooperatives": 1 + np.floor(draw.lasting("cooperatives") * persons / 350),
        **shares,
        **homes,
        **natural,
        **_on_record(year, households, records),
    }
    counts["allowance_households"] = np.ceil(counts["allowance_persons"] / 2.4)
    counts["five_guarantee_households"] = np.ceil(counts["five_guarantee_persons"] / 1.15)
    return {name: values.astype(np.int64) for name, values in counts.items()}


def _on_record(year: Year, households: Array, records: Records) -> dict[str, Array]:
    """Troubles counted on the records, plus a share of the households that are not on file."""
    settings, table = year.parameters.areas, records.households
    others = np.maximum(households - _by_village(year, np.ones(len(year.households))), 0)
    seen = {
        "unsafe_water_households": table["has_safe_water"].not_(),
        "water_difficulty_households": table["has_water_difficulty"],
        "dangerous_house_households": table["is_dangerous_house"],
    }
    counts = {
        name: _by_village(year, series.fill_null(False).to_numpy())
        + np.round(others * _at(year, settings.outside_register[name]))
        for name, series in seen.items()
    }
    out = records.persons.filter(pl.col("not_in_school_reason").is_in(["aversion", "other"]))
    per_household = table.select("household_id", "village_code").join(
        out.group_by("household_id").len(), on="household_id", how="left", maintain_order="left"
    )
    counts["dropouts"] = _by_village(year, per_household["len"].fill_null(0).to_numpy())
    return counts


def _services(year: Year, poor: Array, exit_: Array, draw: Drawn) -> Columns:
    """Roads, buses, clinics, teams: growing over the years, and there when a poor village exits."""
    settings = year.parameters.areas
    exited = exit_ <= year.period
    columns: Columns = {}
    for name, pair in settings.chances.items():
        has = draw.lasting(name) < _at(year, pair)
        needed = name in ("has_hard_road", "has_lead_industry", "is_tidy", "clinics")
        has |= exited & needed & (draw.lasting(f"{name} at exit") < 0.97)
        columns[name] = has.astype(np.int64)
    teams = year.period >= settings.teams_from
    columns["has_first_secretary"] = ((poor & teams) | (draw.lasting("secretary") < 0.1)).astype(
        int
    )
    columns["has_resident_team"] = ((poor & teams) | (draw.lasting("team") < 0.25)).astype(int)
    clinics = np.asarray(columns["clinics"])
    columns["doctors"] = clinics * (1 + (draw.lasting("doctors") < 0.25))
    columns["public_toilets"] = np.floor(draw.lasting("toilets") * 3).astype(np.int64)
    columns["waste_points"] = np.floor(draw.lasting("waste") * 6).astype(np.int64)
    columns["information_officers"] = np.ones(len(poor), dtype=np.int64)
    return columns


def _money_and_land(year: Year, own: Area, records: Records, draw: Drawn) -> Columns:
    settings, terrain = year.parameters.areas, year.county.plan.facts.terrain
    around = np.exp(0.5 * draw.lasting_normal("collective"))
    farmers = _at(year, settings.farmers_income) * year.county.plan.income_factor
    inns = np.round(
        _at(year, settings.farm_inn_income_yuan) * (0.7 + 0.6 * draw.lasting("inn income"))
    )
    table = records.households
    members = np.maximum(_persons_by_village(year, year.current), 1)
    land = {}
    for name in (
        "cultivated_mu",
        "irrigated_mu",
        "forest_mu",
        "returned_forest_mu",
        "fruit_mu",
        "grassland_mu",
        "water_mu",
    ):
        # A slip of one household (a field sixty times too large) is not the village's land.
        held = np.minimum(table[name].fill_null(0.0).to_numpy(), 5000.0)
        land[name] = np.round(_by_village(year, held) / members * own.persons, 1)
    area = np.round(
        settings.area_mu_per_person[terrain] * own.persons * (0.7 + draw.lasting("area"))
    )
    whole = np.sum(list(land.values()), axis=0)
    return {
        "collective_income_10k_yuan": np.round(
            _at(year, settings.collective_income_10k_yuan) * around.astype(np.float64), 2
        ),
        "income_per_capita_yuan": np.round(
            farmers * np.exp(0.12 * draw.lasting_normal("farmers"))
        ).astype(np.int64),
        "farm_inn_income_yuan": inns.astype(np.int64),
        **land,
        "village_area_mu": np.maximum(area.astype(np.float64), np.round(whole * 1.1)),
    }


def _heads(year: Year, draw: Drawn) -> pl.Series:
    """Names of village heads, invented like the others."""
    tables = year.parameters.names
    surnames, given = tables.surnames["han"], tables.given["male"]
    parts = (
        texts(list(surnames), pick(surnames.values(), draw.lasting("head surname"))),
        texts(given.first, pick([1.0] * len(given.first), draw.lasting("head first"))),
        texts(given.second, pick([1.0] * len(given.second), draw.lasting("head second"))),
    )
    rows = pl.DataFrame({str(place): part for place, part in enumerate(parts)})
    named = rows.select(pl.concat_str("0", "1", "2").alias("name"))
    avoided = pl.col("name").is_in(list(tables.avoid))
    other = pl.lit("马" + tables.given["male"].single[0] + tables.instead["male"])
    return named.select(pl.when(avoided).then(other).otherwise("name").alias("name")).to_series()


def county_table(
    parameters: Parameters,
    plan: CountyPlan,
    seed: int,
    period: int,
    made: tuple[Year, Area, Records] | None,
) -> pl.DataFrame:
    """The county's row of a period; without villages when the sample has no household there."""
    settings, facts, years = parameters.areas, plan.facts, parameters.years
    exited = facts.exit is not None and facts.exit <= period
    columns: Columns = {
        "county_code": pl.Series([facts.code]),
        "period": np.array([period]),
        "income_per_capita_yuan": np.array(
            [round(between(settings.farmers_income, period, years) * plan.income_factor)]
        ),
        "is_contiguous_poor_area": np.array([int(facts.kind == "contiguous")]),
        "is_scattered_poor_county": np.array([int(facts.kind == "scattered")]),
        "is_pasture": np.array([int(facts.terrain == "pasture")]),
        "exit_year": np.array([facts.exit if exited else NULL], dtype=np.int64),
    }
    if made is not None:
        columns |= _county_figures(made[0], made[1], made[2], Streams(seed, facts.code, "audit/"))
    return frame("counties", columns, 1)


def _county_figures(year: Year, own: Area, records: Records, streams: Streams) -> Columns:
    settings, facts = year.parameters.areas.county, year.county.plan.facts
    rural = int(own.persons.sum())
    population = round(rural / settings.rural_share)
    gdp = population * _at(year, settings.gdp_per_person) * year.county.plan.income_factor / 10_000
    poor = year.county.villages.poor
    exit_ = own.exit_years(year.county)
    audit = year.parameters.registry.audit
    truth = records.truth_households
    exited = records.households["exit_status"].fill_null("") == "exited"
    looked_at = year.by_household.lasting("audited") < audit["exited_share"]
    sample = exited.to_numpy() & looked_at
    wrong = truth["wrong_exit"].to_numpy() & sample
    outside = max(int(sample.sum()), 5 if len(sample) else 0)
    missed = streams.of("missed", year.period).binomial(outside, audit["missed_rate"])
    approval = audit["approval"] + audit["approval_spread"] * streams.normal("approval", 1)[0]
    figures = {
        "population": population,
        "rural_population": rural,
        "poor_villages": int(poor.sum()),
        "exited_villages": int((poor & (exit_ <= year.period)).sum()),
        "poor_persons": int(own.poor_persons[year.period].sum()),
        "audited_exits": int(sample.sum()),
        "wrong_exits": int(wrong.sum()),
        "audited_unregistered": outside,
        "missed_households": int(missed),
    }
    columns: Columns = {name: np.array([value]) for name, value in figures.items()}
    columns["gdp_10k_yuan"] = np.array([round(gdp, 1)])
    columns["fiscal_revenue_10k_yuan"] = np.array(
        [round(gdp * _at(year, settings.revenue_of_gdp), 1)]
    )
    rate = (
        min(float(approval), 0.995) if facts.kind != "other" else min(float(approval) + 0.01, 0.995)
    )
    columns["approval_rate"] = np.array([round(rate, 4)])
    return columns
