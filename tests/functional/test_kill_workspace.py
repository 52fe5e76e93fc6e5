"""A writer killed at any moment leaves the workspace as before or as after, ready to be written again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jingzhun.frames.workspace import Workspace
from register_support import ON, YEAR

COUNTIES = [f"6229{number:02d}" for number in range(1, 13)]
ROUNDS = 6

# Writes version after version of the whole register; the version stands in every row and in the ledger.
WRITER = """
import sys
import polars as pl
from jingzhun.frames.workspace import Workspace
path, counties, year = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3])
ws = Workspace.open(path)
print("ready", flush=True)
while True:
    version = len(ws.imports) + 1
    with ws.writing() as batch:
        for county in counties:
            ids = [f"{county}-{n:03d}" for n in range(version, version + 50)]
            homes = {"household_id": ids, "debt_yuan": [version] * 50}
            people = {"household_id": ids, "person_id": ids, "work_months": [version] * 50}
            batch.put("households", county, year, pl.DataFrame(homes))
            batch.put("persons", county, year, pl.DataFrame(people))
            if county == counties[5]:
                batch.flush()
        batch.record({"version": version})
    print("written", flush=True)
"""


def write_and_kill(path: Path, versions: int, delay: float) -> None:
    """Let a process write some versions and go on for a while, then kill it."""
    command = [sys.executable, "-c", WRITER, str(path), ",".join(COUNTIES), str(YEAR)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(1 + versions):
            assert writer.stdout.readline() in ("ready\n", "written\n")
        time.sleep(delay)
        writer.kill()


def version_of(ws: Workspace) -> int:
    """The version that the workspace holds; every row of every table must be of it."""
    version = len(ws.imports)
    if version == 0:
        assert ws.files_all() == []
        return 0
    homes = ws.scan(
        "households", period=YEAR, columns=["household_id", "debt_yuan", "household_key"]
    )
    people = ws.scan("persons", period=YEAR, columns=["person_id", "work_months", "household_key"])
    assert ws.counties(YEAR) == COUNTIES
    assert ws.imports[-1] == {"version": version}
    assert set(homes.collect()["debt_yuan"].to_list()) == {version}
    assert set(people.collect()["work_months"].to_list()) == {version}
    ids = [
        dict(rows.select(name, "household_key").collect().rows())
        for rows, name in ((homes, "household_id"), (people, "person_id"))
    ]
    assert ids[0] == ids[1]
    return version


def test_a_writer_killed_at_random_moments_leaves_one_whole_version(tmp_path: Path) -> None:
    # Arrange
    path = tmp_path / "ws"
    Workspace.create(path, pack="gansu", created=ON)
    dice = random.Random(4)  # noqa: S311
    versions = [0]

    for number in range(ROUNDS):
        # Act
        write_and_kill(path, number % 2, dice.uniform(0.0, 0.15))

        # Assert
        versions.append(version_of(Workspace.open(path)))

    assert versions == sorted(versions)
    assert versions[-1] >= ROUNDS // 2
    with Workspace.open(path).writing():
        pass
    left = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    current = {part.path for part in Workspace.open(path).files_all()}
    assert left == current | {"index.json", "workspace.toml", ".lock"}


MAKER = """
import os, signal, sys
from datetime import date
from jingzhun.frames import workspace
done = 0
replace = workspace.replace_text
def until(path, text):
    global done
    if done == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    replace(path, text)
    done += 1
workspace.replace_text = until
workspace.Workspace.create(sys.argv[1], pack="gansu", created=date(2019, 12, 31))
"""


@pytest.mark.parametrize("files", [0, 1])
def test_a_workspace_whose_making_was_killed_can_be_made_again(tmp_path: Path, files: int) -> None:
    path = tmp_path / "ws"
    subprocess.run([sys.executable, "-c", MAKER, str(path), str(files)], check=False)
    assert path.exists()

    ws = Workspace.create(path, pack="gansu", created=ON)

    assert ws.periods == []
