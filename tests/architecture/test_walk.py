"""The READMEs do what they say: every command of the walk is run, in a fresh folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .source import ROOT


def _walk() -> list[str]:
    """The commands of the walk, in order, as a reader would type them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("jingzhun ")]


@pytest.mark.slow
def test_every_command_of_the_walk_works_as_written(tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    failed = {}

    for line in _walk():
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            failed[line] = done.stderr[-500:]

    assert len(_walk()) >= 15
    assert failed == {}


@pytest.mark.slow
def test_the_lines_of_the_demo_are_those_in_the_readmes(tmp_path: Path) -> None:
    setting = dict(
        re.findall(r"^(\w+) \?= (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    )
    recipe = re.search(
        r"^\$\(MADE\):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M
    )
    assert recipe is not None
    commands = [
        line.split("$(RUN) ")[1] for line in recipe[1].splitlines() if "$(RUN) jingzhun" in line
    ]
    for name, value in setting.items():
        commands = [command.replace(f"$({name})", value) for command in commands]

    printed = [
        subprocess.run(
            ["bash", "-c", f"{Path(sys.executable).parent}/{command}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for command in commands
    ]

    # The last three lines tell seconds and paths.
    wanted = "\n".join(printed[-1].splitlines()[:-3])
    assert wanted in (ROOT / "README.md").read_text(encoding="utf-8")
    assert wanted in (ROOT / "README.zh-Hans.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_family_of_the_readme_passes_by_points_and_fails_by_the_rule_of_2018(
    tmp_path: Path,
) -> None:
    made, asked = (
        next(x for x in _walk() if x.startswith(f"jingzhun {c} "))
        for c in ("make-sample", "explain")
    )
    run = [f"{Path(sys.executable).parent}/{line}" for line in (made, asked)]
    by_points = run[1].replace("gansu-2018", "paper-weighted")

    answers = [
        subprocess.run(
            ["bash", "-c", x], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        for x in (*run, by_points)
    ]

    assert "does not pass" in answers[1]
    assert "Would pass with: compulsory education" in answers[1]
    assert "passes, 85 of 100 points" in answers[2]
