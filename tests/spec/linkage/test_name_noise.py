"""Slips that registers have keep a name near itself; different names stay apart. Measured by structure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from jingzhun.linkage.names import Level, levels, name_keys
from jingzhun.linkage.names.sounds import readings

from .invented_names import STYLES, TABLES, made

COUNT = 4000
Noise = Callable[[pl.Series], pl.Series]


def _homophone(names: pl.Series) -> pl.Series:
    """The second character as another one of the same toneless reading."""
    common = [
        character for pairs in TABLES.given.values() for character in pairs.first + pairs.second
    ]
    by_sound: dict[str, list[str]] = {}
    for character, sound in readings(sorted(set(common))).items():
        by_sound.setdefault(sound, []).append(character)
    other = {
        group[i]: group[(i + 1) % len(group)]
        for group in by_sound.values()
        for i in range(len(group))
        if len(group) > 1
    }
    second = names.str.slice(1, 1)
    swapped = second.replace(other)
    return names.str.slice(0, 1) + swapped + names.str.slice(2)


def _dots(names: pl.Series) -> list[pl.Series]:
    return [names.str.replace("·", mark, literal=True) for mark in TABLES.variants.dots]


def _cut(names: pl.Series) -> pl.Series:
    return names.str.slice(0, 4)


NOISES: dict[str, Noise] = {
    "dots": lambda names: pl.concat(_dots(names)),
    "syllables": lambda names: names.str.replace_many(TABLES.variants.syllables),
    "look-alikes": lambda names: names.str.replace_many(TABLES.variants.look_alike),
    "homophones": _homophone,
    "cut at four characters": _cut,
    "padded": lambda names: names.str.replace(r"^(.)(.)$", "${1}\u3000${2}"),
}


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("style", STYLES)
def test_every_kind_of_name_noise_is_better_than_a_shared_part(style: str, kind: str) -> None:
    true = made(style, COUNT).unique(maintain_order=True)
    written = NOISES[kind](true)
    true = pl.concat([true] * (len(written) // len(true)))
    changed = true != written

    found = levels(true.filter(changed), written.filter(changed))

    assert found.filter(found <= Level.TOKENS).to_list() == []


def _false_share(names: pl.Series, least: Level) -> float:
    """Share of pairs of different names, drawn by chance, that agree at a level or better."""
    other = names.sample(fraction=1.0, shuffle=True, seed=11)
    different = names != other
    found = levels(names.filter(different), other.filter(different))
    return float(np.mean(found.to_numpy() >= int(least)))


@pytest.mark.parametrize("style", STYLES)
def test_different_names_hardly_ever_agree_beyond_a_shared_part(style: str) -> None:
    names = made(style, 40_000)

    assert _false_share(names, Level.ONE_EDIT) < 0.006
    assert _false_share(names, Level.SHAPE) < 0.003


@pytest.mark.parametrize("style", STYLES)
def test_a_name_has_the_structure_of_its_people(style: str) -> None:
    expected = {"tibetan": "tibetan", "mongol": "tibetan", "kazakh": "dotted"}.get(style, "han")

    found = name_keys(made(style, COUNT))["structure"]

    assert float(np.asarray(found == expected).mean()) > 0.99
