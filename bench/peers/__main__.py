"""The paper's rule at 3 million households: ours against OpenFisca-core, pandas and PySpark local.

    python -m bench.peers                     # needs the dependency group `bench` and Java 17
    python -m bench.peers --millions 0.3

Each tool reads the same Parquet files and the same columns, and gives the same totals by county, or the
benchmark fails. `whole` is from files to totals; `compute` begins with the columns in the tool's own
memory. OpenFisca and pandas compute on one core, Polars and Spark on all.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench import data, measuring, results
from bench.peers.rule import Source, Totals

OURS = "jingzhun"
PEERS = {"openfisca": "openfisca_core", "pandas": "pandas", "spark": "pyspark"}
PACKAGES = {"openfisca": "openfisca-core", "pandas": "pandas", "spark": "pyspark"}
GOAL = 5.0
REPEAT = 3


def source(millions: float) -> Source:
    """What every peer is given."""
    ws = data.register(millions)
    of_households, of_persons = data.needed_columns(data.evaluation(values=False))
    paths = {
        table: [str((ws.path / part.path).resolve()) for part in ws.files(table, data.PERIOD)]
        for table in ("households", "persons")
    }
    return Source(paths["households"], paths["persons"], of_households, of_persons)


def run_ours(millions: float) -> dict[str, Any]:
    ours = import_module("bench.peers.jingzhun_rule")
    ws, job = data.register(millions), data.evaluation(values=False)
    whole = measuring.measured(lambda: ours.compute(job, ours.lazily(ws)), repeat=REPEAT)
    loaded = ours.load(ws)
    compute = measuring.measured(lambda: ours.compute(job, loaded), repeat=REPEAT)
    return {**whole, "compute": compute["seconds"]}


def run_spark(given: Source) -> dict[str, Any]:
    """Spark reads lazily, so that the whole is one run; computing alone begins with cached tables."""
    spark = import_module("bench.peers.spark_rule")
    whole = measuring.measured(lambda: spark.compute(spark.lazily(given)), repeat=REPEAT)
    frames = spark.load(given)
    compute = measuring.measured(lambda: spark.compute(frames), repeat=REPEAT)
    spark.release(frames)
    spark.session().stop()
    return {**whole, "compute": compute["seconds"], "peak_mib": None}


def run_eager(name: str, given: Source) -> dict[str, Any]:
    peer = import_module(f"bench.peers.{name}_rule").PEER
    kept: list[Any] = []

    def whole() -> Totals:
        kept.clear()
        kept.append(peer.load(given))
        found: Totals = peer.compute(kept[0])
        return found

    told = measuring.measured(whole, repeat=REPEAT)
    compute = measuring.measured(lambda: peer.compute(kept[0]), repeat=REPEAT)
    return {**told, "compute": compute["seconds"], "peak_mib": compute["peak_mib"]}


def run(name: str, millions: float, given: Path) -> dict[str, Any]:
    """One tool in this process."""
    jobs: dict[str, Callable[[], dict[str, Any]]] = {
        OURS: lambda: run_ours(millions),
        "spark": lambda: run_spark(Source.read(given)),
    }
    return jobs.get(name, lambda: run_eager(name, Source.read(given)))()


def compared(millions: float, names: list[str]) -> dict[str, dict[str, Any]]:
    """Every tool in a process of its own; AssertionError when totals differ."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        given = Path(scratch) / "source.json"
        given.write_text(json.dumps(dataclasses.asdict(source(millions))), encoding="utf-8")
        for name in [OURS, *names]:
            options = ("--run", name, "--millions", millions, "--source", given)
            found[name] = measuring.child("bench.peers", *options)
            assert found[name]["result"] == found[OURS]["result"], f"{name} differs"
    ours = found[OURS]
    for one in found.values():
        one["times_ours"] = round(one["best"] / ours["best"], 1)
        one["compute_times_ours"] = round(min(one["compute"]) / min(ours["compute"]), 1)
        one["result"] = _province(one["result"])
    return found


def _province(totals: Totals) -> dict[str, int]:
    names = next(iter(totals.values()))
    return {name: sum(county[name] for county in totals.values()) for name in names}


def shown(found: dict[str, dict[str, Any]]) -> str:
    lines = [
        (
            name,
            f"{one['best']:.2f}",
            f"{one['times_ours']:.1f}",
            f"{min(one['compute']):.2f}",
            f"{one['compute_times_ours']:.1f}",
            one["peak_mib"] or "-",
        )
        for name, one in found.items()
    ]
    return measuring.table(["tool", "whole s", "x ours", "compute s", "x ours", "peak MiB"], lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, choices=list(data.COPIES), default=3)
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--run", choices=[OURS, *PEERS])
    parser.add_argument("--source", type=Path)
    given = parser.parse_args()
    if given.run:
        measuring.told(run(given.run, given.millions, given.source))
        return
    absent = [PACKAGES[name] for name in given.peers if find_spec(PEERS[name]) is None]
    if absent:
        raise SystemExit(f"Not installed: {', '.join(absent)}. Run  uv sync --group bench")
    found = compared(given.millions, given.peers)
    print(shown(found))
    versions = {PACKAGES[name]: version(PACKAGES[name]) for name in given.peers}
    figures = {"millions": given.millions, "tools": found, "goal": GOAL}
    results.write("peers", "python -m bench.peers", figures, **versions)


if __name__ == "__main__":
    main()
