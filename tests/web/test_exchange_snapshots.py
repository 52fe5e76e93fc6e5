"""Snapshots: the engine says of the register in the database what it says of the workspace it came from."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from jingzhun.frames.workspace import Workspace
from jingzhun.run.job import run
from jingzhun_web.exchange import snapshots
from jingzhun_web.exchange.fingerprints import County
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .people import PROVINCE

ON = date(2019, 12, 31)


def everywhere() -> scope.Scope:
    return scope.Scope.of_areas([PROVINCE])


def taken(area: int = int(PROVINCE), period: int = 2019) -> snapshots.Snapshot:
    return snapshots.taken(area=area, period=period)


def test_the_register_comes_back_byte_for_byte(
    filled_home: Path, undone: None, province: Workspace
) -> None:
    scope.apply(everywhere())

    found = taken().workspace

    for table in ("households", "persons"):
        before = {p.slot: p.sha256 for p in province.files(table)}
        assert {p.slot: p.sha256 for p in found.files(table)} == before


def test_evaluation_of_a_snapshot_equals_that_of_the_workspace(
    filled_home: Path, undone: None, province: Workspace, tmp_path: Path
) -> None:
    scope.apply(everywhere())
    parts = ("check", "identify", "evaluate")

    one = run(province, on=ON, parts=parts, out=tmp_path / "one")
    other = run(taken().workspace, on=ON, parts=parts, out=tmp_path / "other")

    own = ("run_id", "seconds", "peak_memory_mib")
    assert {k: v for k, v in one.summary.items() if k not in own and "hash" not in k} == {
        k: v for k, v in other.summary.items() if k not in own and "hash" not in k
    }


def test_a_county_without_changes_is_linked_and_a_changed_one_read_again(
    filled_home: Path, undone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope.apply(everywhere())
    before = taken()
    read: list[str] = []
    plain = snapshots._read

    def noted(workspace: Workspace, county: County, bounds: tuple[int, int]) -> None:
        read.append(county.code)
        plain(workspace, county, bounds)

    monkeypatch.setattr(snapshots, "_read", noted)
    changed = Household.objects.order_by("pk")[0]
    Household.objects.filter(pk=changed.pk).update(debt_yuan=123_456)

    after = taken()

    assert read == [f"{changed.area:012d}"[:6]]
    assert after.id != before.id
    same = next(c for c in after.counties if c not in read)
    files = [s.workspace.files("persons", 2019, same)[0] for s in (before, after)]
    inodes = {(s.path / f.path).stat().st_ino for s, f in zip((before, after), files, strict=True)}
    assert len(inodes) == 1


def test_nothing_changed_gives_the_same_snapshot(filled_home: Path, undone: None) -> None:
    scope.apply(everywhere())

    assert taken().path == taken().path


def test_a_village_gets_its_own_rows_and_its_part_is_not_shared(
    filled_home: Path, undone: None, villages: list[int]
) -> None:
    village = villages[0]
    scope.apply(scope.Scope.of_areas([f"{village:012d}"]))

    own = taken(area=int(f"{village:012d}"[:6] + "000000"))

    rows = own.workspace.read("households", own.counties[0], 2019)
    assert rows is not None
    assert set(rows["village_code"]) == {f"{village:012d}"}
    assert not (filled_home / "snapshots" / ".counties").exists() or not list(
        (filled_home / "snapshots" / ".counties").iterdir()
    )
    scope.apply(everywhere())
    whole = taken(area=int(f"{village:012d}"[:6] + "000000"))
    stored = Household.objects.filter(area__range=scope.span(whole.counties[0]))
    assert whole.workspace.rows("households", 2019) == stored.count()


def test_only_the_platform_may_enter_the_folders_and_no_secret_truth_is_in_them(
    filled_home: Path, undone: None
) -> None:
    scope.apply(everywhere())

    found = taken()

    assert found.path.stat().st_mode & 0o077 == 0
    assert found.path.parent.stat().st_mode & 0o077 == 0
    assert not [p for p in found.workspace.files_all() if p.table.startswith("truth_")]
    assert {p.table for p in found.workspace.files_all()} >= {"vehicles", "villages", "counties"}


def test_an_area_without_households_says_so(filled_home: Path, undone: None) -> None:
    scope.apply(scope.NOTHING)

    with pytest.raises(snapshots.NothingThereError):
        taken()


def test_unknown_lists_and_empty_lists_stay_apart(filled_home: Path, undone: None) -> None:
    scope.apply(everywhere())
    one = Household.objects.order_by("pk")[0]
    Household.objects.filter(pk=one.pk).update(measures=[], other_causes=None)

    found = taken(area=one.area)

    rows = found.workspace.read("households", found.counties[0], 2019)
    assert rows is not None
    row = rows.filter(household_id=one.household_id).to_dicts()[0]
    assert row["measures"] == []
    assert row["other_causes"] is None
    assert_frame_equal(rows, rows.sort("household_id"))


def test_a_snapshot_is_deleted_some_days_after_its_last_use(
    filled_home: Path, undone: None
) -> None:
    scope.apply(everywhere())
    old = taken(period=2019).path
    long_ago = 1_500_000_000
    os.utime(old / "index.json", (long_ago, long_ago))
    Household.objects.filter(pk=Household.objects.order_by("pk")[0].pk).update(debt_yuan=9)

    new = taken()

    assert not old.exists()
    assert new.workspace.rows("households", 2019) == Household.objects.count()
