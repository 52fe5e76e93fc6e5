"""What a mapping must say of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from delivery_support import (
    CAR,
    Vehicles,
    mapping,
)

from jingzhun.errors import InputError
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, MappingError, parse_mapping
from jingzhun.standard import schema


@pytest.fixture
def vehicles(tmp_path: Path) -> Vehicles:
    return Vehicles(tmp_path)


@pytest.fixture
def workspace(vehicles: Vehicles) -> Workspace:
    return vehicles.workspace


@pytest.fixture
def run(vehicles: Vehicles) -> Callable[..., ImportReport]:
    return vehicles.run


def test_every_external_table_asks_for_its_delivery_and_says_what_to_write() -> None:
    for name in schema.external_tables():
        with pytest.raises(MappingError) as refused:
            parse_mapping(f"table: {name}\nperiod: 2019\ncolumns: {{name: 姓名}}\n")
        assert "another department" in refused.value.sentence
        for word in ("delivery:", "source", "legal_basis", "received", "covers"):
            assert word in refused.value.sentence


@pytest.mark.parametrize("left_out", ["source", "legal_basis", "received"])
def test_what_is_left_out_of_a_delivery_is_named(left_out: str) -> None:
    lines = [line for line in mapping().splitlines() if not line.strip().startswith(left_out)]

    with pytest.raises(MappingError, match=left_out):
        parse_mapping("\n".join(lines))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"covers": "covers: ['12345']"}, "division code"),
        ({"covers": "covers: []"}, "covers"),
        ({"covers": "colour: red"}, "'colour' is not known here"),
        ({"covers": "from: 2019-06-01\n  until: 2019-06-01"}, "first day after"),
        ({"received": "soon"}, "received"),
        ({"more": "  delivery_id: {constant: x}"}, "filled by the import"),
        ({"more": "derive: {record_id: [value_yuan]}"}, "does not fill"),
        ({"more": "derive: {record_id: [colour]}"}, "no column 'colour'"),
    ],
)
def test_a_delivery_that_can_not_be_meant_is_refused(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(MappingError, match=told):
        parse_mapping(mapping(**wrong))


def test_a_table_of_the_register_has_no_delivery() -> None:
    text = """
table: households
delivery: {source: a, legal_basis: b, received: 2019-06-30}
period: 2019
columns: {household_id: a, village_code: b}
"""
    with pytest.raises(MappingError, match="belongs to the register"):
        parse_mapping(text)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (mapping("2020-02-01"), "after the day of the import"),
        (mapping(covers="covers: ['110101']"), "does not know"),
    ],
)
def test_a_delivery_that_can_not_be_true_is_refused_and_nothing_changes(
    run: Callable[..., ImportReport], workspace: Workspace, rules: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        run(CAR, rules=rules)
    assert Workspace.open(workspace.path).imports == ()
