"""What stands in the records of a person's identity: the truth, or the truth with a lasting mistake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample import misspelling
from jingzhun.sample.columns import alpha_positions
from jingzhun.sample.draws import Draws
from jingzhun.sample.external.noise import KINDS, NAME_KINDS, Rates, noisy_names
from jingzhun.sample.external.spelling import styles
from jingzhun.sample.misspelling import SHIFTS, Change
from jingzhun.sample.names import DOT
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.parameters.names import Variants
from jingzhun.sample.people import People
from jingzhun.sample.streams import Array


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
    equal: Rates | None = None,
) -> Documents:
    """Put the lasting identity noise on the truth; `given`: on file in two counties, twice in one.

    With `equal`, names of every people are written wrongly equally often, with the mistakes of records.
    """
    rates = parameters.noise.identity
    kinds = (*rates, "two_counties", "one_county", *(NAME_KINDS if equal else ()))
    kinds = tuple(dict.fromkeys(kinds))
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
    if equal is not None:
        spoken, bits = _equal_names(parameters, people, names, draws, equal, (kinds, bits))
    for kind, change, eligible in () if equal else _name_noise(parameters, people, names):
        where = np.nonzero(eligible & (draws.lasting(kind) < rates[kind]))[0]
        before = spoken.gather(where)
        after = change(before, draws.lasting("which")[where])
        differs = (before != after).to_numpy()
        spoken = _put(spoken, where[differs], after.filter(before != after))
        bits[where[differs]] |= 1 << kinds.index(kind)
    late = draws.lasting("birth_date_wrong") < rates["birth_date_wrong"]
    shift = np.asarray(SHIFTS)[(draws.lasting("shift") * len(SHIFTS)).astype(np.int64)]
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


def _equal_names(
    parameters: Parameters,
    people: People,
    names: pl.Series,
    draws: Draws,
    rates: Rates,
    so_far: tuple[tuple[str, ...], Array],
) -> tuple[pl.Series, Array]:
    kinds, bits = so_far
    none = np.zeros(len(people), dtype=np.int32)
    style = styles(parameters, people.ethnicity)
    spoken, found = noisy_names(
        names, style, rates, lambda what: draws.lasting(f"equal {what}"), none
    )
    for place, kind in enumerate(KINDS):
        bits = (
            bits | np.where(found >> place & 1, 1 << kinds.index(kind), 0)
            if kind in kinds
            else bits
        )
    return spoken, bits


def _put(series: pl.Series, where: Array, values: pl.Series) -> pl.Series:
    return series.clone().scatter(where, values) if len(where) else series


def _share(mask: Array) -> float:
    """Share of the persons to whom a mistake can happen; the rate in the data is of everybody."""
    return max(float(mask.mean()), 0.01) if len(mask) else 1.0


def _number_noise(people: People, numbers: pl.Series) -> list[tuple[str, Change, Array]]:
    everybody = np.ones(len(people), dtype=bool)
    return [
        ("id_one_character", misspelling.one_character, everybody),
        ("id_fifteen_digits", misspelling.fifteen, people.born < misspelling.BORN_WITHOUT_FIFTEEN),
        ("id_placeholder", misspelling.placeholder, everybody),
        ("id_lower_x", lambda text, _: text.str.to_lowercase(), _ends_in_x(numbers)),
        ("id_spaced", misspelling.spaced, everybody),
        ("id_full_width", misspelling.full_width, everybody),
    ]


def _ends_in_x(numbers: pl.Series) -> Array:
    return numbers.str.ends_with("X").to_numpy()


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
