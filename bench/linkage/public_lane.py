"""Our generic linking and Splink 5 on labelled data of others, at a threshold fixed at 0.5.

A spec that names the columns is all that ours is told; Splink is set up as its documentation does it, and
as well as we can.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bench import measuring, results
from bench.linkage import scores
from bench.linkage.pair_lane import versions

TOOLS = ("splink_default", "splink_tuned", "jingzhun")
SETS = ("febrl1", "febrl2", "febrl3", "febrl4")
THRESHOLD = 0.5
YARDSTICK = {"linked": 0.898, "right": 0.996, "seconds": 42.0}
"""Of the case study on its own sample of about this size: Splink, in several passes, on a laptop."""


def run(tool: str, name: str, out: Path) -> dict[str, Any]:
    """One tool on one data set in this process; links with their probability go to `out`."""
    from bench.linkage import public_sets, splinking  # noqa: PLC0415 - only a child pays for Splink
    from jingzhun.linkage import Spec, dedupe, link  # noqa: PLC0415

    data = public_sets.labelled(name)
    kept: list[pl.DataFrame] = []

    def ours() -> int:
        spec = Spec.model_validate(data.spec)
        found = dedupe(data.left, spec) if data.right is None else link(data.left, data.right, spec)
        kept[:] = [found.links]
        return found.counts["pairs"]

    def splink() -> int:
        setup = data.default() if tool == "splink_default" else data.tuned()
        found = splinking.link(data.left, data.right, setup)
        is_single = data.one_to_one and tool == "splink_tuned"
        kept[:] = [scores.singled(found.links) if is_single else found.links]
        return found.compared

    told = measuring.measured(ours if tool == "jingzhun" else splink, repeat=1)
    columns = ["left_id", "right_id", "probability", *(["band"] if tool == "jingzhun" else [])]
    kept[0].select(columns).write_parquet(out)
    return told


def measured(tool: str, name: str) -> dict[str, Any]:
    """One tool on one data set in a process of its own."""
    from bench.linkage import public_sets  # noqa: PLC0415

    data = public_sets.labelled(name)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "links.parquet"
        told = measuring.child(
            "bench.linkage.public_lane", "--run", tool, "--set", name, "--out", out
        )
        links = pl.read_parquet(out)
    is_sure = (
        pl.col("band") != "review"
        if "band" in links.columns
        else pl.col("probability") >= THRESHOLD
    )
    truth = data.truth
    chosen = links.filter(is_sure)
    if data.right is None:
        truth, chosen, links = (_ordered(frame) for frame in (truth, chosen, links))
    found = {
        "seconds": told["best"],
        "peak_mib": told["peak_mib"],
        "compared": told["result"],
        **scores.scored(chosen, truth),
        "best_threshold": scores.best_threshold(links, truth),
    }
    linkable = truth["right_id"].n_unique()
    return found | {"linked_of_linkable": round(chosen["right_id"].n_unique() / linkable, 4)}


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs inside one table, the smaller id on the left."""
    return pairs.with_columns(
        left_id=pl.min_horizontal("left_id", "right_id"),
        right_id=pl.max_horizontal("left_id", "right_id"),
    )


def shown(found: dict[str, dict[str, dict[str, Any]]]) -> str:
    head = ["data, tool", "seconds", "MiB", "precision", "recall", "F1", "best F1", "linked"]
    rows = [
        (f"{name} {tool}", f"{one['seconds']:.2f}", one["peak_mib"], one["precision"], one["recall"],
         one["f1"], one["best_threshold"].get("f1", ""), one["linked_of_linkable"])
        for name, tools in found.items()
        for tool, one in tools.items()
    ]  # fmt: skip
    return measuring.table(head, rows)


def compared(names: Sequence[str], tools: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name in names:
        for tool in tools:
            found.setdefault(name, {})[tool] = measured(tool, name)
            print(json.dumps({name: {tool: found[name][tool]}}), flush=True)
    print(shown(found))
    return found


def main(rest: Sequence[str] | None = None, names: Sequence[str] = SETS) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs="+", default=list(names))
    parser.add_argument("--only", choices=TOOLS, nargs="+", default=list(TOOLS))
    parser.add_argument("--run", choices=TOOLS)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(rest)
    if given.run:
        measuring.told(run(given.run, given.set[0], given.out))
        return
    found = compared(given.set, given.only)
    if list(given.only) == list(TOOLS) and list(given.set) == list(names):
        lane = "census" if "census" in names else "public"
        figures = {"threshold": THRESHOLD, "yardstick": YARDSTICK, "sets": found}
        results.write(f"linkage_{lane}", f"python -m bench.linkage {lane}", figures, **versions())


if __name__ == "__main__":
    main()
