"""The partitions of a workspace as the frames that the precisions read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.frames.workspace import Workspace

Lazy: TypeAlias = nw.LazyFrame[Any]


def households(ws: Workspace, period: int, county: str, columns: Sequence[str]) -> Lazy:
    """Households of one county, only the columns asked for."""
    return ws.scan("households", period=period, county=county, columns=_unique(columns))


def persons(ws: Workspace, period: int, county: str, columns: Sequence[str]) -> Lazy | None:
    """Persons of one county; None when no column is asked for."""
    if not columns:
        return None
    return ws.scan("persons", period=period, county=county, columns=_unique(columns))


def villages(ws: Workspace, period: int, county: str | None, columns: Sequence[str]) -> Lazy | None:
    """Villages of one county (or all); None when no column is asked for."""
    if not columns:
        return None
    return ws.scan("villages", period=period, county=county, columns=_unique(columns))


def _unique(columns: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(columns))
