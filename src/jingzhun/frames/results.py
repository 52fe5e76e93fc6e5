"""A run's result folder: written aside, put in place in one step, described by a manifest."""

from __future__ import annotations

import json
import os
import resource
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.frames.files import content_hash, replace_text, write_parquet


def peak_memory_mib() -> int:
    """The most memory this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


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
    """A folder for results that takes the place of `target` when the block ends without an error."""
    scratch = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        yield ResultFolder(scratch)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    shutil.rmtree(target, ignore_errors=True)
    scratch.replace(target)
