"""Private linking by setting, against the cascade in the clear: what each hardening costs."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bench import measuring, results
from bench.linkage import pairs, scores

CLEAR = "clear"
SETTINGS: dict[str, dict[str, Any]] = {
    "record": {},
    "fields": {"layout": "fields"},
    "common_surnames": {"common_surnames": 0.02},
    "balanced": {"is_balanced": True},
    "no_quarters": {"has_near_numbers": False},
    "salted": {"salt": "birth_year"},
}
"""What of the defaults is changed."""


def run(name: str, pair: str, out: Path) -> dict[str, Any]:
    """One setting (or the cascade) in this process: encode both files, compare the encodings."""
    from bench.linkage.contestants import SPEC  # noqa: PLC0415 - only a child pays for Splink
    from jingzhun.linkage import link, private  # noqa: PLC0415

    files = pairs.made(pair)
    parts: dict[str, float] = {}

    def job() -> int:
        register, records = files.read("register"), files.read("records")
        if name == CLEAR:
            made = link(register, records, SPEC)
            made.sure().select("left_id", "right_id").write_parquet(out)
            return made.counts["pairs"]
        key = private.Key(bytes((i * 167 + 31) ** 2 % 251 for i in range(private.KEY_BYTES)))
        settings = private.Settings(**SETTINGS[name])
        started = time.perf_counter()
        columns = private.Columns(row_id="person_id")
        left = private.encode(register, key, columns=columns, settings=settings)
        right = private.encode(records, key, settings=settings)
        parts["encode"] = round(time.perf_counter() - started, 2)
        found = private.link_encoded(left, right, one_to_one=True)
        found.links.filter(pl.col("band") != "review").write_parquet(out)
        return found.compared

    return {**measuring.measured(job, repeat=1), **parts}


def measured(name: str, pair: str) -> dict[str, Any]:
    """One setting in a process of its own, and how good its links are."""
    truth = pairs.made(pair).read("truth").drop_nulls("person_id")
    truth = truth.select(left_id="person_id", right_id="record_id", group="group")
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "links.parquet"
        options = ("--run", name, "--pair", pair, "--out", out)
        told = measuring.child("bench.linkage.private_lane", *options)
        scored = scores.scored(pl.read_parquet(out), truth)
    told["compared"] = told.pop("result")
    return {**told, **scored}


def main(rest: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [CLEAR, *SETTINGS]
    parser.add_argument("--pair", choices=list(pairs.PAIRS), default="1M")
    parser.add_argument("--only", choices=names, nargs="+", default=names)
    parser.add_argument("--run", choices=names)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(rest)
    if given.run:
        measuring.told(run(given.run, given.pair, given.out))
        return
    pairs.made(given.pair)
    found = {}
    for name in given.only:
        found[name] = measured(name, given.pair)
        print(json.dumps({name: found[name]}), flush=True)
    rows = [
        (name, f"{one['best']:.1f}", one["peak_mib"], one["precision"], one["recall"], one["f1"])
        for name, one in found.items()
    ]
    print(measuring.table(["setting", "seconds", "MiB", "precision", "recall", "F1"], rows))
    if given.only == names and given.pair != "small":
        size = pairs.PAIRS[given.pair]
        figures = {"register": size.register, "records": size.records, "settings": found}
        results.write("linkage_private", "python -m bench.linkage private", figures)


if __name__ == "__main__":
    main()
