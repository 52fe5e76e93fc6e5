"""What the ledger says of deliveries, and the areas that they cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jingzhun.errors import WorkspaceError
from jingzhun.frames.deliveries import EVERYWHERE, LEDGER, Delivery, covered, deliveries, widest
from jingzhun.frames.workspace import Workspace

JUNE = Delivery(
    id="d1",
    table="vehicles",
    period=2019,
    source="traffic police (invented)",
    legal_basis="agreement 1 (invented)",
    purpose=None,
    received=date(2019, 6, 30),
    from_date=date(2019, 1, 1),
    until_date=None,
    covers=("6229",),
    sha256="0" * 64,
    rows=3,
    imported=date(2019, 7, 1),
)


def _workspace(path: Path, *entries: list[Delivery]) -> Workspace:
    workspace = Workspace.create(path, pack="gansu", created=date(2019, 1, 1))
    for number, found in enumerate(entries):
        with workspace.writing() as batch:
            batch.record({"id": str(number), LEDGER: [one.entry() for one in found]})
    return Workspace.open(path)


def test_a_delivery_comes_back_from_the_ledger_as_it_was(tmp_path: Path) -> None:
    assert deliveries(_workspace(tmp_path / "w", [JUNE])) == [JUNE]


def test_entries_without_deliveries_are_passed_over(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path / "w", [])

    assert deliveries(workspace) == []
    assert covered(workspace, "vehicles", 2019) == ()


def test_deliveries_are_chosen_by_table_and_day(tmp_path: Path) -> None:
    july = replace(JUNE, id="d2", received=date(2019, 7, 31))
    deaths = replace(JUNE, id="d3", table="deaths")
    workspace = _workspace(tmp_path / "w", [july], [JUNE, deaths])

    assert [one.id for one in deliveries(workspace)] == ["d3", "d1", "d2"]
    assert [one.id for one in deliveries(workspace, "vehicles")] == ["d1", "d2"]
    assert [one.id for one in deliveries(workspace, "vehicles", date(2019, 7, 30))] == ["d1"]


def test_a_delivery_imported_again_stands_once(tmp_path: Path) -> None:
    again = replace(JUNE, rows=4)

    assert deliveries(_workspace(tmp_path / "w", [JUNE], [again])) == [again]


def test_areas_of_several_deliveries_are_covered_together(tmp_path: Path) -> None:
    other = replace(JUNE, id="d2", covers=("620102", "622926"))
    later = replace(JUNE, id="d3", period=2020, covers=(EVERYWHERE,))
    workspace = _workspace(tmp_path / "w", [JUNE, other, later])

    assert covered(workspace, "vehicles", 2019) == ("620102", "6229")
    assert covered(workspace, "vehicles", 2020) == (EVERYWHERE,)
    assert covered(workspace, "deaths", 2019) == ()
    assert covered(workspace, "vehicles", 2019, date(2019, 1, 1)) == ()


def test_an_area_inside_another_is_left_out() -> None:
    assert widest(["6229", "622926", "6230", "6229"]) == ("6229", "6230")
    assert widest(["62", EVERYWHERE]) == (EVERYWHERE,)
    assert widest([]) == ()


def test_a_delivery_covers_the_areas_inside_it() -> None:
    assert JUNE.covers_area("622926100200")
    assert not JUNE.covers_area("620102000000")
    assert replace(JUNE, covers=(EVERYWHERE,)).covers_area("110101000000")


def test_a_broken_ledger_is_told_as_such(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", pack="gansu", created=date(2019, 1, 1))
    with workspace.writing() as batch:
        batch.record({"id": "1", LEDGER: [{"id": "d1"}]})

    with pytest.raises(WorkspaceError, match="delivery"):
        deliveries(workspace)
