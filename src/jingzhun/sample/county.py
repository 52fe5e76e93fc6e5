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
from jingzhun.sample.external.county import FINDINGS, LINKS, delivered
from jingzhun.sample.external.noise import Rates
from jingzhun.sample.external.rest import Rest
from jingzhun.sample.external.scene import Scene
from jingzhun.sample.external.subjects import Subjects, numbered, subjects
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
    external: frozenset[int] = frozenset()
    """Periods for which other departments deliver their records."""
    equal_names: bool = False
    """Names of every people are written wrongly equally often, in the register and in the records."""


Tables = dict[str, pl.DataFrame]


def county_tables(
    order: Order, place: int, rest: Rest | None = None
) -> Iterator[tuple[int, Tables]]:
    """Period and tables of one county, in the order of the periods.

    `rest` takes in what belongs to other counties, or is known only when all counties are made.
    """
    plan, parameters = order.plans[place], order.parameters
    if plan.households == 0:
        for period in order.periods:
            row = areas.county_table(parameters, plan, order.seed, period, None)
            yield period, {"counties": row}
        return
    people = _people(order, place)
    county, reasons = people.county, people.causes
    own = areas.area(county)
    for period in order.periods:
        year = Year.of(county, period)
        made = records(year, reasons, people.documents)
        outside: Tables = {}
        if people.subjects is not None and period in order.external:
            scene = Scene(year, made, people.subjects, _others(order, place), order.equal_names)
            outside = _delivered(scene, rest)
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
                **outside,
            },
        )


def _delivered(scene: Scene, rest: Rest | None) -> Tables:
    """Other departments' tables that lie in the county, and the truth about them."""
    made = delivered(scene)
    if rest is not None:
        rest.add(made, scene.year.period)
    return {**made.tables, LINKS: made.links, FINDINGS: made.findings}


def _others(order: Order, place: int) -> tuple[str, ...]:
    """Codes of the other counties with households."""
    return tuple(plan.facts.code for plan in order.plans if plan.households and plan.place != place)


@dataclass(frozen=True)
class _People:
    """The county with everybody in it, for all periods."""

    county: County
    causes: Causes
    documents: Documents
    subjects: Subjects | None


def _people(order: Order, place: int) -> _People:
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
    all_, alike, all_numbers = everybody, None, None
    if order.external:
        all_, alike, all_numbers = numbered(
            parameters, order.plans, place, everybody, streams, order.seed
        )
    else:
        all_numbers = numbers(order.plans, place, everybody, streams)
    true_numbers = twice.applied(all_numbers.head(len(everybody)))
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
    equal = Rates.of(parameters, equal=True) if order.equal_names else None
    papers = documents(parameters, everybody, true_names, true_numbers, doubled, of_persons, equal)
    found = None
    if alike is not None:
        found = subjects(
            parameters,
            plan,
            all_,
            alike,
            true_names,
            pl.concat([true_numbers, all_numbers.slice(len(everybody))]),
            settled.of_household[everybody.household],
            len(settled.codes),
            twice,
            order.seed,
        )
    return _People(county, causes(parameters, roster, of_households), papers, found)
