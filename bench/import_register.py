"""Import of a register from CSV with all checks: rows per second and peak memory.

    python -m bench.import_register

Writes two CSV files of invented households and persons (about four per household) with the headers of
national forms, one row in a hundred with a fault, and imports them in one batch by the command line.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from bench import results
from jingzhun.policy.pack import load_pack
from jingzhun.standard import schema
from jingzhun.standard.divisions import Divisions, Level

ON = "2020-01-31"
PERIOD = 2019
_BLOCK = 100_000


def main() -> None:
    """Make the files, import them, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        mapping = write_register(folder, given.households)
        found = {"households": given.households, **measured(folder, mapping)}
    print(json.dumps(found, ensure_ascii=False, indent=2))
    results.write(
        "import_register", f"python -m bench.import_register --households {given.households}", found
    )


def measured(folder: Path, mapping: Path) -> dict[str, object]:
    """Import in a process of its own; seconds, rows per second, peak memory."""
    sources = [folder / "households.csv", folder / "persons.csv"]
    command = [
        sys.executable,
        "-c",
        "from jingzhun.cli.intake import import_command; import typer; typer.run(import_command)",
        *map(str, sources),
        "--mapping",
        str(mapping),
        "--to",
        str(folder / "workspace"),
        "--on",
        ON,
        "--json",
    ]
    begin = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    tables = json.loads(done.stdout)["tables"]
    rows = sum(counts["read"] for counts in tables.values())
    size = sum(path.stat().st_size for path in sources)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": rows,
        "rejected": sum(counts["rejected"] for counts in tables.values()),
        "source_mib": size >> 20,
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_memory_mib": used.ru_maxrss // 1024,
    }


# -- invented register -----------------------------------------------------------------------------


def write_register(folder: Path, households: int) -> Path:
    """Households and persons as CSV and the mapping that reads them."""
    path = load_pack("gansu").divisions_path
    assert path is not None
    villages = [d.code for d in Divisions.load(path).at_level(Level.VILLAGE)]
    random = np.random.default_rng(2019)
    for name in ("households", "persons"):
        (folder / f"{name}.csv").unlink(missing_ok=True)
    for first in range(0, households, _BLOCK):
        count = min(_BLOCK, households - first)
        numbers = np.arange(first, first + count)
        sizes = random.integers(1, 8, count)
        _append(folder / "households.csv", _households(random, numbers, villages))
        _append(folder / "persons.csv", _persons(random, np.repeat(numbers, sizes)))
    mapping = folder / "mapping.yaml"
    mapping.write_text(_mapping(), encoding="utf-8")
    return mapping


def _columns(table: str) -> list[schema.Column]:
    left_out = {"period"}
    return [c for c in schema.table(table).columns if c.name not in left_out]


def _mapping() -> str:
    lines = ["tables:"]
    for table in ("households", "persons"):
        lines += [
            f"- table: {table}",
            f"  files: {table}*.csv",
            f"  period: {PERIOD}",
            "  columns:",
        ]
        lines += [f'    {c.name}: "{c.label.zh}"' for c in _columns(table)]
    return "\n".join(lines) + "\n"


def _append(path: Path, rows: pl.DataFrame) -> None:
    with path.open("ab") as handle:
        rows.write_csv(handle, include_header=handle.tell() == 0)


def _ids(prefix: str, numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.lit(prefix) + pl.Series(numbers).cast(pl.String).str.zfill(10)).to_series()


def _households(
    random: np.random.Generator, numbers: np.ndarray, villages: list[str]
) -> pl.DataFrame:
    table = schema.table("households")
    known = {
        "household_id": _ids("H", numbers),
        "village_code": pl.Series(random.choice(villages, len(numbers))),
    }
    return _rows(random, table, known, len(numbers))


def _persons(random: np.random.Generator, numbers: np.ndarray) -> pl.DataFrame:
    table = schema.table("persons")
    place = np.arange(len(numbers)) + int(numbers[0]) * 8
    born = pl.Series(random.integers(-10_000, 18_000, len(numbers))).cast(pl.Int32).cast(pl.Date)
    digits = born.dt.to_string("%Y%m%d")
    known = {
        "person_id": _ids("P", place),
        "household_id": _ids("H", numbers),
        "name": pl.Series(random.choice(["测试甲", "测试乙", "测试丙"], len(numbers))),
        "birth_date": born.dt.to_string("%Y-%m-%d"),
        "document_number": pl.select(pl.lit("620102") + digits + pl.lit("0013")).to_series(),
    }
    return _rows(random, table, known, len(numbers))


def _rows(
    random: np.random.Generator, table: schema.Table, known: dict[str, pl.Series], count: int
) -> pl.DataFrame:
    made = {}
    for column in _columns(table.table):
        values = known.get(column.name)
        made[column.label.zh] = _values(random, column, count) if values is None else values
    return pl.DataFrame(made)


def _values(random: np.random.Generator, column: schema.Column, count: int) -> pl.Series:
    """Plausible texts of a column: a third empty, one in ten thousand not readable."""
    draw = random.random(count)
    if column.codes:
        names = [value.zh for value in schema.code_list(column.codes).values]
        texts = pl.Series(random.choice(names, count))
    elif column.type == "bool":
        texts = pl.Series(random.choice(["是", "否"], count))
    elif column.type in {"int", "decimal"}:
        low, high = int(column.min or 0), int(min(column.max or 5_000, 5_000))
        texts = pl.Series(random.integers(low, max(high, low + 1), count)).cast(pl.String)
    elif column.type == "date":
        days = pl.Series(random.integers(16_000, 18_000, count)).cast(pl.Int32).cast(pl.Date)
        texts = days.dt.to_string("%Y-%m-%d")
    elif column.type == "division":
        texts = pl.Series(["620102000000"] * count)
    else:
        texts = pl.Series(random.choice(["一社", "二社", "测试"], count))
    faulty = pl.Series(draw < 1e-4) & pl.Series([column.type not in {"str", "division"}] * count)
    frame = pl.DataFrame({"text": texts, "faulty": faulty, "empty": draw > 2 / 3})
    return frame.select(
        pl.when("faulty").then(pl.lit("??")).when(~pl.col("empty")).then("text")
    ).to_series()


if __name__ == "__main__":
    main()
