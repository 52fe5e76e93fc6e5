"""Numbers with their units as people write them, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from jingzhun.standard.yaml_source import read_yaml

_FILE = Path(__file__).parent / "units.yaml"
MOST_DIGITS = 6


class Unit(BaseModel):
    """How one unit is written; `total` is the unit of the sum over a household's persons."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str
    zh: str
    one: str | None = None
    kind: Literal["number", "share", "calendar"] = "number"
    total: str | None = None


@cache
def units() -> Mapping[str, Unit]:
    """Every unit by the name under which columns, parameters and indicators declare it."""
    return {name: Unit.model_validate(given) for name, given in read_yaml(_FILE).data.items()}


def number_text(value: float, digits: int = 2) -> str:
    """A number with thousands separators and at most so many decimals; small ones keep three digits."""
    if isinstance(value, float) and value != 0 and abs(value) < 1:
        return f"{value:.{max(digits, 3)}g}"
    text = f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(value: float, unit: str | None, language: str, digits: int = 2) -> str:
    """A number with its unit, as in `3,500 yuan a year` and `3,500元/年`.

    A unit that is not in the table is written as declared in English, and left out in Chinese.
    """
    known = units().get(unit or "")
    chinese = language.startswith("zh")
    if known is None:
        plain = number_text(value, digits)
        return plain if chinese or not unit else f"{plain} {unit}"
    if known.kind == "share":
        return f"{number_text(round(float(value) * 100, MOST_DIGITS), digits)}%"
    text = str(int(value)) if known.kind == "calendar" else number_text(value, digits)
    if chinese:
        return text + known.zh
    word = known.one if known.one is not None and value == 1 else known.en
    return f"{text} {word}".rstrip()


def total_unit(unit: str | None) -> str | None:
    """The unit of a household's sum where `unit` is per person; None where it is not."""
    known = units().get(unit or "")
    return known.total if known else None
