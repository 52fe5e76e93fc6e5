"""How long the sample province takes, and how much memory: `python -m bench.make_sample [N ...]`.

Each size runs in a process of its own. The times hold for a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench import results
from bench.measuring import child, measured, table, told
from jingzhun.policy.pack import load_pack
from jingzhun.sample import make_sample, parse_periods

SIZES = (10_000, 100_000, 1_000_000)


def one(households: int, periods: str, out: Path) -> dict[str, object]:
    """Seconds, rows and bytes of one sample, made in this process."""
    divisions = load_pack("gansu").divisions

    def job() -> dict[str, int]:
        return make_sample(
            out,
            households=households,
            seed=1,
            divisions=divisions,
            periods=parse_periods(periods),
        ).rows

    found = measured(job, repeat=1)
    size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    return {**found, "parquet_mib": round(size / 2**20)}


def main() -> None:
    """Print a table with one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--periods", default="2019")
    parser.add_argument("--out", type=Path, help="only for the child: make one sample there")
    options = parser.parse_args()
    if options.out is not None:
        told(one(options.sizes[0], options.periods, options.out))
        return
    lines, kept = [], {}
    for households in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "sample"
            found = child(
                "bench.make_sample", households, "--periods", options.periods, "--out", out
            )
        rows = found["result"]
        kept[str(households)] = found
        lines.append(
            (
                f"{households:,}",
                f"{rows['households']:,}",
                f"{rows['persons']:,}",
                f"{found['best']:.1f}",
                found["peak_mib"],
                found["parquet_mib"],
            )
        )
    print(table(("asked", "households", "persons", "seconds", "peak MiB", "Parquet MiB"), lines))
    command = f"python -m bench.make_sample --periods {options.periods}"
    results.write("make_sample", command, {"periods": options.periods, "sizes": kept})


if __name__ == "__main__":
    main()
