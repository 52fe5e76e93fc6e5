"""One county from the first draw to its tables, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample import areas, members, people, register, sharing, villages
from jingzhun.sample.causes import Causes, causes
from jingzhun.sample.documents import Documents, documents
from jingzhun.sample.draws import Draws
from jingzhun.sample.names import names
from jingzhun.sample.numbers import numbers
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.records import records
from jingzhun.sample.streams import Streams
from jingzhun.sample.year import County, Year


@dataclass(frozen=True)
class Order:
    """What to make: the whole plan, and where villages are."""

    parameters: Parameters
    plans: tuple[CountyPlan, ...]
    seed: int
    periods: Sequence[int]
    villages: Mapping[str, tuple[str, ...]]


Tables = dict[str, pl.DataFrame]


def county_tables(order: Order, place: int) -> Iterator[tuple[int, Tables]]:
    """Period and tables of one county, in the order of the periods."""
    plan, parameters = order.plans[place], order.parameters
    if plan.households == 0:
        for period in order.periods:
            row = areas.county_table(parameters, plan, order.seed, period, None)
            yield period, {"counties": row}
        return
    county, reasons, papers = _county(order, place)
    own = areas.area(county)
    for period in order.periods:
        year = Year.of(county, period)
        made = records(year, reasons, papers)
        yield (
            period,
            {
                "households": made.households,
                "persons": made.persons,
                "villages": areas.village_table(year, own, made),
                "counties": areas.county_table(
                    parameters, plan, order.seed, period, (year, own, made)
                ),
                "truth_households": made.truth_households,
                "truth_persons": made.truth_persons,
            },
        )


def _county(order: Order, place: int) -> tuple[County, Causes, Documents]:
    parameters, plan = order.parameters, order.plans[place]
    streams = Streams(order.seed, plan.facts.code)
    group = register.groups(parameters, plan, streams)
    of_households = Draws(streams, len(group))
    settled = villages.settle(
        parameters, plan, order.villages[plan.facts.code], len(group), streams
    )
    roster = members.form(parameters, streams, group == register.DISSOLVED)
    ethnicity = people.household_ethnicities(parameters, plan.mix, settled.of_household, streams)
    everybody = people.cast(parameters, roster, ethnicity, streams)
    twice = sharing.share(parameters, order.plans, place, everybody, order.seed)
    true_names = twice.applied(names(parameters.names, everybody, streams), given=twice.given_names)
    true_numbers = twice.applied(numbers(order.plans, place, everybody, streams))
    of_persons = Draws(Streams(order.seed, plan.facts.code, branch="person/"), len(everybody))
    county = County(
        parameters=parameters,
        plan=plan,
        villages=settled,
        register=register.register(
            parameters, plan, group, roster.stop[:, members.HEAD], of_households
        ),
        roster=roster,
        people=everybody,
        household_draws=of_households,
        person_draws=of_persons,
    )
    doubled = (twice.given, np.concatenate([twice.first, twice.second]))
    papers = documents(parameters, everybody, true_names, true_numbers, doubled, of_persons)
    return county, causes(parameters, roster, of_households), papers
