"""People on file twice: married daughters still in their parents' household, in two counties or in one.

Two counties draw the same identities from the stream of the first, so that neither has to be made
before the other. The truth of a pair is its equal true number in `truth_persons`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample.columns import alpha_positions
from jingzhun.sample.members import CHILD, CHILD_SPOUSE, NEVER, SPOUSE
from jingzhun.sample.names import names
from jingzhun.sample.numbers import FIRST_SHARED, SHARED_ORDERS, code_at, dates
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.people import People
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.streams import Array, Streams, whole

BORN_FROM, BORN_DAYS = np.datetime64("1985-01-01", "D").astype(np.int64), 12 * 365


@dataclass(frozen=True)
class Twice:
    """Who is on file twice: positions of persons that take the names of others."""

    lent: Array
    """Positions of persons who are also on file in the next county."""
    borrowed: Array
    """Positions of persons who are also on file in the county before."""
    given_names: pl.Series
    second: Array
    """Positions of persons who are on file a second time in this county."""
    first: Array
    """And where they are on file the first time."""

    @property
    def given(self) -> Array:
        """Positions of persons with an identity shared with another county."""
        return np.concatenate([self.lent, self.borrowed])

    def applied(self, series: pl.Series, given: pl.Series | None = None) -> pl.Series:
        """A column of all persons with the shared values put in."""
        values = series.clone()
        if given is not None and len(self.given):
            values = values.scatter(self.given, given)
        if len(self.second):
            values = values.scatter(self.second, values.gather(self.first))
        return values


def share(
    parameters: Parameters, plans: tuple[CountyPlan, ...], place: int, people: People, seed: int
) -> Twice:
    """Give some persons the identity of another; changes birth date, ethnicity and fixed number."""
    stays = people.stop == NEVER
    of_age = people.birth_year <= 1996
    is_child = (people.slot >= CHILD) & (people.slot < CHILD_SPOUSE)
    daughters = np.nonzero(is_child & people.female & stays & of_age)[0]
    brides = np.nonzero((people.slot == CHILD_SPOUSE) & people.female & stays)[0]
    streams = Streams(seed, plans[place].facts.code)
    daughters = streams.of("shuffle daughters").permutation(daughters)
    brides = streams.of("shuffle brides").permutation(brides)
    out, out_names = _identities(parameters, plans, place, seed, daughters, people)
    back, back_names = _identities(parameters, plans, place - 1, seed, brides, people)
    second, first = _within(
        parameters, plans[place], streams, people, brides[len(back) :], daughters[len(out) :]
    )
    return Twice(
        lent=out,
        borrowed=back,
        given_names=pl.concat([out_names, back_names]),
        second=second,
        first=first,
    )


def _identities(
    parameters: Parameters,
    plans: tuple[CountyPlan, ...],
    lender: int,
    seed: int,
    candidates: Array,
    people: People,
) -> tuple[Array, pl.Series]:
    """Put the identities that county `lender` shares with the next one into the first candidates."""
    plan = plans[lender % len(plans)]
    streams = Streams(seed, plan.facts.code, branch="shared/")
    rate = parameters.noise.shared["two_counties"]
    count = whole(rate * plan.households, float(streams.uniform("count", 1)[0]))
    count = min(count, BORN_DAYS)
    born = BORN_FROM + streams.of("birth").choice(BORN_DAYS, size=count, replace=False)
    year = born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    order = FIRST_SHARED + 2 * (np.arange(count) % SHARED_ORDERS)
    main = max(plan.mix, key=lambda alpha: plan.mix[alpha])
    women = _women(count, alpha_positions("ethnicity")[main])
    taken = candidates[:count]
    people.born[taken] = born[: len(taken)]
    people.birth_year[taken] = year[: len(taken)]
    people.ethnicity[taken] = women.ethnicity[: len(taken)]
    first17 = code_at(plan.facts, year) * 10**11 + dates(born) * 1000 + order
    people.fixed_number[taken] = first17[: len(taken)]
    return taken, names(parameters.names, women, streams).head(len(taken))


def _women(count: int, ethnicity: int) -> People:
    zeros, ones = np.zeros(count, dtype=np.int16), np.ones(count, dtype=bool)
    return People(
        household=np.arange(count),
        slot=np.full(count, SPOUSE),
        female=ones,
        born=zeros,
        birth_year=zeros,
        start=zeros,
        stop=zeros,
        how_in=zeros,
        how_out=zeros,
        ethnicity=np.full(count, ethnicity, dtype=np.int16),
        head_female=~ones,
        head_stop=zeros,
        eldest_female=~ones,
        fixed_number=zeros,
    )


def _within(
    parameters: Parameters,
    plan: CountyPlan,
    streams: Streams,
    people: People,
    brides: Array,
    daughters: Array,
) -> tuple[Array, Array]:
    rate = parameters.noise.shared["one_county"]
    count = whole(rate * plan.households, float(streams.uniform("doubles", 1)[0]))
    count = min(count, len(brides), len(daughters))
    second, first = brides[:count], daughters[:count]
    apart = people.household[second] != people.household[first]
    second, first = second[apart], first[apart]
    people.born[second] = people.born[first]
    people.birth_year[second] = people.birth_year[first]
    people.ethnicity[second] = people.ethnicity[first]
    return second, first
