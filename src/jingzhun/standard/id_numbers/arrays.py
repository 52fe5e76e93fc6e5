"""Check characters for numpy arrays: for makers of invented numbers by the million."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jingzhun.standard.id_numbers.facts import CHECK_CHARACTERS, WEIGHTS

_CHARACTERS = np.array(list(CHECK_CHARACTERS))


def check_characters(first17: NDArray[np.int64]) -> NDArray[np.str_]:
    """The check character of each number, given as its first seventeen digits in one integer."""
    rest = first17.astype(np.int64)
    total = np.zeros(rest.shape, dtype=np.int64)
    for weight in reversed(WEIGHTS):
        rest, digit = np.divmod(rest, 10)
        total += weight * digit
    characters: NDArray[np.str_] = _CHARACTERS[total % 11]
    return characters
