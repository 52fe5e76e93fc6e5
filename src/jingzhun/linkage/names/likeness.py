"""How alike two names are, as a number between 0 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

FLOORS = np.array([0.0, 0.0, 0.3, 0.7, 0.8, 0.9, 0.92, 0.95, 0.97, 0.99, 1.0], dtype=np.float32)
"""Least likeness of each level; the numbers order pairs and are no probabilities."""
_MOST = 0.89
"""Most of a pair that agrees in no key."""
_SURNAME = 0.25
"""Share of the surname in the likeness of two Han names: few surnames are shared by many."""


def likeness(
    keys: pl.DataFrame, left: NDArray[Any], right: NDArray[Any], level: NDArray[np.int8]
) -> NDArray[np.float32]:
    """Likeness of pairs of rows of `keys`; NaN where the level is unknown."""
    out = np.where(level >= 0, FLOORS[np.maximum(level, 0)], np.nan).astype(np.float32)
    weak = np.nonzero((level >= 0) & (level < 5))[0]
    if len(weak):
        found = _by_text(keys, left[weak], right[weak])
        out[weak] = np.maximum(out[weak], np.minimum(found, _MOST))
    return out


def _by_text(keys: pl.DataFrame, left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float32]:
    structure, surname = keys["structure"].to_numpy(), keys["surname"].to_numpy()
    is_han = (structure[left] == "han") & (structure[right] == "han")
    is_latin = (structure[left] == "latin") & (structure[right] == "latin")
    out = _ratio(keys["syllable_class"], left, right, OSA.normalized_similarity)
    out[is_latin] = _ratio(keys["clean"], left[is_latin], right[is_latin], JaroWinkler.similarity)
    one, two = left[is_han], right[is_han]
    same = (surname[one] == surname[two]).astype(np.float32)
    written = _ratio(keys["given"], one, two, OSA.normalized_similarity)
    heard = _ratio(keys["given_sound"], one, two, OSA.normalized_similarity)
    given = np.maximum(written, 0.5 * (written + heard))
    out[is_han] = _SURNAME * same + (1 - _SURNAME) * given
    return out


def _ratio(
    texts: pl.Series, left: NDArray[Any], right: NDArray[Any], scorer: Any
) -> NDArray[np.float32]:
    values = texts.fill_null("").to_numpy()
    found = process.cpdist(values[left], values[right], scorer=scorer, dtype=np.float32)
    return np.asarray(found, dtype=np.float32)
