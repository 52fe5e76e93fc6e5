"""A few counties of a middling sample, made once for all tests of this folder."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from jingzhun.policy.pack import load_pack
from jingzhun.sample import parameters
from jingzhun.sample.county import Order, Tables, county_tables
from jingzhun.sample.plan import plan
from jingzhun.sample.villages import rural_villages
from jingzhun.standard.divisions import Divisions

from .sample_support import HOUSEHOLDS, SEED, SOME, YEARS, Made, Whole


@pytest.fixture(scope="session")
def divisions() -> Divisions:
    return load_pack("gansu").divisions


@pytest.fixture(scope="session")
def order(divisions: Divisions) -> Order:
    known = parameters.load()
    plans = plan(known, households=HOUSEHOLDS, seed=SEED)
    return Order(known, plans, SEED, YEARS, rural_villages(divisions))


@pytest.fixture(scope="session")
def made(order: Order) -> Made:
    places = {county.facts.code: place for place, county in enumerate(order.plans)}

    @cache
    def county(code: str) -> dict[int, Tables]:
        return dict(county_tables(order, places[code]))

    return county


@pytest.fixture(scope="session")
def whole(made: Made) -> Whole:
    @cache
    def table(name: str, year: int) -> pl.DataFrame:
        return pl.concat([made(code)[year][name] for code in SOME])

    return table
