"""Invented people with Latin names, and their records as careless clerks write them down."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

_SYLLABLES = ("bar", "ben", "cor", "dal", "el", "fen", "gar", "hol", "ja", "kel", "lin", "mar", "no", "pet", "ros",
              "sa", "tor", "u", "vin", "wil", "yo", "zan")  # fmt: skip
_ENDS = ("a", "an", "e", "ert", "ie", "o", "son", "ton", "us")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _words(random: np.random.Generator, count: int) -> list[str]:
    made = {
        f"{random.choice(_SYLLABLES)}{random.choice(_SYLLABLES)}{random.choice(_ENDS)}": None
        for _ in range(3 * count)
    }
    return list(made)[:count]


def people(count: int, *, seed: int = 11) -> pl.DataFrame:
    """Nobody real: person, first, last, born, town, zip, mail."""
    random = np.random.default_rng(seed)
    first, last, towns = (_words(random, size) for size in (120, 600, 40))
    common = 1 / np.arange(1, len(last) + 1) ** 0.6
    town = random.integers(len(towns), size=count)
    given = random.choice(first, count)
    surname = random.choice(last, count, p=common / common.sum())
    born = [
        date(1930, 1, 1) + timedelta(days=int(day)) for day in random.integers(30_000, size=count)
    ]
    return pl.DataFrame(
        {
            "person": [f"p{n:05}" for n in range(count)],
            "first": given,
            "last": surname,
            "born": [str(day) for day in born],
            "town": [towns[n] for n in town],
            "zip": [f"{10_000 + 37 * n}" for n in town],
            "mail": [
                f"{f}.{s}{d.day}@example.org" for f, s, d in zip(given, surname, born, strict=True)
            ],
        }
    )


def written_down(known: pl.DataFrame, *, seed: int, rate: float = 0.15) -> pl.DataFrame:
    """One record of each person: about `rate` of the values wrong, a third of that missing."""
    random = np.random.default_rng(seed)
    columns = {
        name: [_wrong(random, value, rate) for value in known[name].to_list()]
        for name in known.columns
        if name != "person"
    }
    rows = pl.DataFrame(
        {"person": known["person"], **columns}, schema_overrides=dict.fromkeys(columns, pl.String)
    )
    return rows.sample(fraction=1.0, shuffle=True, seed=seed).with_row_index("n").select(
        pl.concat_str(pl.lit(f"r{seed}-"), pl.col("n").cast(pl.String).str.zfill(5)).alias("id"), pl.exclude("n")
    )  # fmt: skip


def _wrong(random: np.random.Generator, value: str, rate: float) -> str | None:
    if random.random() < rate / 3:
        return None
    if random.random() >= rate:
        return value
    place = int(random.integers(1, len(value) - 1))
    other = (
        str(random.integers(10)) if value[place].isdigit() else _LETTERS[int(random.integers(26))]
    )
    kinds = (
        value[:place] + other + value[place + 1 :],
        value[:place] + value[place + 1 :],
        value[:place] + value[place + 1] + value[place] + value[place + 2 :],
    )
    return kinds[int(random.integers(3))]
