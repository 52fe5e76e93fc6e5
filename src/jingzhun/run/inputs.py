"""The partitions of a workspace as the frames that the precisions read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.frames.workspace import Counties, Workspace

Lazy: TypeAlias = nw.LazyFrame[Any]


def households(ws: Workspace, period: int, county: Counties, columns: Sequence[str]) -> Lazy:
    """Households of some counties, only the columns asked for."""
    return ws.scan("households", period=period, county=county, columns=_unique(columns))


def persons(ws: Workspace, period: int, county: Counties, columns: Sequence[str]) -> Lazy | None:
    """Persons of some counties; None when no column is asked for."""
    if not columns:
        return None
    return ws.scan("persons", period=period, county=county, columns=_unique(columns))


def villages(ws: Workspace, period: int, county: Counties, columns: Sequence[str]) -> Lazy | None:
    """Villages of some counties (or all); None when no column is asked for."""
    if not columns:
        return None
    return ws.scan("villages", period=period, county=county, columns=_unique(columns))


def _unique(columns: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(columns))
