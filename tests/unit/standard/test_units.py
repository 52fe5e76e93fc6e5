"""Numbers with their units, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jingzhun.policy.pack import load_pack
from jingzhun.standard import schema
from jingzhun.standard.units import number_text, total_unit, units, with_unit


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (3500, "yuan a year", "3,500 yuan a year", "3,500元/年"),
        (8414.333, "yuan a person and year", "8,414.33 yuan a person and year", "8,414.33元/人·年"),
        (1, "persons", "1 person", "1人"),
        (0, "persons", "0 persons", "0人"),
        (2, "persons", "2 persons", "2人"),
        (6, "years of age", "6 years", "6周岁"),
        (2019, "year", "2019", "2019年"),
        (0.9, "fraction", "90%", "90%"),
        (0.029, "fraction", "2.9%", "2.9%"),
        (0.07, "fraction", "7%", "7%"),
        (1.5, "mu", "1.5 mu", "1.5亩"),
        (-120, "yuan", "-120 yuan", "-120元"),
        (7, "parsecs", "7 parsecs", "7"),
        (7, None, "7", "7"),
    ],
)
def test_a_number_is_written_with_its_unit(
    value: float, unit: str | None, english: str, chinese: str
) -> None:
    assert with_unit(value, unit, "en") == english
    assert with_unit(value, unit, "zh") == chinese


def test_small_numbers_keep_three_digits() -> None:
    assert number_text(0.00123456) == "0.00123"
    assert number_text(100.0) == "100"
    assert number_text(1000) == "1,000"


def test_a_sum_over_persons_has_a_unit_of_its_own() -> None:
    assert total_unit("yuan a person and year") == "yuan a year"
    assert total_unit("persons") is None
    assert total_unit(None) is None


def _declared() -> Iterator[str | None]:
    yield from (column.unit for table in schema.tables().values() for column in table.columns)
    for pack in (load_pack("gansu"), load_pack("vietnam-1998")):
        yield from (parameter.unit for parameter in pack.parameters.values())
        yield from (definition.unit for definition in pack.definitions.values())
        for profile in pack.profiles.values():
            yield from (indicator.unit for indicator in profile.indicators)


def test_every_unit_that_is_declared_can_be_written_in_chinese() -> None:
    assert {unit for unit in _declared() if unit} - units().keys() == set()
