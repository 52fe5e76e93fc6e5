"""The imports of a workspace in the summary of a run: one row per file and table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import import_files, parse_mapping
from jingzhun.run.job import run

MAPPING = """
table: households
columns:
  household_id: number
  village_code: village
  period: {constant: 2019}
"""


@pytest.mark.parametrize("parts", [("check",)])
def test_the_summary_tells_what_was_read_of_each_table(
    tmp_path: Path, parts: tuple[str, ...]
) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=date(2020, 1, 1))
    source = tmp_path / "register.csv"
    pl.DataFrame({"number": ["H1", "H2", ""], "village": ["621124100200"] * 3}).write_csv(source)
    import_files([source], parse_mapping(MAPPING), ws, on=date(2020, 1, 8))

    (row,) = run(ws, on=date(2019, 12, 31), parts=parts).summary["imports"]

    assert (row["table"], row["source"], row["on"]) == ("households", "register.csv", "2020-01-08")
    assert (row["read"], row["accepted"], row["rejected"]) == (3, 2, 1)
