"""Critical values of Student's t distribution, for confidence intervals.

Written here because it is the only thing a scientific library would be needed for.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_MANY = 2000  # above, the expansion is exact to 1e-13 and the gamma function loses digits


@lru_cache(maxsize=4096)
def t_critical(confidence: float, degrees_of_freedom: int) -> float:
    """The value t with P(-t < T < t) = `confidence`; accurate to about 1e-11.

    Below one degree of freedom there is no such value: ValueError.
    """
    if degrees_of_freedom < 1:
        message = "Student's t needs at least one degree of freedom"
        raise ValueError(message)
    if degrees_of_freedom > _MANY:
        return _expansion(NormalDist().inv_cdf((1 + confidence) / 2), degrees_of_freedom)
    tail = 1.0 - confidence
    low, high = 0.0, max(NormalDist().inv_cdf(1 - tail / 2), 1.0)
    while _two_sided_tail(high, degrees_of_freedom) > tail:
        low, high = high, high * 2
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if _two_sided_tail(middle, degrees_of_freedom) > tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _expansion(z: float, df: int) -> float:
    """Cornish-Fisher expansion of t around the normal quantile z (Abramowitz & Stegun 26.7.5)."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / df + second / df**2 + third / df**3


def _two_sided_tail(t: float, df: int) -> float:
    """P(|T| > t) by the regularised incomplete beta function."""
    return _incomplete_beta(df / 2, 0.5, df / (df + t * t))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    front = math.exp(log_front)
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(a, b, x) / a
    return 1.0 - front * _continued_fraction(b, a, 1 - x) / b


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, 20_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _away_from_zero(1 + even * d)
        c = _away_from_zero(1 + even / c)
        result *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _away_from_zero(1 + odd * d)
        c = _away_from_zero(1 + odd / c)
        result *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
