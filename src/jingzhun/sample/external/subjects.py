"""Everybody in a county of whom a record can speak: the people on file in any year, then the outsiders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample.external.noise import Identities
from jingzhun.sample.external.outsiders import BRANCH, outsiders, together, with_namesakes
from jingzhun.sample.external.spelling import styles
from jingzhun.sample.names import names
from jingzhun.sample.numbers import numbers
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.people import People
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.sharing import Twice
from jingzhun.sample.streams import Array, Streams


@dataclass(frozen=True)
class Subjects:
    """One entry per person: first `on_file` people of the register's families, then outsiders."""

    on_file: int
    people: People
    identities: Identities
    village: Array
    """Position of the village in the county's list."""
    poor: Array
    """Outsiders who would be on the register, had anybody asked; false for people on file."""
    skipped: Array
    """People on file whose records are made where they are on file the other time."""
    twice: Array
    """People on file twice for whom records are made here."""
    alike: Array
    """Of whom outsiders are namesakes; -1 for all others."""

    def __len__(self) -> int:
        return len(self.people)

    @property
    def outside(self) -> Array:
        """Positions of the outsiders."""
        return np.arange(self.on_file, len(self))


def numbered(
    parameters: Parameters,
    plans: tuple[CountyPlan, ...],
    place: int,
    everybody: People,
    streams: Streams,
    seed: int,
) -> tuple[People, Array, pl.Series]:
    """Everybody and the outsiders, whose namesakes the latter are, and numbers that nobody shares.

    The people on file get the numbers that they would have without outsiders.
    """
    own = Streams(seed, plans[place].facts.code, branch=BRANCH)
    others, alike = outsiders(parameters, plans[place], everybody, own)
    all_ = together(everybody, others)
    return all_, alike, numbers(plans, place, all_, streams)


def subjects(
    parameters: Parameters,
    plan: CountyPlan,
    all_: People,
    alike: Array,
    true_names: pl.Series,
    true_numbers: pl.Series,
    villages_of_people: Array,
    villages: int,
    twice: Twice,
    seed: int,
) -> Subjects:
    """The subjects of one county. `true_numbers` are of all, `true_names` of those on file."""
    on_file = len(true_names)
    own = Streams(seed, plan.facts.code, branch=BRANCH)
    others = People(**{name: values[on_file:] for name, values in vars(all_).items()})
    names_outside = with_namesakes(names(parameters.names, others, own), alike, true_names)
    count = len(others)
    where = (own.uniform("village", count) * villages).astype(np.int64)
    poor = np.zeros(len(all_), dtype=bool)
    poor[on_file:] = own.uniform("poor", count) < parameters.external.outsiders.poor
    skipped = np.zeros(len(all_), dtype=bool)
    skipped[np.concatenate([twice.lent, twice.second])] = True
    double = np.zeros(len(all_), dtype=bool)
    double[np.concatenate([twice.borrowed, twice.first])] = True
    return Subjects(
        on_file=on_file,
        people=all_,
        identities=Identities(
            names=pl.concat([true_names, names_outside]),
            numbers=true_numbers,
            born=all_.born,
            female=all_.female,
            style=styles(parameters, all_.ethnicity),
        ),
        village=np.concatenate([villages_of_people, where]),
        poor=poor,
        skipped=skipped,
        twice=double,
        alike=np.concatenate([np.full(on_file, -1), alike]),
    )
