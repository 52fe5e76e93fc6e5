"""All benchmarks one after the other, then the page: `make bench`, or `python -m bench evaluate peers`.

Each writes its figures to `bench/results/`; `docs/benchmarks.md` is made from them. Run it on a machine
that does nothing else; about an hour on two cores for everything.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import page

LANES = (
    "id_numbers",
    "make_sample",
    "import_register",
    "evaluate",
    "peers",
    "linkage",
    "crosscheck",
    "platform_load",
    "platform_requests",
)


def main() -> None:
    asked = sys.argv[1:] or [name for name in LANES if _is_there(name)]
    for name in asked:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
    page.write()


def _is_there(name: str) -> bool:
    here = Path(__file__).parent
    return (here / f"{name}.py").exists() or (here / name / "__main__.py").exists()


if __name__ == "__main__":
    main()
