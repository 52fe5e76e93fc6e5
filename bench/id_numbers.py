"""How many identity numbers a second: judged and normalised as columns, and made.

Run: `python -m bench.id_numbers [rows]`. Best of three; Polars, all cores.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

import narwhals as nw
import numpy as np
import polars as pl

from bench import results
from jingzhun.standard import id_numbers

ON = date(2019, 12, 31)


def numbers(rows: int) -> pl.DataFrame:
    """Invented numbers of which about one in ten is mangled."""
    random = np.random.default_rng(7)
    days = random.integers(0, 40_000, rows).astype("timedelta64[D]")
    parts = pl.DataFrame(
        {
            "prefix": random.choice([620102, 622201, 620525, 622926], rows),
            "birth": np.datetime64("1910-01-01") + days,
            "order": random.integers(0, 1000, rows),
            "way": random.integers(0, 60, rows),
        }
    ).with_columns(pl.col("birth").cast(pl.Date))
    made = nw.from_native(parts).with_columns(
        number=id_numbers.made_ids(nw.col("prefix"), nw.col("birth"), nw.col("order"))
    )
    number, way = pl.col("number"), pl.col("way")
    return made.to_native().select(
        number=pl.when(way == 0)
        .then(number.str.to_lowercase())
        .when(way == 1)
        .then(number.str.replace_many(list("0123456789"), list("０１２３４５６７８９")))
        .when(way == 2)
        .then(number + "43")
        .when(way == 3)
        .then(number.str.slice(0, 6) + number.str.slice(8, 9))
        .when(way == 4)
        .then(number.str.slice(0, 10) + " " + number.str.slice(10))
        .when(way == 5)
        .then(number.str.slice(0, 17))
        .otherwise(number)
    )


def best_seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(once() for _ in range(3))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    held = numbers(rows)
    frame, lazy = nw.from_native(held), nw.from_native(held.lazy())
    first17 = held["number"].str.slice(0, 17).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    column = nw.col("number")
    jobs: dict[str, Callable[[], object]] = {
        "with_id_columns, frame": lambda: id_numbers.with_id_columns(frame, "number", on=ON),
        "with_id_columns, lazy": lambda: id_numbers.with_id_columns(
            lazy, "number", on=ON
        ).collect(),
        "normalised, lazy": lambda: lazy.select(id_numbers.normalised(column)).collect(),
        "is_valid, lazy": lambda: lazy.select(id_numbers.is_valid(column, on=ON)).collect(),
        "check_characters": lambda: id_numbers.check_characters(first17),
    }
    found = {}
    for name, work in jobs.items():
        seconds = best_seconds(work)
        found[name] = {"seconds": round(seconds, 3), "per_second": round(rows / seconds)}
        print(f"{name:24} {seconds:6.2f} s  {rows / seconds / 1e6:6.2f} million a second")
    results.write("id_numbers", "python -m bench.id_numbers", {"rows": rows, "jobs": found})


if __name__ == "__main__":
    main()
