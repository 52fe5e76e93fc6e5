"""One county in one year: the households and persons on file, and how to go from one to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.draws import Drawn, Draws
from jingzhun.sample.members import Roster
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.people import People
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.register import Register
from jingzhun.sample.streams import Array
from jingzhun.sample.villages import VillagePlan


@dataclass(frozen=True)
class County:
    """A county with everything that does not depend on the year."""

    parameters: Parameters
    plan: CountyPlan
    villages: VillagePlan
    register: Register
    roster: Roster
    people: People
    household_draws: Draws
    person_draws: Draws


@dataclass(frozen=True)
class Year:
    """The part of a county that is on file in one period.

    Household arrays have one entry per household in `households`, person arrays one per person in
    `persons`; `at` leads from a person to the place of the household.
    """

    county: County
    period: int
    households: Array
    persons: Array
    at: Array
    current: Array
    """Persons who are members at the end of the year; the others went in its course."""
    there: Array
    """Households by slots: who is a member at the end of the year."""
    by_household: Drawn
    by_person: Drawn

    @classmethod
    def of(cls, county: County, period: int) -> Year:
        """The records of a period."""
        on_file = county.register.on_file(period)
        households = np.nonzero(on_file)[0]
        place = np.cumsum(on_file) - 1
        people, roster = county.people, county.roster
        persons = np.nonzero(people.on_file(period) & on_file[people.household])[0]
        there = roster.exists & (roster.start <= period) & (roster.stop > period)
        return cls(
            county=county,
            period=period,
            households=households,
            persons=persons,
            at=place[people.household[persons]],
            current=~people.gone(period)[persons],
            there=there[households],
            by_household=Drawn(county.household_draws, households, period),
            by_person=Drawn(county.person_draws, persons, period),
        )

    @property
    def parameters(self) -> Parameters:
        """The parameters of the sample."""
        return self.county.parameters

    @property
    def age(self) -> Array:
        """Completed years of each person on 31 December of the period."""
        return self.period - self.county.people.birth_year[self.persons]

    @property
    def slot(self) -> Array:
        """Place of each person in the family."""
        return self.county.people.slot[self.persons]

    @property
    def female(self) -> Array:
        """Which persons are women."""
        return self.county.people.female[self.persons]

    def count(self, persons: Array) -> Array:
        """Number of current members of each household among the marked persons."""
        return np.bincount(self.at[persons & self.current], minlength=len(self.households))

    def rank(self, persons: Array) -> Array:
        """Number of each marked person among those of the household, from 0; others are arbitrary."""
        running = np.cumsum(persons)
        first = np.searchsorted(self.at, np.arange(len(self.households)))
        before = np.concatenate([[0], running])[first]
        return np.asarray(running - 1 - before[self.at])

    def register_mask(self, mask: Array) -> Array:
        """The entries of a lasting household array for the households on file."""
        return mask[self.households]
