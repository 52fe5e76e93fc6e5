"""A batch becomes current as a whole or not at all, and one process writes at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jingzhun.errors import WorkspaceError
from jingzhun.frames import files
from jingzhun.frames import workspace as workspaces
from jingzhun.frames.workspace import Workspace
from register_support import COUNTY, FAR, OTHER, YEAR, frame, household, person, workspace


class MishapError(Exception):
    """What happens in the middle of a batch."""


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    homes = [household("A"), household("B"), household("Z", FAR)]
    people = [person("A"), person("B"), person("Z")]
    return workspace(tmp_path / "ws", {"households": homes, "persons": people})


def content(ws: Workspace) -> dict[str, bytes]:
    """Every file of the folder but the lock."""
    return {
        path.relative_to(ws.path).as_posix(): path.read_bytes()
        for path in ws.path.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def fail(ws: Workspace, mishap: type[BaseException], *, flushed: bool) -> None:
    """A batch that changes one county and brings a new one, and then comes to grief."""
    new = household("N", "622901100200")
    with ws.writing() as batch:
        batch.put("households", COUNTY, YEAR, frame("households", [household("A"), household("B")]))
        batch.put("households", "622901", YEAR, frame("households", [new]))
        batch.record({"source": "x"})
        if flushed:
            batch.flush()
        raise mishap


@pytest.mark.parametrize("mishap", [MishapError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("flushed", [False, True])
def test_a_batch_that_fails_leaves_every_file_as_it_was(
    ws: Workspace, flushed: bool, mishap: type[BaseException]
) -> None:
    before = content(ws)

    with pytest.raises(mishap):
        fail(ws, mishap, flushed=flushed)

    assert content(ws) == before
    assert (ws.rows("households"), ws.imports) == (3, ())


def test_a_batch_whose_index_can_not_be_written_leaves_the_old_one(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = (ws.path / "index.json").read_bytes()
    before = ws.data_hash()

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspaces, "replace_text", full)
    with pytest.raises(OSError, match="No space"), ws.writing() as batch:
        batch.put("households", OTHER, YEAR, frame("households", [household("Z", FAR, wage=9)]))

    assert (ws.path / "index.json").read_bytes() == index
    assert ws.data_hash() == before == Workspace.open(ws.path).data_hash()


def test_a_text_that_can_not_be_written_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.replace_text(target, "new")

    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert target.read_text() == "old"


def test_replaced_files_stay_for_readers_until_the_next_write(ws: Workspace) -> None:
    reader = Workspace.open(ws.path)
    old = reader.files("households", YEAR, OTHER)[0].path
    rows = reader.scan("households", period=YEAR, county=OTHER, columns=["wage_employment_yuan"])

    with ws.writing() as batch:
        batch.put("households", OTHER, YEAR, frame("households", [household("Z", FAR, wage=9)]))

    assert rows.collect().rows() == [(0,)]
    assert (ws.path / old).exists()

    with ws.writing():
        pass

    assert not (ws.path / old).exists()
    assert len(list((ws.path / "tables").rglob("*.parquet"))) == len(ws.files_all())


def test_leftovers_of_a_killed_writer_are_swept(ws: Workspace) -> None:
    folder = ws.path / "tables" / "households" / f"county={COUNTY}"
    left = [
        folder / "2019-abcdef123456.parquet",
        folder / ".2019.77.tmp",
        ws.path / ".index.json.77.tmp",
    ]
    for path in left:
        path.write_bytes(b"half")

    with ws.writing():
        pass

    assert [path for path in left if path.exists()] == []
    assert Workspace.open(ws.path).rows("households") == 3


def test_an_empty_batch_changes_nothing(ws: Workspace) -> None:
    before = content(ws)

    with ws.writing():
        pass

    assert content(ws) == before


def test_the_same_rows_again_change_nothing(ws: Workspace) -> None:
    before = content(ws)

    with ws.writing() as batch:
        batch.put("households", OTHER, YEAR, frame("households", [household("Z", FAR)]))

    assert content(ws) == before


def test_a_batch_sees_what_others_wrote_since_the_workspace_was_opened(ws: Workspace) -> None:
    other = Workspace.open(ws.path)
    with ws.writing() as batch:
        batch.put(
            "households", "622901", YEAR, frame("households", [household("N", "622901100200")])
        )

    with other.writing() as batch:
        batch.record({"source": "x"})

    assert other.rows("households") == 4


# -- one writer ------------------------------------------------------------------------------------

BUSY = r"Another process is writing to .*\. Wait until it has ended\."


WRITER = """
import sys
from jingzhun.frames.workspace import Workspace
with Workspace.open(sys.argv[1]).writing():
    print("writing", flush=True)
    sys.stdin.readline()
"""


def test_a_second_process_that_writes_is_told_to_wait(ws: Workspace) -> None:
    command = [sys.executable, "-c", WRITER, str(ws.path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"

        with pytest.raises(WorkspaceError, match=BUSY), ws.writing():
            pass
        readable = Workspace.open(ws.path).scan("households", period=YEAR).collect()
        writer.communicate("end\n")

    assert len(readable) == 3
    with ws.writing():
        pass


def test_a_second_writer_in_the_same_process_is_told_to_wait(ws: Workspace) -> None:
    with ws.writing(), pytest.raises(WorkspaceError, match=BUSY), Workspace.open(ws.path).writing():
        pass


def test_the_lock_is_free_after_a_batch_that_failed(ws: Workspace) -> None:
    with pytest.raises(MishapError), ws.writing():
        raise MishapError

    with ws.writing() as batch:
        batch.record({"source": "x"})

    assert len(ws.imports) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_told(ws: Workspace) -> None:
    ws.path.chmod(0o500)
    try:
        with pytest.raises(WorkspaceError, match="can't be written to"), ws.writing():
            pass
    finally:
        ws.path.chmod(0o700)
