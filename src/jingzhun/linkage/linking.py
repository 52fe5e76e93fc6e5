"""Link two tables, or the rows of one."""

from __future__ import annotations

import polars as pl

from jingzhun.linkage.linked import Deduplicated, Linked
from jingzhun.linkage.model import Model
from jingzhun.linkage.spec import Spec


def link(
    left: pl.DataFrame, right: pl.DataFrame, spec: Spec, *, model: Model | None = None
) -> Linked:
    """Which rows of two tables are one person, each link with its evidence.

    Without a model one is trained on the two tables, without labels; same inputs, same links.
    InputError when a column of the spec is missing or rows have no unique row id.
    """
    raise NotImplementedError


def dedupe(frame: pl.DataFrame, spec: Spec, *, model: Model | None = None) -> Deduplicated:
    """Which rows of one table are one person."""
    raise NotImplementedError
