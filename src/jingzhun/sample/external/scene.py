"""One county at the end of one period, as the departments see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from jingzhun.sample.columns import positions
from jingzhun.sample.draws import Drawn, Draws
from jingzhun.sample.external.subjects import Subjects
from jingzhun.sample.members import NEVER
from jingzhun.sample.parameters import Pair, between
from jingzhun.sample.parameters.external import External, Settings
from jingzhun.sample.records import PERSONS_PER_HOUSEHOLD, Records
from jingzhun.sample.registration import household_numbers
from jingzhun.sample.streams import Array, Streams, pick
from jingzhun.sample.year import Year

GROWN, OLD = 18, 70


def day(year: int, month: int, in_month: int) -> int:
    """Days since 1970."""
    return int(np.datetime64(f"{year:04d}-{month:02d}-{in_month:02d}", "D").astype(np.int64))


def new_year(years: Array) -> Array:
    """1 January of each year, in days since 1970."""
    start = (years.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray(start.astype(np.int64))


@dataclass(frozen=True)
class Scene:
    """What the departments' tables of one county and period are made from."""

    year: Year
    records: Records
    subjects: Subjects
    counties: tuple[str, ...]
    """Codes of the other counties that have people."""
    equal_names: bool

    @property
    def external(self) -> External:
        """The parameters of all departments."""
        return self.year.parameters.external

    def settings(self, table: str) -> Settings:
        """The parameters of one table."""
        found: Settings = getattr(self.external, table)
        return found

    @property
    def county(self) -> str:
        """Code of the county."""
        return self.year.county.plan.facts.code

    @cached_property
    def streams(self) -> Streams:
        """Random streams of the departments, apart from those of the register."""
        return Streams(self.year.county.household_draws.streams.seed, self.county, "external/")

    # -- random numbers, new in every period ---------------------------------------------------

    def of_persons(self, purpose: str) -> Array:
        """Uniform, one for each person on file."""
        draws = Draws(self.streams, len(self.year.county.people))
        return Drawn(draws, self.year.persons, self.year.period).yearly(f"person {purpose}")

    def of_households(self, purpose: str) -> Array:
        """Uniform, one for each household on file."""
        draws = Draws(self.streams, len(self.year.county.register.group))
        return Drawn(draws, self.year.households, self.year.period).yearly(f"household {purpose}")

    def of_outsiders(self, purpose: str) -> Array:
        """Uniform, one for each outsider."""
        return self.uniform(f"outsider {purpose}", len(self.subjects) - self.subjects.on_file)

    def uniform(self, purpose: str, count: int) -> Array:
        """Uniform numbers for the rows of a block."""
        return self.streams.uniform(purpose, count, self.year.period)

    def amounts(self, purpose: str, pair: Pair, count: int) -> Array:
        """Whole numbers about a median, `pair` being median and spread of the logarithm."""
        median, spread = pair
        z = self.streams.normal(purpose, count, self.year.period)
        return np.round(float(median) * np.exp(float(spread) * z.astype(np.float64))).astype(
            np.int64
        )

    # -- who is there --------------------------------------------------------------------------

    @cached_property
    def on_file_ids(self) -> pl.DataFrame:
        """By subject: person_id and household_id in this period; null for people who have no row in it."""
        household = np.zeros(len(self.subjects), dtype=np.int64)
        rows = self.year.persons[self.records.kept]
        household[rows] = household_numbers(self.year)[self.year.at[self.records.kept]]
        person = household * PERSONS_PER_HOUSEHOLD + self.subjects.people.slot + 1
        known = pl.col("household_id") > 0
        numbers = pl.DataFrame({"person_id": person, "household_id": household})
        return numbers.select(
            pl.when(known).then(pl.col("person_id", "household_id")).cast(pl.String)
        )

    @cached_property
    def age(self) -> Array:
        """Of each person on file."""
        return self.year.age

    @cached_property
    def makes(self) -> Array:
        """Persons on file for whom records are made here; of people on file twice it is one of the two.

        Who was born after the last day of the records is in none.
        """
        rows = self.year.persons
        return ~self.subjects.skipped[rows] & (self.subjects.people.born[rows] <= self.last_day)

    @cached_property
    def current(self) -> Array:
        """Persons on file who are members at the end of the year, and for whom records are made here."""
        return self.year.current & self.makes

    @cached_property
    def grown(self) -> Array:
        """Grown members who are not very old."""
        return self.current & (self.age >= GROWN) & (self.age < OLD)

    @cached_property
    def adults(self) -> Array:
        """Grown members of any age."""
        return self.current & (self.age >= GROWN)

    @cached_property
    def registered(self) -> Array:
        """Households on file with an archive card."""
        return self.records.made.now.registered

    @cached_property
    def rightly(self) -> Array:
        """Registered households that belong on the register, or did."""
        wrongly = self.year.register_mask(self.year.county.register.wrongly_included)
        return self.registered & ~wrongly

    @cached_property
    def wrongly(self) -> Array:
        """Registered households that never were poor."""
        return self.registered & ~self.rightly

    @cached_property
    def poor_outside(self) -> Array:
        """Households on file that are poor and not registered."""
        line = self.year.parameters.income.national_line[self.year.period]
        return ~self.registered & (self.records.made.level.true < line)

    @cached_property
    def outsider_age(self) -> Array:
        """Completed years of each outsider; negative for those not yet born."""
        first = self.subjects.on_file
        age = self.year.period - self.subjects.people.birth_year[first:].astype(np.int64)
        return np.where(self.subjects.people.born[first:] <= self.last_day, age, -1)

    @cached_property
    def grown_outsiders(self) -> Array:
        """Which outsiders are grown and not very old."""
        return (self.outsider_age >= GROWN) & (self.outsider_age < OLD)

    def outsiders(self, mask: Array) -> Array:
        """Subjects that the marked outsiders are."""
        return np.nonzero(mask)[0] + self.subjects.on_file

    def people(self, rows: Array) -> Array:
        """Subjects that persons on file (positions or a mask) are."""
        return np.asarray(self.year.persons[rows])

    def member(self, households: Array, persons: Array, purpose: str) -> Array:
        """One of the marked persons of each marked household, as positions of persons; any of them."""
        draw = self.of_persons(purpose)
        found = np.nonzero(persons & households[self.year.at])[0]
        order = found[np.lexsort((draw[found], self.year.at[found]))]
        at = self.year.at[order]
        first = np.ones(len(at), dtype=bool)
        first[1:] = at[1:] != at[:-1]
        return np.asarray(order[first])

    # -- what happens --------------------------------------------------------------------------

    @property
    def last_day(self) -> int:
        """The last day that the records know of."""
        month, in_month = self.external.deliveries.until
        return day(self.year.period, month, in_month) - 1

    def rate(self, pair: Pair) -> float:
        """The value of the period on a straight line from the first year's to the last year's."""
        return between(pair, self.year.period, self.year.parameters.years)

    def exited_before(self, rows: Array) -> Array:
        """Of persons on file: first day of the year in which the household left poverty; else of this year."""
        exit_year = self.records.made.now.exit_year[self.year.at[rows]].astype(np.int64)
        usable = np.where(exit_year < NEVER, exit_year, self.year.period)
        return new_year(np.minimum(usable, self.year.period))

    def lawful_share(self, purpose: str, hits: int, candidates: Array) -> Array:
        """Which candidates give lawful hits, so that they are the anchored share of all hits."""
        share = self.external.lawful
        wanted = hits * share / (1.0 - share)
        chance = wanted / max(int(candidates.sum()), 1)
        return candidates & (self.of_households(f"{purpose} lawful hit") < chance)

    def reasons(self, table: str, purpose: str, count: int, key: str = "lawful") -> Array:
        """A lawful explanation for each of `count` rows, by the shares of the table."""
        shares = self.settings(table)[key]
        names = np.array(list(shares))
        return names[pick(shares.values(), self.uniform(f"{table} {purpose} reason", count))]

    def unless(self, need: Array, table: str, purpose: str) -> Array:
        """'' where there is need, else a lawful explanation why nothing has to be done."""
        return np.where(need, "", self.reasons(table, purpose, len(need)))

    def some_lawful(self, table: str, purpose: str, count: int, key: str = "lawful") -> Array:
        """An explanation for the anchored share of `count` rows, '' for the others."""
        lawful = self.uniform(f"{table} {purpose} lawful", count) < self.external.lawful
        return np.where(lawful, self.reasons(table, purpose, count, key), "")

    def codes(self, code_list: str, shares: Mapping[str, float], purpose: str, count: int) -> Array:
        """Positions in a code list, drawn by shares."""
        known = positions(code_list)
        places = np.array([known[name] for name in shares])
        return places[pick(shares.values(), self.uniform(purpose, count))]
