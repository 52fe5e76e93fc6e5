"""How the benchmarks measure: each job in a process of its own, best of several, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jingzhun.frames.results import peak_memory_mib

ROOT = Path(__file__).parents[1]
Job = Callable[[], Any]


def measured(job: Job, *, repeat: int) -> dict[str, Any]:
    """Seconds of every run of `job`, what the last one returned, and the peak memory of this process."""
    seconds = []
    result = None
    for _ in range(repeat):
        started = time.perf_counter()
        result = job()
        seconds.append(round(time.perf_counter() - started, 4))
    return {"seconds": seconds, "result": result, "peak_mib": peak_memory_mib()}


def told(found: dict[str, Any]) -> None:
    """Hand a child's measurement to its parent."""
    print(json.dumps(found))


def child(module: str, *options: object, python: Path | str = sys.executable) -> dict[str, Any]:
    """Run `python -m module options` in a process of its own; what it told, with its best seconds."""
    command = [str(python), "-m", module, *map(str, options)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "best": min(found["seconds"])}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns of text, numbers to the right."""
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    lines = []
    for row in texts:
        first, *rest = (cell for cell in row)
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return "\n".join(lines)
