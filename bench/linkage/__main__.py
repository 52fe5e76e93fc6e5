"""Linking people, every contestant in a process of its own: `python -m bench.linkage`.

    python -m bench.linkage                            # all lanes, large files
    python -m bench.linkage pairs --pair 1M            # register against records of another department
    python -m bench.linkage pairs --pair small --only cascade
    python -m bench.linkage private --pair 1M          # encodings by setting, against linking in the clear
    python -m bench.linkage census                     # pseudopeople, needs an environment of its own (made by it)
    python -m bench.linkage public                     # labelled data that packages ship (as above)

Figures go to bench/results/linkage_<lane>.json, the page is written by `python -m bench.linkage.page`.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from bench.linkage import page

LANES = {
    "pairs": "pair_lane",
    "private": "private_lane",
    "census": "census_lane",
    "public": "public_lane",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("lane", nargs="?", choices=list(LANES))
    lane, rest = parser.parse_known_args()
    for name in [lane.lane] if lane.lane else LANES:
        print(f"-- {name}", flush=True)
        import_module(f"bench.linkage.{LANES[name]}").main(rest)
    page.write()


if __name__ == "__main__":
    main()
