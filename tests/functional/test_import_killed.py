"""A process killed at any moment leaves the workspace as it was before or as it is after."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, import_files, read_mapping

ON = date(2020, 1, 31)
HOUSEHOLDS = 6_000
COUNTIES = ("620102", "620103", "620104", "620421", "620502", "620802")
MAPPING = """
tables:
- table: households
  files: "h*"
  period: 2019
  columns: {household_id: a, village_code: b, debt_yuan: c}
- table: persons
  files: "p*"
  period: 2019
  columns: {person_id: a, household_id: b, name: c}
"""
CHILD = """
import sys
from datetime import date
from pathlib import Path
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.quality.intake import import_files, read_mapping
folder = Path(sys.argv[1])
load_pack("gansu")
print("ready", flush=True)
import_files([folder / "h.csv", folder / "p.csv"], read_mapping(folder / "m.yaml"),
             Workspace.open(folder / "ws"), on=date(2020, 1, 31),
             progress=lambda step: print(step.stage, flush=True))
print("done", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register with some rejects, and a workspace that holds one household already."""
    households = [
        f"H{n},{COUNTIES[n % 6]}001001,{'x' if n % 50 == 0 else n}" for n in range(HOUSEHOLDS)
    ]
    persons = [f"P{n},H{n // 2},测试" for n in range(2 * HOUSEHOLDS)]
    (tmp_path / "h.csv").write_text("a,b,c\n" + "\n".join(households) + "\n")
    (tmp_path / "p.csv").write_text("a,b,c\n" + "\n".join(persons) + "\n")
    (tmp_path / "h0.csv").write_text("a,b,c\nOLD,620102001001,1\n")
    (tmp_path / "m.yaml").write_text(MAPPING)
    workspace = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    imported(tmp_path, "h0.csv")
    assert workspace.path.exists()
    return tmp_path


def imported(folder: Path, *names: str) -> ImportReport:
    mapping = read_mapping(folder / "m.yaml")
    workspace = Workspace.open(folder / "ws")
    return import_files([folder / name for name in names], mapping, workspace, on=ON)


def run_and_kill(folder: Path, *, after: str, delay: float) -> None:
    """Start the import in a process of its own, wait for a sign of life and some time, kill it."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(after):
                break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)


def is_before(workspace: Workspace) -> bool:
    return len(workspace.imports) == 1 and workspace.rows("households") == 1


def is_after(workspace: Workspace) -> bool:
    rejected = HOUSEHOLDS // 50
    rejects = workspace.rejects_dir / workspace.imports[-1]["id"]
    return (
        len(workspace.imports) == 2
        and workspace.rows("households") == 1 + HOUSEHOLDS - rejected
        and workspace.rows("persons") == 2 * (HOUSEHOLDS - rejected)
        and len((rejects / "households.csv").read_text().splitlines()) == 1 + rejected
    )


@pytest.mark.parametrize(
    ("after", "delay"),
    [("ready", 0.0), ("ready", 0.2), ("read", 0.0), ("store", 0.0), ("store", 0.03), ("done", 0.0)],
)
def test_a_killed_import_leaves_before_or_after_and_can_be_repeated(
    folder: Path, after: str, delay: float
) -> None:
    # Act
    run_and_kill(folder, after=after, delay=delay)

    # Assert: every row of the index can be read, and it is one of the two states.
    workspace = Workspace.open(folder / "ws")
    assert is_before(workspace) or is_after(workspace)
    assert workspace.scan("households", period=2019).to_native().collect().height == (
        workspace.rows("households")
    )

    # Act: the same import again ends the work, or says that it was done.
    report = imported(folder, "h.csv", "p.csv")

    # Assert
    workspace = Workspace.open(folder / "ws")
    assert is_after(workspace)
    assert report.tables["households"].read == HOUSEHOLDS
    assert not (workspace.path / ".intake").exists()
    current = {part.path for part in workspace.index.partitions}
    assert {path.name for path in workspace.rejects_dir.iterdir()} == {workspace.imports[-1]["id"]}
    assert all((workspace.path / path).exists() for path in current)
