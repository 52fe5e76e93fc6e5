"""The members of all households as one list of persons, with what never changes about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jingzhun.sample import members
from jingzhun.sample.columns import alpha_positions, positions
from jingzhun.sample.members import CHILD, CHILD_SPOUSE, FATHER, HEAD, MOTHER, SIBLING, SPOUSE
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.streams import Array, Streams, pick


@dataclass
class People:
    """One entry per person who is on file in any year, by household and slot."""

    household: Array
    """Position of the household."""
    slot: Array
    female: Array
    born: Array
    """Birth date, days since 1970-01-01."""
    birth_year: Array
    start: Array
    stop: Array
    how_in: Array
    how_out: Array
    ethnicity: Array
    """Position in the code list."""
    head_female: Array
    """Whether the household's first head is a woman."""
    head_stop: Array
    """Year in which the first head dies."""
    eldest_female: Array
    fixed_number: Array
    """First 17 digits of the number of a person who is on file in two counties; 0 for all others."""

    def __len__(self) -> int:
        return len(self.household)

    def on_file(self, period: int) -> Array:
        """Persons in the records of a year: current, or gone in the course of it."""
        return (self.start <= period) & (period <= self.stop)

    def gone(self, period: int) -> Array:
        """Persons whose time ends in the year."""
        return np.asarray(self.stop == period)


def cast(
    parameters: Parameters, roster: members.Roster, household_ethnicity: Array, streams: Streams
) -> People:
    """The persons of a county; a few spouses are of another ethnicity than the household."""
    household, slot = np.nonzero(roster.exists)
    birth = roster.birth[household, slot]
    year = np.floor(birth)
    first_day = (year.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    day = first_day.astype(np.int64) + np.floor((birth - year) * 365).astype(np.int64)
    people = People(
        household=household.astype(np.int64),
        slot=slot.astype(np.int8),
        female=roster.female[household, slot],
        born=day,
        birth_year=year.astype(np.int16),
        start=roster.start[household, slot],
        stop=roster.stop[household, slot],
        how_in=roster.how_in[household, slot],
        how_out=roster.how_out[household, slot],
        ethnicity=household_ethnicity[household].astype(np.int16),
        head_female=roster.female[household, HEAD],
        head_stop=roster.stop[household, HEAD],
        eldest_female=roster.female[household, CHILD],
        fixed_number=np.zeros(len(household), dtype=np.int64),
    )
    _mix(parameters, people, streams)
    return people


def household_ethnicities(
    parameters: Parameters, mix: Mapping[str, float], village: Array, streams: Streams
) -> Array:
    """Ethnicity of each household: mostly that of the village, else drawn from the county's mix."""
    codes = alpha_positions("ethnicity")
    kinds = np.array([codes[alpha] for alpha in mix], dtype=np.int16)
    villages = int(village.max()) + 1 if len(village) else 0
    # Spread evenly over the mix, so that a county of few villages comes close to it too.
    places = streams.of("order of villages").permutation(villages)
    spread = (places + streams.uniform("village ethnicity", villages)) / max(villages, 1)
    of_village = pick(mix.values(), spread)
    own = pick(mix.values(), streams.uniform("own ethnicity", len(village)))
    same = (
        streams.uniform("same ethnicity", len(village)) < parameters.living.villages.same_ethnicity
    )
    return np.asarray(kinds[np.where(same, of_village[village], own)])


def _mix(parameters: Parameters, people: People, streams: Streams) -> None:
    """Mixed marriages: the spouse is Han, or Tu in a Han household."""
    codes = alpha_positions("ethnicity")
    joined = (people.slot == SPOUSE) | (people.slot == CHILD_SPOUSE)
    draw = streams.uniform("mixed marriage", len(people))
    han = people.ethnicity == codes["HA"]
    share = np.where(han, 0.004, parameters.population.family.mixed_marriage)
    other = np.where(han, codes["TU"], codes["HA"])
    mixed = joined & (draw < share)
    people.ethnicity = np.where(mixed, other, people.ethnicity).astype(np.int16)


def relations(people: People, period: int, rows: Array) -> Array:
    """Relation to the head of the year of the persons in `rows`, as a position in the code list.

    When the head has died, the spouse is head from that year on, and the head's parents become the
    husband's (or wife's) parents. The dead head's last record is that of the new head's spouse.
    """
    code = positions("relation")
    female, slot = people.female[rows], people.slot[rows]
    after, head_female = people.head_stop[rows] <= period, people.head_female[rows]
    sons_children = np.where(female, code["08"], code["07"])
    daughters_children = np.where(female, code["10"], code["09"])
    result = np.where(people.eldest_female[rows], daughters_children, sons_children)
    children = (slot >= CHILD) & (slot < CHILD_SPOUSE)
    result = np.where(children, np.where(female, code["04"], code["03"]), result)
    kin = {
        HEAD: np.where(after, code["02"], code["01"]),
        SPOUSE: np.where(after, code["01"], code["02"]),
        CHILD_SPOUSE: np.where(female, code["05"], code["06"]),
        FATHER: _parent(head_female, after, code["11"], code["15"]),
        MOTHER: _parent(head_female, after, code["12"], code["16"]),
        SIBLING: np.where(after, code["99"], code["21"]),
    }
    for place, values in kin.items():
        result = np.where(slot == place, values, result)
    return result.astype(np.int16)


def _parent(head_female: Array, after: Array, own: int, husbands: int) -> Array:
    # A woman who heads a household lives with her husband's parents; a widow who follows her
    # husband does so too, and a widower is again among his own.
    return np.where(head_female ^ after, husbands, own)
