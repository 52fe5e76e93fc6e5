"""A census linked to its reference file, on the sample data that pseudopeople ships."""

from __future__ import annotations

from collections.abc import Sequence

from bench.linkage import public_lane


def main(rest: Sequence[str] | None = None) -> None:
    public_lane.main(rest, names=("census",))
