"""A register against another department's records: joins, Splink 5 twice, encodings, the cascade."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bench import measuring, results
from bench.linkage import pairs, scores

PAIRS = ("1M", "5M")
NAMES = ("exact_id", "id_then_name", "splink_default", "splink_best", "encoded", "cascade")
GOALS = {"faster": 3.0, "f1": 0.995, "memory": 0.5, "groups": 0.01}
SLOW = {"5M": ("encoded", "splink_default")}
"""Left out at a size unless asked for: minutes, and more memory than there is."""


def run(name: str, pair: str, out: Path) -> dict[str, Any]:
    """One contestant in this process; its links go to `out`."""
    from bench.linkage import contestants  # noqa: PLC0415 - only a child pays for Splink

    files = pairs.made(pair)
    kept: list[contestants.Answer] = []

    def job() -> int:
        kept[:] = [contestants.CONTESTANTS[name](files)]
        return kept[0].compared

    told = measuring.measured(job, repeat=1)
    kept[0].links.write_parquet(out / "links.parquet")
    if kept[0].candidates is not None:
        kept[0].candidates.select("left_id", "right_id", "probability").write_parquet(
            out / "candidates.parquet"
        )
    return told


def measured(name: str, pair: str) -> dict[str, Any]:
    """One contestant in a process of its own, and how good its links are."""
    truth = pairs.made(pair).read("truth").drop_nulls("person_id")
    truth = truth.select(left_id="person_id", right_id="record_id", group="group")
    with tempfile.TemporaryDirectory() as scratch:
        told = measuring.child(
            "bench.linkage.pair_lane", "--run", name, "--pair", pair, "--out", scratch
        )
        links = pl.read_parquet(Path(scratch) / "links.parquet")
        found = {
            "seconds": told["best"],
            "peak_mib": told["peak_mib"],
            "compared": told["result"],
            **scores.scored(links, truth),
        }
        candidates = Path(scratch) / "candidates.parquet"
        if candidates.exists():
            found["best_threshold"] = scores.best_threshold(pl.read_parquet(candidates), truth)
    return found


def shown(found: dict[str, dict[str, Any]]) -> str:
    head = [
        "contestant",
        "seconds",
        "MiB",
        "pairs",
        "precision",
        "recall",
        "F1",
        "best F1",
        "groups apart",
    ]
    rows = []
    for name, one in found.items():
        groups = one["recall_by_group"].values()
        best = one.get("best_threshold", {}).get("f1", "")
        rows.append(
            (name, f"{one['seconds']:.2f}", one["peak_mib"], f"{one['compared']:,}", one["precision"],
             one["recall"], one["f1"], best, f"{max(groups) - min(groups):.4f}")
        )  # fmt: skip
    return measuring.table(head, rows)


def main(rest: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pair", choices=list(pairs.PAIRS), nargs="+", default=list(PAIRS))
    parser.add_argument("--only", choices=NAMES, nargs="+")
    parser.add_argument("--run", choices=NAMES)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(rest)
    if given.run:
        measuring.told(run(given.run, given.pair[0], given.out))
        return
    figures: dict[str, Any] = {"goals": GOALS, "pairs": {}}
    for pair in given.pair:
        names = given.only or [name for name in NAMES if name not in SLOW.get(pair, ())]
        pairs.made(pair)
        found = {}
        for name in names:
            found[name] = measured(name, pair)
            print(json.dumps({name: found[name]}), flush=True)
        print(shown(found))
        size = pairs.PAIRS[pair]
        figures["pairs"][pair] = {
            "register": size.register,
            "records": size.records,
            "tools": found,
        }
    if not given.only and "small" not in given.pair:
        results.write("linkage_pairs", "python -m bench.linkage pairs", figures, **versions())


def versions() -> dict[str, str]:
    from importlib.metadata import version  # noqa: PLC0415

    return {name: version(name) for name in ("splink", "duckdb", "rapidfuzz")}


if __name__ == "__main__":
    main()
