"""Division codes: twelve digits in groups of 2, 2, 2, 3 and 3, zeros where a level does not apply.

An area contains another when its code without trailing zero groups is a prefix of the other's.
"""

from __future__ import annotations

import re
from enum import StrEnum

import narwhals as nw

from jingzhun.errors import StandardError


class Level(StrEnum):
    """Level of a division in the tree, from the province down."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def digits(self) -> int:
        """How many leading digits of a code name a division of this level."""
        return _DIGITS[self]


_DIGITS = {
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
_LEVEL_BY_DIGITS = {digits: level for level, digits in _DIGITS.items()}
_ZEROS = "0" * 12
_CODE = re.compile("(0[1-9]|[1-9][0-9])[0-9]*")


def is_code(text: str) -> bool:
    """Whether a text has the form of a division code: 2, 4, 6, 9 or 12 digits."""
    return len(text) in _LEVEL_BY_DIGITS and bool(_CODE.fullmatch(text))


def full_code(code: str) -> str:
    """The code with twelve digits; accepts 2, 4, 6, 9 and 12. StandardError for anything else."""
    if is_code(code):
        return code.ljust(12, "0")
    raise StandardError(
        f"'{code[:20]}' is not a division code",
        why="A division code has 12 digits, or the first 2, 4, 6 or 9 of them",
        do="Check the code; numbers read from a spreadsheet may have lost digits",
    )


def prefix_of(code: str) -> str:
    """The code without trailing zero groups: 2, 4, 6, 9 or 12 digits."""
    full = full_code(code)
    for digits in _LEVEL_BY_DIGITS:
        if full.endswith(_ZEROS[digits:]):
            return full[:digits]
    return full


def level_of(code: str) -> Level:
    """The level that the form of a code states; needs no table."""
    return _LEVEL_BY_DIGITS[len(prefix_of(code))]


def contains(area: str, other: str) -> bool:
    """Whether `other` lies in `area` or is `area`, by their codes alone."""
    return full_code(other).startswith(prefix_of(area))


def prefix_at(code: nw.Expr, level: Level) -> nw.Expr:
    """The short code of the area at a level that holds each 12-digit code, such as 6 for a county.

    Null where the code is null, has not 12 characters, or names an area above that level.
    """
    is_deep_enough = code.str.len_chars() == 12
    above = level.digits - (3 if level.digits > 6 else 2)
    if level is not Level.PROVINCE:
        own_group = code.str.slice(above, level.digits - above)
        is_deep_enough &= own_group != _ZEROS[above : level.digits]
    return nw.when(is_deep_enough).then(code.str.slice(0, level.digits))


def area_at(code: nw.Expr, level: Level) -> nw.Expr:
    """The 12-digit code of the area at a level that holds each 12-digit code; null as `prefix_at`."""
    return nw.concat_str(prefix_at(code, level), nw.lit(_ZEROS[level.digits :]))


def is_within(code: nw.Expr, area: str) -> nw.Expr:
    """Whether each 12-digit code lies in `area` or is it; null where the code is null."""
    return code.str.starts_with(prefix_of(area))
