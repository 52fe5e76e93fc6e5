"""What linking a later delivery needs of the earlier one: its compared pairs, and what each record said.

Kept beside the model, one file each, for one register and model only; a file that is missing or not the one that
was written is no memory, and everything is compared again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from jingzhun.frames.files import content_hash, write_parquet
from jingzhun.linkage.linked import Linked
from jingzhun.linkage.model import Model

PARTS = ("candidates", "conflicts", "records")
RECORD, SAYS = "record_id", "says"
MOST_CHANGED = 0.5
"""Share of changed records above which comparing all anew is as quick."""


def remember(folder: Path, name: str, linked: Linked, records: pl.DataFrame) -> dict[str, str]:
    """Keep what was compared; returned is part -> hash, to be kept with the state of the links."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "candidates": linked.candidates,
        "conflicts": linked.conflicts,
        "records": _says(records),
    }
    for part in PARTS:
        target = _path(folder, name, part)
        scratch = target.with_suffix(".tmp")
        write_parquet(tables[part], scratch)
        scratch.replace(target)
    return {part: content_hash(_path(folder, name, part)) for part in PARTS}


def recall(
    folder: Path, name: str, hashes: dict[str, Any], model: Model, records: pl.DataFrame
) -> tuple[Linked, list[str]] | None:
    """The earlier links and the records that are new or read otherwise; None where all must be compared."""
    files = {part: _path(folder, name, part) for part in PARTS}
    if any(not f.exists() or content_hash(f) != hashes.get(p) for p, f in files.items()):
        return None
    tables = {part: pl.read_parquet(path) for part, path in files.items()}
    before = tables["records"].rename({SAYS: "said"})
    now = _says(records).join(before, on=RECORD, how="left")
    changed = now.filter(pl.col("said").is_null() | (pl.col("said") != pl.col(SAYS)))
    if changed.height > MOST_CHANGED * max(1, now.height):
        return None
    links = tables["candidates"].head(0)
    linked = Linked(links, tables["conflicts"], model, {}, tables["candidates"])
    return linked, changed[RECORD].to_list()


def _says(records: pl.DataFrame) -> pl.DataFrame:
    """One number per record over everything that linking reads of it."""
    return records.select(RECORD, records.drop(RECORD).hash_rows(seed=1).alias(SAYS))


def _path(folder: Path, name: str, part: str) -> Path:
    return folder / f"{name}.{part}.parquet"
