"""Results take their place whole, and never the place of anything but results."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from jingzhun.errors import WorkspaceError
from jingzhun.frames.results import ResultFolder, peak_memory_mib, result_folder

TABLE: nw.DataFrame[pl.DataFrame] = nw.from_native(pl.DataFrame({"a": [1, 2]}), eager_only=True)


class MishapError(Exception):
    """What happens in the middle of a run."""


def fill(folder: ResultFolder, mark: str) -> None:
    folder.write_table("part/a", TABLE)
    folder.write_json("manifest.json", {"run_id": mark})


def fail_after_writing(target: Path, mishap: type[BaseException]) -> None:
    with result_folder(target) as folder:
        fill(folder, "two")
        raise mishap


def marks(path: Path) -> str:
    return str(json.loads((path / "manifest.json").read_text())["run_id"])


def names(path: Path) -> list[str]:
    return sorted(p.name for p in path.iterdir())


def test_results_appear_at_the_end_and_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"

    with result_folder(target) as folder:
        fill(folder, "one")
        assert not target.exists()

    assert names(target) == ["manifest.json", "part"]
    assert names(tmp_path / "deep") == ["run"]


def test_tables_are_described_with_rows_and_hash(tmp_path: Path) -> None:
    with result_folder(tmp_path / "run") as folder:
        fill(folder, "one")

    written = (tmp_path / "run" / "part" / "a.parquet").read_bytes()
    assert folder.tables == {
        "part/a.parquet": {"rows": 2, "sha256": hashlib.sha256(written).hexdigest()}
    }


def test_new_results_replace_old_ones_with_all_their_files(tmp_path: Path) -> None:
    with result_folder(tmp_path / "run") as folder:
        fill(folder, "one")
        folder.write_json("extra.json", {})

    with result_folder(tmp_path / "run") as folder:
        fill(folder, "two")
        assert marks(tmp_path / "run") == "one"

    assert marks(tmp_path / "run") == "two"
    assert names(tmp_path / "run") == ["manifest.json", "part"]
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("mishap", [MishapError, KeyboardInterrupt])
def test_a_run_that_fails_leaves_the_old_results(
    tmp_path: Path, mishap: type[BaseException]
) -> None:
    with result_folder(tmp_path / "run") as folder:
        fill(folder, "one")

    with pytest.raises(mishap):
        fail_after_writing(tmp_path / "run", mishap)

    assert marks(tmp_path / "run") == "one"
    assert names(tmp_path) == ["run"]


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    home = tmp_path / "documents"
    home.mkdir()
    (home / "letter.txt").write_text("dear")
    (home / "manifest.json").write_text('{"name": "an app of the web"}')

    with pytest.raises(WorkspaceError, match=r"no results.*Name a new folder with --out"):
        result_folder(home).__enter__()

    assert names(home) == ["letter.txt", "manifest.json"]


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")

    with pytest.raises(WorkspaceError, match="There is a file of that name"):
        result_folder(tmp_path / "letter.txt").__enter__()


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")

    with pytest.raises(WorkspaceError, match="can't be written to"):
        result_folder(tmp_path / "letter.txt" / "run").__enter__()


def test_an_empty_folder_and_the_current_one_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")

    with result_folder(Path()) as folder:
        fill(folder, "one")

    assert marks(tmp_path / "empty") == "one"


KILLED = """
import os, signal, sys
from pathlib import Path
from jingzhun.frames import results
target = Path(sys.argv[1])
with results.result_folder(target) as folder:
    folder.write_json("manifest.json", {"run_id": "killed"})
    if sys.argv[2] == "between":
        # The old results are aside, the new ones not yet in place.
        target.replace(target.with_name(f".{target.name}.{os.getpid()}.old"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["before", "between"])
def test_what_a_killed_run_left_is_put_right_by_the_next(tmp_path: Path, moment: str) -> None:
    target = tmp_path / "run"
    with result_folder(target) as folder:
        fill(folder, "one")
    subprocess.run([sys.executable, "-c", KILLED, str(target), moment], check=False)
    assert len(names(tmp_path)) > 1 or moment == "before"

    with pytest.raises(MishapError), result_folder(target):
        raise MishapError

    assert names(tmp_path) == ["run"]
    assert marks(target) == "one"


def test_the_folder_of_a_run_still_at_work_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f".run.{os.getppid()}.tmp"
    other.mkdir()

    with result_folder(tmp_path / "run") as folder:
        fill(folder, "one")

    assert other.exists()


def test_seconds_add_up_by_stage(tmp_path: Path) -> None:
    folder = ResultFolder(tmp_path)

    for name in ("check", "evaluate", "check"):
        with folder.stage(name):
            pass

    assert set(folder.seconds) == {"check", "evaluate"}
    assert all(seconds >= 0 for seconds in folder.seconds.values())


def test_a_figure_that_is_no_number_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        ResultFolder(tmp_path).write_json("summary.json", {"rate": float("nan")})


def test_peak_memory_is_that_of_this_process() -> None:
    code = "from jingzhun.frames.results import peak_memory_mib; print(peak_memory_mib())"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert 20 < int(done.stdout) < 400
    assert peak_memory_mib() > 20
