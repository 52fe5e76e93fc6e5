"""How fast names are compared, and how often different names agree by chance, by structure.

Run: `python -m bench.names [pairs]`. Best of three; all names are invented.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from tests.spec.linkage.invented_names import STYLES, made

from bench import results
from jingzhun.linkage.names import Level, NameTable, levels, name_keys


def best_seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(once() for _ in range(3))


def chance(style: str, pairs: int) -> dict[str, float]:
    """Percent of pairs of different names, drawn by chance, on each level."""
    one, two = made(style, pairs, seed=1), made(style, pairs, seed=2).shuffle(seed=3)
    different = one != two
    found = levels(one.filter(different), two.filter(different)).to_numpy()
    counts = np.bincount(found, minlength=len(Level)) / len(found) * 100
    return {level.name: round(float(counts[level]), 4) for level in Level}


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    names = pl.concat([made(style, 200_000) for style in STYLES]).unique(maintain_order=True)
    table = NameTable(names)
    rng = np.random.default_rng(7)
    left, right = (rng.integers(0, len(names), pairs) for _ in range(2))
    one, two = names.gather(left), names.gather(right)
    jobs: dict[str, tuple[int, Callable[[], object]]] = {
        "name_keys": (len(names), lambda: name_keys(names)),
        "NameTable.levels": (pairs, lambda: table.levels(left, right)),
        "NameTable.similarity": (pairs, lambda: table.similarity(left, right)),
        "levels": (pairs, lambda: levels(one, two)),
    }
    found: dict[str, Any] = {}
    for name, (rows, work) in jobs.items():
        seconds = best_seconds(work)
        found[name] = {"rows": rows, "seconds": round(seconds, 3)}
        print(f"{name:22} {seconds:6.2f} s  {60 * rows / seconds / 1e6:7.1f} million a minute")
    by_chance = {style: chance(style, pairs // 2) for style in STYLES}
    for style, shares in by_chance.items():
        beyond = sum(shares[level.name] for level in Level if level > Level.TOKENS)
        keyed = sum(shares[level.name] for level in Level if level >= Level.SHAPE)
        print(f"{style:12} beyond TOKENS {beyond:.3f} %, by a key {keyed:.3f} %")
    results.write("names", "python -m bench.names", {"jobs": found, "by_chance_percent": by_chance})


if __name__ == "__main__":
    main()
