"""One household out of a workspace, with its members and village."""

from __future__ import annotations

from typing import Any

import polars as pl

from jingzhun.errors import WorkspaceError
from jingzhun.evaluate.explain import Subject
from jingzhun.frames.workspace import Workspace


def subject(ws: Workspace, household_id: str, period: int) -> Subject:
    """The household with this number in a period; WorkspaceError when there is none."""
    for part in ws.files("households", period):
        found = _rows(ws, part.path, "household_id", household_id)
        if found:
            return _with_people(ws, found[0], part.county, period)
    raise WorkspaceError(
        f"No household has the number {household_id} in the register of {period}",
        do="Check the number; `--period` chooses another year",
    )


def _with_people(ws: Workspace, household: dict[str, Any], county: str, period: int) -> Subject:
    members: list[dict[str, Any]] = []
    for part in ws.files("persons", period, county):
        members += _rows(ws, part.path, "household_id", household["household_id"])
    village = None
    for part in ws.files("villages", period, county):
        rows = _rows(ws, part.path, "village_code", household["village_code"])
        village = rows[0] if rows else village
    return Subject(household, members, village, str(household["village_code"]))


def _rows(ws: Workspace, path: str, key: str, value: str) -> list[dict[str, Any]]:
    frame = pl.scan_parquet(ws.path / path).filter(pl.col(key) == value).collect()
    return frame.to_dicts()
