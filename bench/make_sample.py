"""How long the sample province takes, and how much memory: `python -m bench.make_sample [N ...]`.

Each size runs in a process of its own. The times hold for a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from bench import results
from bench.measuring import child, measured, table, told
from jingzhun.policy.pack import load_pack
from jingzhun.sample import make_sample, parse_periods
from jingzhun.sample.external.rows import PREFIXES

SIZES = (10_000, 100_000, 1_000_000)
HEADINGS = (
    "asked",
    "households",
    "persons",
    "external records",
    "seconds",
    "CPU seconds",
    "peak MiB",
    "Parquet MiB",
)


def one(households: int, periods: str, out: Path, *, external: bool) -> dict[str, object]:
    """Seconds by the clock and of the processor, rows and bytes of one sample, made in this process."""
    divisions = load_pack("gansu").divisions

    def job() -> dict[str, int]:
        return make_sample(
            out,
            households=households,
            seed=1,
            divisions=divisions,
            periods=parse_periods(periods),
            external=external,
        ).rows

    before = time.process_time()
    found = measured(job, repeat=1)
    cpu = round(time.process_time() - before, 1)
    size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    return {**found, "cpu_seconds": cpu, "parquet_mib": round(size / 2**20)}


def main() -> None:
    """Print a table with one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--periods", default="2019")
    parser.add_argument("--external", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--out", type=Path, help="only for the child: make one sample there")
    options = parser.parse_args()
    if options.out is not None:
        told(one(options.sizes[0], options.periods, options.out, external=options.external))
        return
    lines = []
    kept: dict[bool, dict[str, object]] = {False: {}, True: {}}
    asked = [
        (n, kind)
        for n in options.sizes
        for kind in ((False, True) if options.external else (False,))
    ]
    for households, external in asked:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "sample"
            found = child(
                "bench.make_sample",
                households,
                "--periods",
                options.periods,
                "--external" if external else "--no-external",
                "--out",
                out,
            )
        rows = found["result"]
        kept[external][str(households)] = found
        lines.append(
            (
                f"{households:,}",
                f"{rows['households']:,}",
                f"{rows['persons']:,}",
                f"{sum(rows.get(name, 0) for name in PREFIXES):,}",
                f"{found['best']:.1f}",
                found["cpu_seconds"],
                found["peak_mib"],
                found["parquet_mib"],
            )
        )
    print(table(HEADINGS, lines))
    command = f"python -m bench.make_sample --periods {options.periods}"
    results.write(
        "make_sample",
        command,
        {"periods": options.periods, "sizes": kept[False], "external": kept[True]},
    )


if __name__ == "__main__":
    main()
