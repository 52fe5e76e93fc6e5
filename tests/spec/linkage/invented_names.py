"""Invented names put together as the sample does, by the structure that a people's names have."""

from __future__ import annotations

import numpy as np
import polars as pl
from ruamel.yaml import YAML

from jingzhun.sample.parameters import DATA
from jingzhun.sample.parameters.names import NameTables

TABLES = NameTables.model_validate(YAML(typ="safe").load(DATA / "names.yaml"))
STYLES = ("han", "hui", "dongxiang", "salar", "yugur", "tibetan", "mongol", "kazakh")


def made(style: str, count: int, *, seed: int = 7) -> pl.Series:
    """Names of one style, men and women in turn; no person's."""
    rng = np.random.default_rng(seed)
    if style in TABLES.phrases:
        parts = _phrases(style, count, rng)
    elif style in TABLES.patronymic:
        parts = _patronymic(style, count, rng)
    else:
        parts = _surname_and_given(style, count, rng)
    return parts.select(pl.concat_str(pl.all()).alias("name")).to_series()


def _either(
    rng: np.random.Generator, one: tuple[str, ...], two: tuple[str, ...], count: int
) -> pl.Series:
    half = count // 2
    return pl.Series([*rng.choice(one, half), *rng.choice(two, count - half)])


def _phrases(style: str, count: int, rng: np.random.Generator) -> pl.DataFrame:
    words = TABLES.phrases[style]
    first = _either(rng, words.male.first, words.female.first, count)
    second = _either(rng, words.male.second, words.female.second, count)
    alone = pl.Series(rng.random(count) < words.one_word)
    return pl.DataFrame({"first": first, "second": second, "alone": alone}).select(
        "first", pl.when("alone").then(pl.lit("")).otherwise("second").alias("second")
    )


def _patronymic(style: str, count: int, rng: np.random.Generator) -> pl.DataFrame:
    words = TABLES.patronymic[style]
    father = pl.Series(rng.choice(words.male, count))
    own = _either(rng, words.male, words.female, count)
    return pl.DataFrame({"own": own, "father": father}).select(
        "own", pl.lit("·").alias("dot"), "father"
    )


def _surname_and_given(style: str, count: int, rng: np.random.Generator) -> pl.DataFrame:
    weights = np.array(list(TABLES.surnames[style].values()))
    surname = pl.Series(rng.choice(list(TABLES.surnames[style]), count, p=weights / weights.sum()))
    men, women = TABLES.given["male"], TABLES.given["female"]
    first = _either(rng, men.first, women.first, count)
    second = _either(rng, men.second, women.second, count)
    given = pl.select(pl.concat_str(first, second)).to_series()
    single = _either(rng, men.single, women.single, count)
    given = given.zip_with(pl.Series(rng.random(count) >= TABLES.single_share), single)
    if style in TABLES.words:
        words = TABLES.words[style]
        faith = _either(rng, words.male, words.female, count)
        given = given.zip_with(pl.Series(rng.random(count) >= words.share), faith)
    return pl.DataFrame({"surname": surname, "given": given})
