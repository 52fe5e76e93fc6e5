"""The tables in `data/names.yaml` from which invented names are put together."""

from __future__ import annotations

from typing import Literal

from jingzhun.sample.parameters.types import Part

Gender = Literal["male", "female"]


class Given(Part):
    """Characters of a given name."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    single: tuple[str, ...]


class Words(Part):
    """Whole words used as given names after a surname, by a share of the persons."""

    share: float
    male: tuple[str, ...]
    female: tuple[str, ...]


class Pairs(Part):
    """First and second words of a name without a surname."""

    first: tuple[str, ...]
    second: tuple[str, ...]


class Phrases(Part):
    """Names of two words, or of the first alone."""

    one_word: float
    male: Pairs
    female: Pairs


class Patronymic(Part):
    """Given names that are followed by a dot and the father's given name."""

    male: tuple[str, ...]
    female: tuple[str, ...]


class Variants(Part):
    """What is written for what, as noise."""

    dots: tuple[str, ...]
    syllables: dict[str, str]
    look_alike: dict[str, str]


class NameTables(Part):
    """`names.yaml`."""

    status: str
    styles: dict[str, str]
    surnames: dict[str, dict[str, float]]
    given: dict[Gender, Given]
    single_share: float
    words: dict[str, Words]
    phrases: dict[str, Phrases]
    patronymic: dict[str, Patronymic]
    avoid: tuple[str, ...]
    instead: dict[Gender, str]
    bank: str
    industries: tuple[str, ...]
    channels: tuple[str, ...]
    directions: tuple[str, ...]
    variants: Variants
