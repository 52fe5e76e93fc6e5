"""Dated parameters: the value, source and confidence on a date, in an area."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from jingzhun.errors import ParameterError
from jingzhun.policy.parameters import Parameter, entries

D2015, D2018, D2020 = date(2015, 1, 1), date(2018, 1, 1), date(2020, 1, 1)


def parameter(**changes: Any) -> Parameter:
    given: dict[str, Any] = {
        "name": "line_yuan",
        "label": {"en": "line", "zh": "标准"},
        "description": {"en": "An invented line.", "zh": "虚构标准。"},
        "unit": "yuan",
        "values": {D2015: 2000, D2018: 3000},
        "source": {D2015: "old paper", D2018: "new paper"},
        "confidence": {D2015: "M recall", D2018: "H"},
        "last_checked": D2020,
        "default": False,
    }
    return Parameter.model_validate(given | changes)


def test_a_value_holds_from_its_date_until_the_next() -> None:
    line = parameter()

    assert line.value(D2015) == 2000
    assert line.value(date(2017, 12, 31)) == 2000
    assert line.value(D2018) == 3000
    assert line.value(date(2035, 6, 1)) == 3000


def test_before_the_first_date_there_is_no_value() -> None:
    with pytest.raises(ParameterError, match=r"line_yuan has no value on 2014-12-31.*2015-01-01"):
        parameter().value(date(2014, 12, 31))


def test_an_entry_carries_source_and_confidence_of_its_date() -> None:
    entry = parameter().entry(date(2016, 7, 1))

    assert (entry.value, entry.since, entry.source) == (2000, D2015, "old paper")
    assert entry.confidence == "M recall"
    assert not entry.is_verified


def test_an_entry_with_a_source_is_verified() -> None:
    assert parameter().entry(D2018).is_verified


def test_one_date_may_be_a_default_of_a_sourced_parameter() -> None:
    line = parameter(defaults=[D2015])

    assert line.entry(D2015).default
    assert not line.entry(D2018).default


def test_the_most_specific_area_wins() -> None:
    line = parameter(
        overridable="county",
        overrides=[
            {"area": "6230", "values": {D2015: 1}, "source": "prefecture"},
            {"area": "623025", "values": {D2015: 2}, "source": "county"},
        ],
    )

    assert line.value(D2018, "623025100201") == 2
    assert line.value(D2018, "623026100201") == 1
    assert line.value(D2018, "620102001001") == 3000
    assert line.entry(D2018, "623025").source == "county"
    assert line.values_by_area(D2018) == (("623025", 2), ("6230", 1))


def test_an_override_that_has_not_begun_does_not_count() -> None:
    line = parameter(
        overridable="county",
        overrides=[{"area": "623025", "values": {D2020: 9}, "source": "county"}],
    )

    assert line.value(D2018, "623025") == 3000
    assert line.value(D2020, "623025") == 9
    assert line.values_by_area(D2018) == ()


def test_a_parameter_with_one_decimal_value_is_decimal_on_every_date() -> None:
    rate = parameter(values={D2015: 0.5, D2018: 1})

    assert isinstance(rate.value(D2018), float)


def test_whole_numbers_stay_whole() -> None:
    assert isinstance(parameter().value(D2018), int)


def test_parameters_that_have_not_begun_are_left_out_of_the_list() -> None:
    late = parameter(name="late", values={D2020: 1}, source="x", confidence="L")

    names = [entry.name for entry in entries([parameter(), late], D2018)]

    assert names == ["line_yuan"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"values": {}}, "at least 1"),
        ({"values": {D2015: 1, D2018: "a lot"}}, "one kind"),
        ({"source": {D2015: "x"}}, "source has no entry for 2018-01-01"),
        ({"confidence": {D2015: "H", D2018: "H", D2020: "H"}}, "2020-01-01, which is not among"),
        ({"confidence": "sure"}, "pattern"),
        ({"defaults": [D2020]}, "not among the values"),
        ({"overrides": [{"area": "623025", "values": {D2015: 1}, "source": "x"}]}, "overridable"),
        ({"name": "Line"}, "pattern"),
        ({"values": {D2015: True, D2018: 3}}, "one kind"),
    ],
)
def test_an_incomplete_parameter_is_refused(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        parameter(**changes)


def test_a_parameter_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        parameter().unit = "dong"
