"""People of a county who are not on file: most owners of cars, and those whom the register has missed."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import polars as pl

from jingzhun.sample.columns import alpha_positions
from jingzhun.sample.members import ALWAYS, HEAD, NEVER
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.people import People
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.streams import Array, Streams, pick, whole

BRANCH = "outside/"


def outsiders(
    parameters: Parameters, plan: CountyPlan, on_file: People, streams: Streams
) -> tuple[People, Array]:
    """Persons beside those on file, each a household alone, and of whom each is a namesake (-1: nobody).

    A namesake has sex and people of somebody on file, some also the birth year or even the date. The
    number of outsiders follows from the county's plan, not from the periods asked for.
    """
    settings = parameters.external.outsiders
    count = whole(settings.per_person * len(on_file), float(streams.uniform("outsiders", 1)[0]))
    born = _births(settings.births, streams, count)
    codes = alpha_positions("ethnicity")
    kinds = np.array([codes[alpha] for alpha in plan.mix], dtype=np.int16)
    ethnicity = kinds[pick(plan.mix.values(), streams.uniform("outsider ethnicity", count))]
    female = streams.uniform("outsider sex", count) < 0.49
    alike = np.full(count, -1, dtype=np.int64)
    if len(on_file):
        namesakes = np.nonzero(streams.uniform("namesake", count) < settings.namesakes)[0]
        whose = (streams.uniform("whose", count)[namesakes] * len(on_file)).astype(np.int64)
        whose = np.minimum(whose, len(on_file) - 1)
        alike[namesakes] = whose
        ethnicity[namesakes], female[namesakes] = on_file.ethnicity[whose], on_file.female[whose]
        born[namesakes] = _near(
            born[namesakes],
            on_file.born[whose],
            streams.uniform("how alike", count)[namesakes],
            settings.same_birth_date,
            settings.same_birth_year,
        )
    return _people(born, female, ethnicity), alike


def _births(years: tuple[float, ...], streams: Streams, count: int) -> Array:
    steps = np.linspace(0.0, 1.0, len(years))
    year = np.interp(streams.uniform("outsider birth", count), steps, years)
    return np.floor((year - 1970.0) * 365.2425).astype(np.int64)


def _near(own: Array, other: Array, draw: Array, same_date: float, same_year: float) -> Array:
    new_year = other.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]")
    day = (draw * 1e6).astype(np.int64) % 365
    in_year = new_year.astype(np.int64) + day
    near = np.where(draw < same_date + same_year, in_year, own)
    return np.asarray(np.where(draw < same_date, other, near))


def _people(born: Array, female: Array, ethnicity: Array) -> People:
    count = len(born)
    year = born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    zeros = np.zeros(count, dtype=np.int8)
    return People(
        household=np.arange(count, dtype=np.int64),
        slot=np.full(count, HEAD, dtype=np.int8),
        female=female,
        born=born,
        birth_year=year.astype(np.int16),
        start=np.full(count, ALWAYS, dtype=np.int16),
        stop=np.full(count, NEVER, dtype=np.int16),
        how_in=zeros,
        how_out=zeros,
        ethnicity=ethnicity.astype(np.int16),
        head_female=female,
        head_stop=np.full(count, NEVER, dtype=np.int16),
        eldest_female=np.zeros(count, dtype=bool),
        fixed_number=np.zeros(count, dtype=np.int64),
    )


def together(first: People, second: People) -> People:
    """Both as one list; nobody of the second is of a household of the first."""
    joined = {
        field.name: np.concatenate([getattr(first, field.name), getattr(second, field.name)])
        for field in fields(People)
    }
    households = int(first.household.max()) + 1 if len(first) else 0
    joined["household"][len(first) :] += households
    return People(**joined)


def with_namesakes(own: pl.Series, alike: Array, on_file: pl.Series) -> pl.Series:
    """Names of outsiders, those of namesakes taken from the people on file."""
    rows = np.nonzero(alike >= 0)[0]
    if not len(rows):
        return own
    return own.clone().scatter(rows, on_file.gather(alike[rows]))
