"""Link two tables, or the rows of one."""

from __future__ import annotations

import polars as pl

from jingzhun.linkage.cascade import Cascade, Found
from jingzhun.linkage.clusters import clusters
from jingzhun.linkage.linked import BANDS, LINK_COLUMNS, PASSES, REVIEW, Deduplicated, Linked
from jingzhun.linkage.model import Model
from jingzhun.linkage.resolving import resolved
from jingzhun.linkage.rows import Frame, Side, Tables
from jingzhun.linkage.spec import Spec


def link(left: Frame, right: Frame, spec: Spec, *, model: Model | None = None) -> Linked:
    """Which rows of two tables are one person, each link with its evidence.

    Without a model one is trained on the two tables, without labels; same inputs, same links, in whatever
    order the rows come. InputError when a column of the spec is missing or row ids are not unique.
    """
    tables = Tables(Side.of(left, spec, "left"), Side.of(right, spec, "right"))
    found = Cascade(tables, spec, model).found()
    links = finished(resolved(found.candidates, spec), found.model)
    return Linked(
        links, found.conflicts, found.model, counts(tables, found, links), found.candidates
    )


def dedupe(frame: Frame, spec: Spec, *, model: Model | None = None) -> Deduplicated:
    """Which rows of one table are one person.

    Links are pairs found alike; `clusters` tells which rows belong together, `pairs()` every pair of them.
    The spec's columns of the left table are read.
    """
    spec = same_columns(spec.model_copy(update={"one_to_one": False, "right_once": False}))
    side = Side.of(frame, spec, "left")
    return deduplicated(side, Cascade(Tables(side, side, is_one=True), spec, model).found())


def deduplicated(side: Side, found: Found) -> Deduplicated:
    """Links and clusters from the possible links of one table."""
    links = finished(found.candidates, found.model)
    joined = clusters(side.ids, links.filter(pl.col("band") != REVIEW))
    links = _inside(links, joined)
    counted = counts(Tables(side, side), found, links)
    return Deduplicated(links, joined, found.conflicts, found.model, counted, found.candidates)


def same_columns(spec: Spec) -> Spec:
    """The spec with the left table's columns on both sides."""
    alike = {
        name: columns.model_copy(update={"right": columns.left})
        for name in (
            "row_id",
            "name",
            "given_name",
            "surname",
            "birth_date",
            "sex",
            "area",
            "group",
        )
        if (columns := getattr(spec, name)) is not None
    }
    listed = {
        name: tuple(one.model_copy(update={"right": one.left}) for one in getattr(spec, name))
        for name in ("ids", "fields")
    }
    return spec.model_copy(update={**alike, **listed})


def _inside(links: pl.DataFrame, joined: pl.DataFrame) -> pl.DataFrame:
    """Links with those between two clusters left to review."""
    of_row = joined.rename({"row_id": "id"})
    ends = links.join(of_row, left_on="left_id", right_on="id", maintain_order="left").join(
        of_row, left_on="right_id", right_on="id", suffix="_right", maintain_order="left"
    )
    is_inside = pl.col("cluster") == pl.col("cluster_right")
    return ends.with_columns(band=pl.when(is_inside).then("band").otherwise(pl.lit(REVIEW))).select(
        links.columns
    )


def finished(links: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Links as they are handed back."""
    named = links.with_columns(pl.lit(model.version).alias("model"))
    return named.select(*LINK_COLUMNS).sort("left_id", "right_id")


def counts(tables: Tables, found: Found, links: pl.DataFrame) -> dict[str, int]:
    """Rows, pairs and links, by pass and band."""
    told = {
        "left": tables.left.height,
        "right": tables.right.height,
        "pairs": found.compared,
        "conflicts": found.conflicts.height,
        "links": links.height,
    }
    for column, values in (("pass", PASSES), ("band", BANDS)):
        by = dict(links.group_by(column).len().iter_rows())
        told |= {value: int(by.get(value, 0)) for value in values}
    return told
