"""One identity number: what it says and, in a sentence, what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from jingzhun.errors import StandardError
from jingzhun.standard.id_numbers.facts import (
    CHECK_CHARACTERS,
    DISABILITY_SUFFIX,
    EARLIEST_BIRTH_YEAR,
    FOREIGN_CHARACTER,
    LENGTHS,
    MASKED,
    NEW_SHAPE,
    OLD_SHAPE,
    PLACEHOLDER_PREFIX,
    ROUNDED,
    SEPARATORS,
    WEIGHTS,
    WIDE_DIGITS,
    WIDE_X,
    Kind,
    Problem,
    Sex,
    province_codes,
)
from jingzhun.standard.labels import Label

_KIND_BY_LENGTH = {
    15: Kind.IDENTITY_15,
    18: Kind.IDENTITY_18,
    20: Kind.DISABILITY_20,
    22: Kind.DISABILITY_22,
}
_NARROW_DIGITS = str.maketrans(WIDE_DIGITS, "0123456789")


@dataclass(frozen=True)
class IdReport:
    """What one number says. Its printed form shows no part of the number and no birth date."""

    normalised: str | None = field(repr=False)
    """The form to compare by: 18 characters where the number allows it; null for a blank."""
    kind: Kind | None
    birth_date: date | None = field(repr=False)
    """Null when the number has a problem."""
    sex: Sex | None = field(repr=False)
    """Null when the number has a problem."""
    problem: Problem | None
    """Null when nothing is wrong."""

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong with the number itself; says nothing about whose it is."""
        return self.problem is None

    @property
    def sentence(self) -> Label | None:
        """What is wrong, in both languages; null when nothing is."""
        return self.problem.label if self.problem else None


def inspect(number: str | None, *, on: date) -> IdReport:
    """What an ID number says and what is wrong with it, as known on a date.

    Accepts 15 and 18 digits and disability certificates of 20 and 22, in any usual way of typing.
    The region prefix may be of any past edition: only its province is checked (domain.md 7.1, 9.1).
    """
    text = cleaned(number)
    if not text:
        return IdReport(None, None, None, None, Problem.MISSING)
    kind, id18 = _kind(text), _eighteen(text)
    problem = _problem_of_text(text) or _problem_of_content(text, id18, on)
    normalised = text if id18 is None else id18
    if problem or id18 is None:
        return IdReport(normalised, kind, None, None, problem)
    sex = Sex.MALE if int(id18[16]) % 2 else Sex.FEMALE
    return IdReport(normalised, kind, _birth_date(id18), sex, None)


def cleaned(number: str | None) -> str:
    """The number with separators and invisible characters gone, digits narrow, letters upper-case."""
    text = re.sub(SEPARATORS, "", (number or "").upper())
    return re.sub(WIDE_X, "X", text).translate(_NARROW_DIGITS)


def check_character(first17: str) -> str:
    """The check character for the first seventeen digits (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return CHECK_CHARACTERS[total % 11]


def make_id(prefix: str, birth_date: date, order: int) -> str:
    """A number of 18 characters with a true check character, for invented persons.

    `prefix` is a six-digit region code, `order` 0 to 999: odd for males, even for females.
    StandardError when one of them can't be part of a number.
    """
    if not re.fullmatch("[0-9]{6}", prefix) or prefix[:2] not in province_codes():
        raise StandardError("An ID number begins with a six-digit region code of a real province")
    if not 0 <= order <= 999 or birth_date.year < EARLIEST_BIRTH_YEAR:
        raise StandardError("An ID number needs an order from 0 to 999 and a birth date from 1900")
    first17 = f"{prefix}{birth_date:%Y%m%d}{order:03d}"
    return first17 + check_character(first17)


def _kind(text: str) -> Kind | None:
    if text.startswith(PLACEHOLDER_PREFIX):
        return Kind.PLACEHOLDER
    return _KIND_BY_LENGTH[len(text)] if _eighteen(text) else None


def _eighteen(text: str) -> str | None:
    """The number as 18 characters; null when its shape does not allow it."""
    if re.search(OLD_SHAPE, text):
        first17 = f"{text[:6]}19{text[6:]}"
        return first17 + check_character(first17)
    return text[:18] if re.search(NEW_SHAPE, text) else None


def _problem_of_text(text: str) -> Problem | None:
    if text.startswith(PLACEHOLDER_PREFIX):
        return Problem.PLACEHOLDER
    if re.search(MASKED, text):
        return Problem.MASKED
    if re.search(ROUNDED, text):
        return Problem.ROUNDED
    if re.search(FOREIGN_CHARACTER, text):
        return Problem.BAD_CHARACTER
    return None if len(text) in LENGTHS else Problem.WRONG_LENGTH


def _problem_of_content(text: str, id18: str | None, on: date) -> Problem | None:
    if id18 is None:
        return Problem.BAD_CHARACTER
    if id18[:2] not in province_codes():
        return Problem.UNKNOWN_PROVINCE
    return _problem_of_birth(id18, on) or _problem_of_end(text, id18)


def _problem_of_birth(id18: str, on: date) -> Problem | None:
    if int(id18[6:10]) < EARLIEST_BIRTH_YEAR:
        return Problem.BORN_TOO_EARLY
    born = _birth_date(id18)
    if born is None:
        return Problem.NO_SUCH_DATE
    return Problem.BORN_IN_FUTURE if born > on else None


def _problem_of_end(text: str, id18: str) -> Problem | None:
    if id18[17] != check_character(id18[:17]):
        return Problem.WRONG_CHECK
    suffix_is_good = len(text) <= 18 or re.search(DISABILITY_SUFFIX, text[18:])
    return None if suffix_is_good else Problem.BAD_SUFFIX


def _birth_date(id18: str) -> date | None:
    try:
        return date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))
    except ValueError:
        return None
