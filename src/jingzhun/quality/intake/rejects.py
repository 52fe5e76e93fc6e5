"""Rejected rows: kept whole, with every reason, so that they can be corrected and imported again.

`<table>.csv` has the source's own columns behind the columns named in `OWN`; a file corrected there can
be imported with the same mapping. It is safe to open in a spreadsheet program: a cell that would run as
a formula gets an apostrophe before it (which an import removes again). `<table>.parquet` holds the same,
without apostrophes, reasons as lists. Both are readable by their owner only, for they hold persons.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import polars as pl

from jingzhun.frames.readers import Block
from jingzhun.quality.intake.reasons import Problem, Reason, sentence
from jingzhun.quality.intake.rows import PROBLEMS

OWN = (
    "source_file",
    "source_row",
    "field",
    "value",
    "reason_code",
    "reason_en",
    "reason_zh",
    "source_line",
)
"""Columns before those of the source. `source_line` is the row as it stands, when it was ragged."""

_LISTS = ("field", "value", "reason_code", "reason_en", "reason_zh")
_BETWEEN = " | "
_FORMULA = r"^[=+\-@\t\r＝＋－＠]"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


class Rejects:
    """The rejected rows of one table, collected in `folder` until they are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pieces: list[Path] = []
        self.rows = 0

    def add(self, file: str, block: Block, problems: pl.DataFrame) -> None:
        """Keep the rows of a block that have problems, and those that do not fit its header."""
        parts = []
        if problems.height:
            parts.append(_with_reasons(block, problems))
        if block.ragged:
            parts.append(_ragged_rows(block))
        if parts:
            rows = pl.concat(parts, how="diagonal").sort("source_row")
            named = rows.with_columns(pl.lit(file).alias("source_file"))
            self._keep(named.select(*OWN, pl.exclude(OWN)))

    def _keep(self, frame: pl.DataFrame) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"rejects-{len(self._pieces)}.ipc"
        frame.write_ipc(path)
        self._pieces.append(path)
        self.rows += frame.height

    def write(self, folder: Path, table: str) -> None:
        """Write `<table>.csv` and `<table>.parquet`, when there is anything to write."""
        if not self._pieces:
            return
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        whole = pl.concat([pl.scan_ipc(path) for path in self._pieces], how="diagonal")
        parquet, csv = folder / f"{table}.parquet", folder / f"{table}.csv"
        for path in (parquet, csv):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE))
        whole.sink_parquet(parquet, compression="zstd")
        joined = whole.with_columns(pl.col(part).list.join(_BETWEEN) for part in _LISTS)
        safe = joined.select(
            harmless(pl.col(name)).alias(f"'{name}" if re.search(_FORMULA, name) else name)
            if kind == pl.String
            else name
            for name, kind in joined.collect_schema().items()
        )
        safe.sink_csv(csv, include_bom=True)
        for path in (parquet, csv):
            with path.open("ab") as handle:
                os.fsync(handle.fileno())


def ragged_problems(block: Block) -> pl.DataFrame:
    """One problem for each row that does not fit the header; `row` counts these rows only."""
    words = [
        sentence(
            Problem(Reason.RAGGED_ROW, {"cells": str(row.cells), "expected": str(row.expected)}),
            None,
            None,
        )
        for row in block.ragged
    ]
    return pl.DataFrame(
        {
            "row": list(range(len(words))),
            "field": [None] * len(words),
            "value": [None] * len(words),
            "reason_code": [Reason.RAGGED_ROW.value] * len(words),
            "reason_en": [label.en for label in words],
            "reason_zh": [label.zh for label in words],
        },
        schema=PROBLEMS,
    )


def _ragged_rows(block: Block) -> pl.DataFrame:
    problems = ragged_problems(block)
    return problems.select(
        pl.col(part).reshape((-1, 1)).arr.to_list() for part in _LISTS
    ).with_columns(
        pl.Series("source_row", [row.number for row in block.ragged], dtype=pl.Int64),
        pl.Series("source_line", [row.text for row in block.ragged], dtype=pl.String),
    )


def _with_reasons(block: Block, problems: pl.DataFrame) -> pl.DataFrame:
    reasons = (
        problems.sort("row", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.col(part) for part in _LISTS)
    )
    places = reasons["row"]
    taken = {name: f"source: {name}" for name in block.rows.columns if name in OWN}
    own = reasons.drop("row").with_columns(
        pl.Series("source_row", block.numbers[places.to_numpy()], dtype=pl.Int64),
        pl.lit(None, dtype=pl.String).alias("source_line"),
    )
    return pl.concat([own, block.rows[places].rename(taken)], how="horizontal")


def harmless(text: pl.Expr) -> pl.Expr:
    """A cell that a spreadsheet program would run as a formula, made text by an apostrophe."""
    is_formula = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(is_formula).then(pl.concat_str([pl.lit("'"), text])).otherwise(text)
