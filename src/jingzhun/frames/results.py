"""A run's result folder: written aside, put in place in one step, described by a manifest."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.errors import WorkspaceError
from jingzhun.frames.files import content_hash, replace_text, write_parquet

KIB = 1024


def peak_memory_mib() -> int:
    """The most memory this process has held so far, in MiB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) // KIB
    except (OSError, IndexError):
        # Elsewhere than on Linux. There, this figure would count what a large parent held.
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // (KIB * KIB if sys.platform == "darwin" else KIB)


@dataclass
class ResultFolder:
    """Tables and texts of one run, in a folder that is not yet in its place."""

    path: Path
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def write_table(self, name: str, rows: nw.DataFrame[pl.DataFrame]) -> None:
        """Write one table as `<name>.parquet`; `name` may have folders in it."""
        target = self.path / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(rows.to_native(), target)
        self.tables[f"{name}.parquet"] = {"rows": len(rows), "sha256": content_hash(target)}

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file with stable order and two-space indent."""
        text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
        replace_text(self.path / name, text + "\n")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the seconds of a stage."""
        started = perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + perf_counter() - started, 3)


@contextmanager
def result_folder(target: Path) -> Iterator[ResultFolder]:
    """A folder for results that takes the place of `target` when the block ends without an error.

    Only earlier results are replaced: WorkspaceError when `target` holds anything else. What was there
    stays until the new results are whole; between the two renames at the end nothing is in the place, and
    a process killed there leaves the old results beside it, for the next run to put back or replace.
    """
    target = target.resolve()
    _refuse_foreign(target)
    scratch, old = _beside(target, "tmp"), _beside(target, "old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target)
        scratch.mkdir()
    except OSError as error:
        raise WorkspaceError(
            f"The results can't be written to {target}", why=error.strerror or "", do=_ELSEWHERE
        ) from error
    try:
        yield ResultFolder(scratch)
        if target.exists():
            target.replace(old)
        scratch.replace(target)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        if old.exists() and not target.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


_ELSEWHERE = "Name a new folder with --out"


def _refuse_foreign(target: Path) -> None:
    """WorkspaceError unless the place is free, empty, or holds the results of a run."""
    if target.is_dir():
        if not any(target.iterdir()) or _is_result(target):
            return
        why = "The folder holds files that are no results, and they would be lost"
    elif target.exists():
        why = "There is a file of that name"
    else:
        return
    raise WorkspaceError(f"The results can't be written to {target}", why=why, do=_ELSEWHERE)


def _is_result(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "run_id" in manifest


def _beside(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.{kind}")


def _clear(target: Path) -> None:
    """Put back what a killed run had set aside, and remove its other leftovers."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(tmp|old)")
    for path in sorted(target.parent.iterdir()):
        found = pattern.fullmatch(path.name)
        if found is None or _is_running(int(found[1])):
            continue
        if found[2] == "old" and not target.exists():
            path.replace(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _is_running(process: int) -> bool:
    """Whether another process of this number is at work; this one is not another one."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
