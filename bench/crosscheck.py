"""The whole cross-check of a province: 15 sources linked, every rule asked, findings stored.

    python -m bench.crosscheck                      # 1,010,000 households, as the register of 2014 had

Makes the sample with its external tables once (kept in `bench/data/`), then links and cross-checks it in a process
of its own by the command line's job, from nothing: no models, links or findings of an earlier run.
"""

from __future__ import annotations

import argparse
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench import data, measuring, results
from jingzhun.frames.results import peak_memory_mib
from jingzhun.frames.workspace import DERIVED, Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.run.job import run
from jingzhun.sample.province import make_sample

HOUSEHOLDS, SEED, PERIOD = 1_010_000, 2019, 2019
ON = date(2019, 12, 31)
GOALS = {"minutes": 10, "mib": 8 * 1024}


def sample(households: int) -> Path:
    """The invented province; made when it is not there yet."""
    path = data.FOLDER / f"crosscheck-{households}"
    if not (path / "sample.json").exists():
        shutil.rmtree(path, ignore_errors=True)
        divisions = load_pack("gansu").divisions
        make_sample(path, households=households, seed=SEED, divisions=divisions, periods=(PERIOD,))
    return path


def once(path: Path) -> dict[str, Any]:
    """Link and cross-check; seconds by stage, peak memory, and what was found."""
    ws = Workspace.open(path)
    shutil.rmtree(path / "models", ignore_errors=True)
    with ws.writing() as batch:
        for part in ws.files_all():
            if part.table.startswith(DERIVED):
                rows = ws.read(part.table, part.county, part.period)
                assert rows is not None
                batch.put(part.table, part.county, part.period, rows.head(0))
    started = time.perf_counter()
    done = run(Workspace.open(path), on=ON, parts=("crosscheck",), out=path.with_suffix(".out"))
    found = done.summary["crosscheck"]
    return {
        "seconds": [round(time.perf_counter() - started, 1)],
        "stages": done.summary["seconds"],
        "peak_mib": peak_memory_mib(),
        "result": {
            "records": sum(source["records"] for source in found["sources"]),
            "findings": found["findings"]["total"],
            "truth": found["truth"],
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--path", type=Path, help="only for the child: cross-check this workspace")
    given = parser.parse_args()
    if given.path is not None:
        measuring.told(once(given.path))
        return
    found = measuring.child("bench.crosscheck", "--path", sample(given.households))
    minutes = found["best"] / 60
    print(f"{minutes:.1f} minutes, {found['peak_mib']:,} MiB; stages {found['stages']}")
    command = f"python -m bench.crosscheck --households {given.households}"
    figures = {"households": given.households, "goals": GOALS, **found}
    results.write("crosscheck", command, figures)


if __name__ == "__main__":
    main()
