"""Numbers of records: made where the source has none, and never telling who the person is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from delivery_support import (
    CAR,
    HEADER,
    ON,
    PERSON,
    VAN,
    Vehicles,
    held,
    mapping,
)

from jingzhun.errors import WorkspaceError
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport
from jingzhun.quality.intake.record_ids import KEY_FILE


@pytest.fixture
def vehicles(tmp_path: Path) -> Vehicles:
    return Vehicles(tmp_path)


@pytest.fixture
def workspace(vehicles: Vehicles) -> Workspace:
    return vehicles.workspace


@pytest.fixture
def run(vehicles: Vehicles) -> Callable[..., ImportReport]:
    return vehicles.run


NO_NUMBER = HEADER.removeprefix("序号,")


def without(row: str) -> str:
    return row.split(",", 1)[1]


def test_a_number_is_made_from_the_content_where_the_source_has_none(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(without(CAR), without(VAN), header=NO_NUMBER)
    first = held(workspace)["record_id"].to_list()
    report = run(without(VAN), without(CAR), without(CAR), header=NO_NUMBER)

    assert len(set(first)) == 2
    assert held(workspace)["record_id"].to_list() == first
    assert report.tables["vehicles"].unchanged == 2
    assert set(report.tables["vehicles"].reasons) == {("record_id", "duplicate")}


def test_a_made_number_does_not_tell_the_person_and_differs_between_workspaces(
    run: Callable[..., ImportReport], workspace: Workspace, tmp_path: Path
) -> None:
    other = Workspace.create(tmp_path / "other", pack="gansu", created=ON)
    run(without(CAR), header=NO_NUMBER)
    run(without(CAR), header=NO_NUMBER, into=other)

    assert held(workspace)["record_id"].to_list() != held(other)["record_id"].to_list()
    assert (workspace.path / KEY_FILE).stat().st_mode & 0o077 == 0


def test_the_mapping_may_name_the_columns_that_tell_one_record_from_another(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    rules = mapping(more="derive: {record_id: [plate_number]}")
    run(without(CAR), header=NO_NUMBER, rules=rules)
    report = run(without(CAR).replace("轿车", "货车"), header=NO_NUMBER, rules=rules)

    assert report.tables["vehicles"].changed == 1
    assert held(workspace)["kind"].to_list() == ["truck"]


@pytest.mark.parametrize("number", [PERSON, f"G{PERSON}", f"{PERSON}44", "620102800501001"])
def test_a_number_in_which_a_document_number_stands_is_replaced(
    run: Callable[..., ImportReport], workspace: Workspace, number: str
) -> None:
    run(CAR.replace("1,", f"{number},", 1))
    report = run(CAR.replace("1,", f"{number},", 1).replace("轿车", "货车"))

    assert number[-12:] not in str(held(workspace)["record_id"].to_list())
    assert report.tables["vehicles"].changed == 1


def test_a_number_that_is_a_direct_identifier_of_the_row_is_replaced(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    run(CAR.replace("1,", "甘A00001,", 1))

    assert "甘A00001" not in held(workspace)["record_id"].to_list()


def test_a_row_without_any_content_to_make_a_number_from_is_rejected(
    run: Callable[..., ImportReport],
) -> None:
    rules = mapping(more="derive: {record_id: [plate_number]}")

    report = run(without(CAR).replace("甘A00001", ""), header=NO_NUMBER, rules=rules)

    assert set(report.tables["vehicles"].reasons) == {("record_id", "required_missing")}


def test_a_key_that_was_damaged_is_told(
    run: Callable[..., ImportReport], workspace: Workspace
) -> None:
    (workspace.path / KEY_FILE).write_text("nonsense")

    with pytest.raises(WorkspaceError, match=KEY_FILE):
        run(without(CAR), header=NO_NUMBER)
    assert workspace.imports == ()
