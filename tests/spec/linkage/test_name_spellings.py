"""Wrong spellings of the other departments' records, written down apart from the tables of names."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from ruamel.yaml import YAML

from jingzhun.linkage.names import Level, levels
from jingzhun.sample.external.spelling import STYLES, Spelling
from jingzhun.sample.parameters import DATA

from .invented_names import TABLES, made

KINDS = ("dot_variant", "syllable_variant", "homophone", "look_alike", "name_cut")
PEOPLES = {
    "han": "han",
    "faith": "dongxiang",
    "tibetan": "tibetan",
    "mongol": "mongol",
    "dotted": "kazakh",
}
LEAST = 0.96
LEAST_OF = {("tibetan", "name_cut"): 0.6, ("mongol", "name_cut"): 0.9}
"""Without its last word 拉毛草 is 拉毛, another name that many bear: by design a shared part, no more."""


@cache
def _spelling() -> Spelling:
    own = YAML(typ="safe").load(DATA / "external.yaml")
    return Spelling(TABLES.variants.dots, own["syllables"], own["homophones"], own["look_alikes"])


CASES = [(s, k) for s in PEOPLES for k in KINDS if (s, k) != ("han", "syllable_variant")]


@pytest.mark.parametrize(("style", "kind"), CASES)
def test_nearly_all_wrong_spellings_are_better_than_a_shared_part(style: str, kind: str) -> None:
    names = made(PEOPLES[style], 1500).unique(maintain_order=True)
    forms = [_spelling().forms(kind, name, STYLES.index(style)) for name in names]
    pairs = pl.DataFrame(
        {"true": names, "written": forms}, schema_overrides={"written": pl.List(pl.String)}
    )
    pairs = pairs.explode("written").drop_nulls().filter(pl.col("true") != pl.col("written"))

    found = levels(pairs["true"], pairs["written"]).to_numpy()

    near = float((found > int(Level.TOKENS)).mean()) if len(found) else 1.0
    assert near >= LEAST_OF.get((style, kind), LEAST)
