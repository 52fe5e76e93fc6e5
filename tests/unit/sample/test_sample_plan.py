"""The plan: how many households each county has, and how fast they leave the register."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from jingzhun.errors import InputError
from jingzhun.sample import parameters
from jingzhun.sample.plan import AT_MOST, plan
from jingzhun.sample.villages import rural_villages
from jingzhun.standard.divisions import Divisions, Level

KNOWN = parameters.load()


def test_the_counties_are_the_86_units_of_the_law(divisions: Divisions) -> None:
    codes = {county.code for county in KNOWN.counties.counties}

    in_law = {
        division.code[:6]
        for division in divisions.at_level(Level.COUNTY)
        if not division.is_statistical_unit
    }
    assert codes == in_law
    assert len(codes) == 86


def test_75_counties_were_poor_and_exited_in_the_years_on_record() -> None:
    counties = KNOWN.counties.counties
    kinds = Counter(county.kind for county in counties)
    exits = Counter(county.exit for county in counties if county.exit)

    assert (kinds["contiguous"], kinds["scattered"]) == (58, 17)
    assert exits == {2017: 18, 2018: 18, 2019: 31, 2020: 8}


def test_a_county_has_a_mix_of_ethnicities_that_adds_up() -> None:
    for county in KNOWN.counties.counties:
        mix = county.mix or KNOWN.counties.default_mix
        assert sum(mix.values()) == pytest.approx(1.0, abs=0.011), county.name


def test_the_registered_share_of_the_province_is_that_of_2013() -> None:
    counties = KNOWN.counties.counties
    rural = sum(county.rural for county in counties)
    registered = sum(county.rural * county.incidence / 100 for county in counties)

    assert registered / rural == pytest.approx(0.265, abs=0.002)


@pytest.mark.parametrize("households", [1, 7, 86, 2_000, 1_010_000])
def test_the_households_of_the_counties_add_up(households: int) -> None:
    plans = plan(KNOWN, households=households, seed=1)

    assert sum(county.households for county in plans) == households


def test_the_shares_still_poor_follow_the_registry_series() -> None:
    plans = plan(KNOWN, households=1_000_000, seed=1)
    weights = np.array([county.households for county in plans], dtype=float)

    for year, share in KNOWN.registry.remaining.items():
        mean = np.average([county.remaining[year] for county in plans], weights=weights)
        assert mean == pytest.approx(share, abs=1e-5)


def test_a_county_never_has_more_poor_than_the_year_before() -> None:
    for county in plan(KNOWN, households=1_000, seed=1):
        values = [county.remaining[year] for year in KNOWN.years]
        assert values == sorted(values, reverse=True)


def test_a_county_that_exits_has_less_than_three_percent_poor() -> None:
    for county in plan(KNOWN, households=1_000, seed=1):
        if county.facts.exit and county.facts.exit in county.remaining:
            incidence = county.facts.incidence / 100 * county.remaining[county.facts.exit]
            assert incidence < 0.03, county.facts.name


@pytest.mark.parametrize("households", [0, -5, AT_MOST + 1])
def test_an_absurd_number_of_households_is_refused(households: int) -> None:
    with pytest.raises(InputError, match="households"):
        plan(KNOWN, households=households, seed=1)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(InputError, match="seed"):
        plan(KNOWN, households=10, seed=-1)


def test_every_county_has_villages_and_no_urban_communities(divisions: Divisions) -> None:
    found = rural_villages(divisions)

    assert set(found) >= {county.code for county in KNOWN.counties.counties}
    names = [divisions[code].name for codes in found.values() for code in codes]
    assert not [name for name in names if "居委会" in name or "社区" in name]
