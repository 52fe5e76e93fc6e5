"""What a model says of pairs: how strongly they agree, how probably they are one person, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.linkage.fields.coded import Coded
from jingzhun.linkage.model import Model
from jingzhun.linkage.training import LevelRows, Shares, Trained, rarity, responsibilities

BY_NUMBER = 30.0
"""Weight of the same identity number: one chance in a thousand million that two people share it."""
BY_SLIP = 18.0
"""Weight of numbers one slip apart."""
MOST = 60.0
"""Logarithms of odds are cut at this, beyond which nothing changes."""
_SAME, _SLIP = "same", "one_slip"


@dataclass(frozen=True)
class Scores:
    """Of each pair: base-2 logarithm of the odds that it is one person, and weight (without the prior)."""

    odds: Shares
    weight: Shares

    @property
    def probability(self) -> Shares:
        """0 to 1."""
        return 1 / (1 + np.exp2(-self.odds))

    def with_added(self, bits: Shares | float) -> Scores:
        """With something else that speaks for the pairs."""
        return Scores(np.minimum(self.odds + bits, MOST), self.weight + bits)


def scored(
    model: Model, fields: Sequence[Coded], levels: LevelRows, left: NDArray[np.int64]
) -> Scores:
    """Scores of pairs whose levels are known; `left` are their rows of the left table."""
    trained = _trained(model)
    one, _ = responsibilities(trained, levels, rarity(fields, levels, left, trained.u))
    one = np.clip(one, 2.0**-MOST, 1 - 2.0**-50)
    odds = np.log2(one) - np.log2(1 - one)
    return Scores(odds, odds - np.log2(trained.prior / (1 - trained.prior)))


def _trained(model: Model) -> Trained:
    m, u, household = (
        [np.array(getattr(one, name)) for one in model.fields] for name in ("m", "u", "household")
    )
    return Trained(m, u, household, model.prior, model.prior_household)


def evidence(
    model: Model, levels: LevelRows, added: Sequence[tuple[str, str, float] | None]
) -> pl.Series:
    """Of each pair the fields compared, with level and weight in bits; no values.

    `added`: something found before the fields were compared (the number), one per pair. How rare the equal
    values are is in the weight of the whole link, not here.
    """
    kinds = {one: n for n, one in enumerate(dict.fromkeys(added))}
    codes = np.vstack([levels, np.array([kinds[one] for one in added], dtype=np.int16)])
    columns, which = np.unique(codes, axis=1, return_inverse=True)
    first = list(kinds)
    told = [_entries(model, column[:-1], first[column[-1]]) for column in columns.T]
    return pl.Series("evidence", told, dtype=_entry_type(model)).gather(which.ravel())


def _entry_type(model: Model) -> pl.List:
    """Fields and levels are kept as numbers: there are as many entries as links times fields."""
    fields = pl.Enum([one.field for one in model.fields])
    names = dict.fromkeys([_SAME, _SLIP, *(level for one in model.fields for level in one.levels)])
    return pl.List(
        pl.Struct({"field": fields, "level": pl.Enum(list(names)), "weight": pl.Float32})
    )


def _entries(
    model: Model, levels: NDArray[np.int16], added: tuple[str, str, float] | None
) -> list[dict[str, str | float]]:
    first = [] if added is None else [dict(zip(("field", "level", "weight"), added, strict=True))]
    found = [
        {
            "field": one.field,
            "level": one.levels[level],
            "weight": float(np.log2(one.m[level] / one.u[level])),
        }
        for one, level in zip(model.fields, levels, strict=True)
        if level >= 0 and not (added is not None and added[0] == one.field)
    ]
    return [*first, *found]
