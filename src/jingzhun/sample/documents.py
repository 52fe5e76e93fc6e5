"""What stands in the records of a person's identity: the truth, or the truth with a lasting mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample.columns import alpha_positions
from jingzhun.sample.draws import Draws
from jingzhun.sample.names import DOT
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.parameters.names import Variants
from jingzhun.sample.people import People
from jingzhun.sample.streams import Array

_WIDE = {str(digit): wide for digit, wide in enumerate("０１２３４５６７８９")}
_LAST_OF_FIFTEEN = 1985
"""People born later never had a number of 15 digits, or have long exchanged it."""
_SHIFTS = (-3653, -365, -30, -1, -9, -59)
"""Days by which a recorded birth date is wrong: too early, so that it never lies in the future."""


@dataclass(frozen=True)
class Documents:
    """One entry per person."""

    true_names: pl.Series
    true_numbers: pl.Series
    names: pl.Series
    numbers: pl.Series
    born: Array
    female: Array
    noise: Array
    """Bits in the order of `kinds`."""
    kinds: tuple[str, ...]


def documents(
    parameters: Parameters,
    people: People,
    names: pl.Series,
    numbers: pl.Series,
    given: tuple[Array, Array],
    draws: Draws,
) -> Documents:
    """Put the lasting identity noise on the truth; `given`: on file in two counties, twice in one."""
    rates = parameters.noise.identity
    kinds = (*rates, "two_counties", "one_county")
    bits = np.zeros(len(people), dtype=np.int64)
    for kind, where in zip(("two_counties", "one_county"), given, strict=True):
        bits[where] |= 1 << kinds.index(kind)

    written = numbers
    for kind, change, eligible in _number_noise(people, numbers):
        chance = rates[kind] / (_share(eligible) if kind == "id_fifteen_digits" else 1.0)
        noisy = eligible & (draws.lasting(kind) < chance) & (bits == 0)
        where = np.nonzero(noisy)[0]
        written = _put(written, where, change(numbers.gather(where), draws.lasting("which")[where]))
        bits[where] |= 1 << kinds.index(kind)
    spoken = names
    for kind, change, eligible in _name_noise(parameters, people, names):
        where = np.nonzero(eligible & (draws.lasting(kind) < rates[kind]))[0]
        before = spoken.gather(where)
        after = change(before, draws.lasting("which")[where])
        differs = (before != after).to_numpy()
        spoken = _put(spoken, where[differs], after.filter(before != after))
        bits[where[differs]] |= 1 << kinds.index(kind)
    late = draws.lasting("birth_date_wrong") < rates["birth_date_wrong"]
    shift = np.asarray(_SHIFTS)[(draws.lasting("shift") * len(_SHIFTS)).astype(np.int64)]
    flipped = draws.lasting("sex_wrong") < rates["sex_wrong"]
    bits |= np.where(late, 1 << kinds.index("birth_date_wrong"), 0)
    bits |= np.where(flipped, 1 << kinds.index("sex_wrong"), 0)
    return Documents(
        true_names=names,
        true_numbers=numbers,
        names=spoken,
        numbers=written,
        born=np.where(late, people.born + shift, people.born),
        female=people.female ^ flipped,
        noise=bits,
        kinds=kinds,
    )


def _put(series: pl.Series, where: Array, values: pl.Series) -> pl.Series:
    return series.clone().scatter(where, values) if len(where) else series


Change = Callable[[pl.Series, Array], pl.Series]


def _share(mask: Array) -> float:
    """Share of the persons to whom a mistake can happen; the rate in the data is of everybody."""
    return max(float(mask.mean()), 0.01) if len(mask) else 1.0


def _number_noise(people: People, numbers: pl.Series) -> list[tuple[str, Change, Array]]:
    everybody = np.ones(len(people), dtype=bool)
    return [
        ("id_one_character", _one_character, everybody),
        ("id_fifteen_digits", _fifteen, people.birth_year < _LAST_OF_FIFTEEN),
        ("id_placeholder", _placeholder, everybody),
        ("id_lower_x", lambda text, _: text.str.to_lowercase(), _ends_in_x(numbers)),
        ("id_spaced", _spaced, everybody),
        ("id_full_width", _full_width, everybody),
    ]


def _ends_in_x(numbers: pl.Series) -> Array:
    return numbers.str.ends_with("X").to_numpy()


def _one_character(text: pl.Series, draw: Array) -> pl.Series:
    """One of the seventeen digits is another one."""
    characters = np.array(text.to_list(), dtype="U18").view("U1").reshape(len(text), 18)
    place = (draw * 17).astype(np.int64)
    rows = np.arange(len(text))
    step = 1 + (draw * 1000).astype(np.int64) % 9
    digit = (characters[rows, place].astype(np.int64) + step) % 10
    characters[rows, place] = digit.astype("U1")
    return pl.Series(characters.view("U18").ravel().tolist(), dtype=pl.String)


def _fifteen(text: pl.Series, _: Array) -> pl.Series:
    return text.str.slice(0, 6) + text.str.slice(8, 9)


def _placeholder(text: pl.Series, draw: Array) -> pl.Series:
    rest = (1e11 + draw.astype(np.float64) * 8.9e11).astype(np.int64)
    return pl.select(pl.lit("999999") + pl.Series(rest).cast(pl.String)).to_series().head(len(text))


def _spaced(text: pl.Series, _: Array) -> pl.Series:
    return text.str.slice(0, 6) + " " + text.str.slice(6, 8) + " " + text.str.slice(14)


def _full_width(text: pl.Series, _: Array) -> pl.Series:
    return text.str.replace_many(_WIDE)


def _name_noise(
    parameters: Parameters, people: People, names: pl.Series
) -> list[tuple[str, Change, Array]]:
    variants, codes = parameters.names.variants, alpha_positions("ethnicity")
    everybody = np.ones(len(people), dtype=bool)
    return [
        ("dot_variant", _dots(variants), names.str.contains(DOT, literal=True).to_numpy()),
        (
            "syllable_variant",
            lambda text, _: text.str.replace_many(variants.syllables),
            people.ethnicity == codes["ZA"],
        ),
        ("look_alike", lambda text, _: text.str.replace_many(variants.look_alike), everybody),
    ]


def _dots(variants: Variants) -> Change:
    def change(text: pl.Series, draw: Array) -> pl.Series:
        which = np.minimum((draw * len(variants.dots)).astype(np.int64), len(variants.dots) - 1)
        parts = pl.DataFrame(
            {"text": text, "dot": pl.Series(variants.dots).gather(which)},
            schema={"text": pl.String, "dot": pl.String},
        )
        swapped = pl.col("text").str.replace(DOT, pl.col("dot"), literal=True)
        return parts.select(swapped).to_series()

    return change
