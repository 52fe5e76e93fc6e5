"""Who lives in each household, and when: one matrix of households by places in the family.

A place (slot) is filled by one person at most in all years; so a person keeps number, name and
relation, and the household of any year is those whose time has begun and not ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.parameters import Family, Pair, Parameters
from jingzhun.sample.streams import Array, Streams, pick

HEAD, SPOUSE, CHILD, CHILD_SPOUSE, GRANDCHILD, FATHER, MOTHER, SIBLING = 0, 1, 2, 6, 7, 10, 11, 12
CHILDREN, GRANDCHILDREN, SLOTS = 4, 3, 13
ALWAYS, NEVER = 0, 9999
"""Year in which the time of a person begins or ends who was there before, or stays."""
STAYS, DIES, MARRIES_OUT, LEAVES = 0, 1, 2, 3
BORN, MARRIES_IN = 1, 2


@dataclass
class Roster:
    """Households by slots; `birth` in years with a fraction, `start` and `stop` in calendar years."""

    exists: Array
    female: Array
    birth: Array
    start: Array
    stop: Array
    how_in: Array
    how_out: Array

    @classmethod
    def empty(cls, households: int) -> Roster:
        """Nobody in any household."""
        shape = (households, SLOTS)
        return cls(
            exists=np.zeros(shape, dtype=bool),
            female=np.zeros(shape, dtype=bool),
            birth=np.zeros(shape, dtype=np.float64),
            start=np.zeros(shape, dtype=np.int16),
            stop=np.full(shape, NEVER, dtype=np.int16),
            how_in=np.zeros(shape, dtype=np.int8),
            how_out=np.zeros(shape, dtype=np.int8),
        )

    def put(self, slot: int, mask: Array, *, birth: Array, female: Array) -> None:
        """Fill a slot in the households of `mask`; who is born later begins in the year of birth."""
        self.exists[:, slot] = mask
        self.birth[:, slot] = birth
        self.female[:, slot] = female

    def end(self, slot: int, mask: Array, year: Array, how: int) -> None:
        """End the time of a slot in `year`, unless it ends sooner."""
        sooner = mask & (year < self.stop[:, slot])
        self.stop[sooner, slot] = year[sooner]
        self.how_out[sooner, slot] = how


def form(parameters: Parameters, streams: Streams, alone: Array) -> Roster:
    """All members, past and to come, of `len(alone)` households; those of `alone` are one old person."""
    kinds = parameters.population.household_kinds
    count = len(alone)
    kind = pick((k.weight for k in kinds), streams.uniform("household kind", count))
    kind[alone] = next(i for i, k in enumerate(kinds) if k.id == "elder_alone")
    roster = Roster.empty(count)
    born_by_end = parameters.registry.first_year + 1.0
    _couple(roster, parameters, streams, kind, born_by_end)
    _children(roster, parameters, streams, kind)
    _next_generation(roster, parameters.population.family, streams)
    _elders(roster, parameters, streams, kind, born_by_end)
    _births_begin(roster, parameters.registry.first_year)
    _deaths(roster, parameters, streams, alone)
    _within(roster, parameters)
    return roster


def _uniform(streams: Streams, purpose: str, count: int, pair: Pair) -> Array:
    return pair[0] + (pair[1] - pair[0]) * streams.uniform(purpose, count)


def _chances(parameters: Parameters, field: str, kind: Array) -> Array:
    values = [getattr(k, field) for k in parameters.population.household_kinds]
    return np.asarray(values, dtype=np.float32)[kind]


def _couple(
    roster: Roster, parameters: Parameters, streams: Streams, kind: Array, born_by_end: float
) -> None:
    count, family = len(kind), parameters.population.family
    ages = _chances(parameters, "head_age", kind)
    age = ages[:, 0] + (ages[:, 1] - ages[:, 0]) * streams.uniform("head age", count)
    female = streams.uniform("head sex", count) < _chances(parameters, "female_head", kind)
    roster.put(HEAD, np.ones(count, dtype=bool), birth=born_by_end - age, female=female)
    older = family.husband_older[0] + family.husband_older[1] * streams.normal("spouse age", count)
    older = np.clip(older, -6.0, 9.0) * np.where(female, -1.0, 1.0)
    spouse = streams.uniform("spouse", count) < _chances(parameters, "spouse", kind)
    roster.put(SPOUSE, spouse, birth=roster.birth[:, HEAD] + older, female=~female)


def _mother_birth(roster: Roster) -> Array:
    wife = np.where(roster.female[:, SPOUSE], SPOUSE, HEAD)
    wife = np.where(roster.exists[:, SPOUSE], wife, HEAD)
    return np.asarray(roster.birth[np.arange(len(wife)), wife])


def _children(roster: Roster, parameters: Parameters, streams: Streams, kind: Array) -> None:
    family, count = parameters.population.family, len(kind)
    shares = np.cumsum([k.children for k in parameters.population.household_kinds], axis=1)
    planned = (streams.uniform("children", count)[:, None] >= shares[kind][:, :-1]).sum(axis=1)
    birth = _mother_birth(roster) + _uniform(streams, "first birth", count, family.first_birth_age)
    for number in range(CHILDREN):
        if number:
            birth = birth + _uniform(streams, f"spacing {number}", count, family.spacing)
        girl = streams.uniform(f"child sex {number}", count) >= family.boys
        roster.put(CHILD + number, planned > number, birth=birth, female=girl)


def _next_generation(roster: Roster, family: Family, streams: Streams) -> None:
    """Children marry: daughters leave, the eldest's wife or husband joins, grandchildren are born."""
    count = len(roster.birth)
    stays = streams.uniform("uxorilocal", count) < family.uxorilocal
    for number in range(CHILDREN):
        slot = CHILD + number
        girl = roster.female[:, slot]
        mobile = streams.uniform(f"child leaves {number}", count)
        at_wedding = roster.birth[:, slot] + _uniform(
            streams, f"wedding {number}", count, family.daughter_marries_age
        )
        parting = roster.birth[:, slot] + _uniform(
            streams, f"parting {number}", count, family.younger_son_leaves_age
        )
        goes = girl & (mobile < family.daughter_leaves) & ~(stays & (number == 0))
        roster.end(slot, goes, np.floor(at_wedding).astype(np.int16), MARRIES_OUT)
        if number:
            son_goes = ~girl & (mobile < family.younger_son_leaves)
            roster.end(slot, son_goes, np.floor(parting).astype(np.int16), LEAVES)
    _eldest_marries(roster, family, streams, stays)


def _eldest_marries(roster: Roster, family: Family, streams: Streams, stays: Array) -> None:
    count = len(stays)
    girl, birth = roster.female[:, CHILD], roster.birth[:, CHILD]
    son_weds = ~girl & (streams.uniform("eldest weds", count) < family.son_marries)
    weds = roster.exists[:, CHILD] & (son_weds | (girl & stays))
    age = _uniform(streams, "eldest wedding", count, family.son_marries_age)
    wedding = birth + np.where(girl, age - 1.0, age)
    older = family.husband_older[0] + family.husband_older[1] * streams.normal("bride age", count)
    in_law_birth = np.minimum(birth + np.where(girl, -older, older), wedding - 20.0)
    roster.put(CHILD_SPOUSE, weds, birth=in_law_birth, female=~girl)
    roster.start[:, CHILD_SPOUSE] = np.floor(wedding)
    roster.how_in[:, CHILD_SPOUSE] = MARRIES_IN
    planned = pick(family.grandchildren, streams.uniform("grandchildren", count))
    arrival = wedding + 0.8 + 2.2 * streams.uniform("first grandchild", count)
    for number in range(GRANDCHILDREN):
        if number:
            arrival = arrival + _uniform(streams, f"grand spacing {number}", count, family.spacing)
        girls = streams.uniform(f"grandchild sex {number}", count) >= family.boys
        roster.put(GRANDCHILD + number, weds & (planned > number), birth=arrival, female=girls)


def _elders(
    roster: Roster, parameters: Parameters, streams: Streams, kind: Array, born_by_end: float
) -> None:
    family, count = parameters.population.family, len(kind)
    head = roster.birth[:, HEAD]
    oldest = born_by_end - family.parents_until
    never, ever = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
    for slot, field, female in ((FATHER, "father", never), (MOTHER, "mother", ever)):
        older = _uniform(streams, f"{field} age", count, getattr(family, f"{field}_older"))
        there = streams.uniform(field, count) < _chances(parameters, field, kind)
        roster.put(slot, there & (head - older > oldest), birth=head - older, female=female)
    apart = _uniform(streams, "sibling age", count, family.sibling_apart)
    there = streams.uniform("sibling", count) < _chances(parameters, "sibling", kind)
    woman = streams.uniform("sibling sex", count) < 0.25
    roster.put(SIBLING, there, birth=head + apart, female=woman)


def _births_begin(roster: Roster, first_year: int) -> None:
    born = np.floor(roster.birth).astype(np.int16)
    late = roster.exists & (born >= first_year) & (roster.how_in == STAYS)
    roster.start = np.where(late, born, roster.start)
    roster.how_in = np.where(late, BORN, roster.how_in).astype(np.int8)
    earlier = roster.start < first_year
    roster.start[earlier] = ALWAYS
    roster.how_in[earlier] = STAYS


def _deaths(roster: Roster, parameters: Parameters, streams: Streams, alone: Array) -> None:
    """Deaths by age. A head dies only beside a living spouse, and an old person alone only if `alone`.

    So a household always has a head, and none dies out except those that are meant to.
    """
    rate, first = parameters.population.death, parameters.registry.first_year
    count = len(alone)
    middle = (first + parameters.registry.last_year) / 2
    for slot in range(SLOTS):
        age = np.clip(middle - roster.birth[:, slot], 0.0, 100.0)
        hazard = np.exp(rate["intercept"] + rate["slope"] * age)
        draw = np.maximum(streams.uniform(f"death {slot}", count), 1e-7)
        after = np.minimum(np.floor(np.log(draw) / np.log1p(-hazard)), 1000.0)
        year = (first + after).astype(np.int16)
        dies = roster.exists[:, slot] & (year > roster.start[:, slot])
        if slot == HEAD:
            year = np.where(alone, first + 1 + (draw * 4.99).astype(np.int16), year)
            dies = alone | (dies & roster.exists[:, SPOUSE])
        if slot == SPOUSE:
            dies = dies & (roster.how_out[:, HEAD] != DIES)
        roster.end(slot, dies, year.astype(np.int16), DIES)


def _within(roster: Roster, parameters: Parameters) -> None:
    """Forget who was gone before the first year or comes after the last one."""
    first, last = parameters.registry.first_year, parameters.registry.last_year
    unwed = roster.stop[:, CHILD] <= roster.start[:, CHILD_SPOUSE]
    roster.exists[unwed, CHILD_SPOUSE : GRANDCHILD + GRANDCHILDREN] = False
    roster.exists &= (roster.start <= last) & (roster.stop >= first) & (roster.stop > roster.start)
    later = roster.stop > last
    roster.stop[later] = NEVER
    roster.how_out[later] = STAYS
