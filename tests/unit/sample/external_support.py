"""Two counties with their external tables, and a small whole province, for the tests of the records."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import polars as pl

from jingzhun.sample.county import Order, Tables, county_tables
from jingzhun.sample.external.rest import Rest
from jingzhun.sample.external.rows import PREFIXES

TABLES = tuple(PREFIXES)
PERIOD = 2019


class Outside(NamedTuple):
    """One county's tables of 2019, and what could not be placed in it."""

    tables: Tables
    rest: Rest


def with_external(order: Order, code: str, *, equal_names: bool = False) -> Outside:
    """The tables of 2019 of one county, external ones included."""
    places = {plan.facts.code: place for place, plan in enumerate(order.plans)}
    wanted = replace(
        order, periods=(PERIOD,), external=frozenset({PERIOD}), equal_names=equal_names
    )
    rest = Rest()
    ((_, tables),) = county_tables(wanted, places[code], rest)
    return Outside(tables, rest)


def linked(tables: Tables, table: str) -> pl.DataFrame:
    """Records that lie in the county with their truth (`true_person`, `noise`, ...)."""
    links = tables["truth_links"].filter(pl.col("source") == table)
    truth = links.select("record_id", "noise", "shares_id", true_person="person_id")
    return tables[table].join(truth, on="record_id")
