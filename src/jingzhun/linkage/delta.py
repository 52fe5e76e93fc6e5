"""Linking again after a new delivery: only what has changed is compared."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from jingzhun.linkage.cascade import Cascade, Found
from jingzhun.linkage.linked import Deduplicated, Linked
from jingzhun.linkage.linking import counts, deduplicated, finished, same_columns
from jingzhun.linkage.resolving import resolved
from jingzhun.linkage.rows import Frame, Side, Tables
from jingzhun.linkage.spec import Spec


def link_delta(
    before: Linked, left: Frame, right: Frame, spec: Spec, changed: Iterable[object]
) -> Linked:
    """The links after a new delivery of the right table, of which only some rows are compared.

    `changed`: row ids of the right table that are new or not as they were; rows that are gone are noticed. The
    left table is as it was. Same links as linking the whole delivery by the model of `before`. A left table
    that has changed needs `link`.
    """
    side = Side.of(right, spec, "right")
    again = pl.Series(list(changed), dtype=side.ids.dtype)
    rows = np.nonzero(side.ids.is_in(again.implode()).to_numpy())[0]
    tables = Tables(Side.of(left, spec, "left"), side.taken(rows))
    found = Cascade(tables, spec, before.model).found()
    stays = pl.col("right_id").is_in(side.ids.implode()) & ~pl.col("right_id").is_in(
        again.implode()
    )
    candidates, conflicts = (
        pl.concat([old.filter(stays), new]).sort("left_id", "right_id")
        for old, new in ((before.candidates, found.candidates), (before.conflicts, found.conflicts))
    )
    links = finished(resolved(candidates, spec), found.model)
    counted = counts(
        Tables(tables.left, side), Found(candidates, conflicts, found.model, found.compared), links
    )
    return Linked(links, conflicts, found.model, counted, candidates)


def dedupe_delta(
    before: Deduplicated, frame: Frame, spec: Spec, changed: Iterable[object]
) -> Deduplicated:
    """Links and clusters after some rows have changed, come or gone; only `changed` ones are compared.

    Other pairs keep their probability: it rests on how common values were when they were compared.
    """
    side = Side.of(frame, spec, "left")
    again = pl.Series(list(changed), dtype=side.ids.dtype)
    rows = np.nonzero(side.ids.is_in(again.implode()).to_numpy())[0]
    spec = spec.model_copy(update={"one_to_one": False, "right_once": False})
    found = Cascade(Tables(side, side.taken(rows)), same_columns(spec), before.model).found()
    there, new = side.ids.implode(), again.implode()
    stays = [pl.col(end).is_in(there) & ~pl.col(end).is_in(new) for end in ("left_id", "right_id")]
    candidates, conflicts = (
        pl.concat([old.filter(*stays), _once(more)]).sort("left_id", "right_id")
        for old, more in (
            (before.candidates, found.candidates),
            (before.conflicts, found.conflicts),
        )
    )
    both = Found(candidates, conflicts, found.model, found.compared)
    return deduplicated(side, both)


def _once(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows of one table, each once and in order, without those of a row and itself."""
    one, two = pl.col("left_id"), pl.col("right_id")
    ends = [
        pl.min_horizontal(one, two).alias("left_id"),
        pl.max_horizontal(one, two).alias("right_id"),
    ]
    return (
        pairs.filter(one != two)
        .with_columns(ends)
        .unique(["left_id", "right_id"], keep="first", maintain_order=True)
    )
