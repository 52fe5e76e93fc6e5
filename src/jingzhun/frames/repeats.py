"""Document numbers that occur more than once over a whole workspace, found in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import narwhals as nw
import polars as pl

from jingzhun.standard import id_numbers

Part = nw.LazyFrame[pl.LazyFrame]
# Not \d, which takes full-width digits for digits too: they are to be normalised.
_USUAL = "^[0-9]{17}[0-9X]$"
_IS_NUMBER = "[0-9]{6}"
"""A blank, "none" or "123" is no number: two persons who have it have nothing in common."""


def repeated_numbers(parts: Callable[[], Iterable[Part]]) -> pl.DataFrame:
    """One row per number as written whose normalised form occurs more than once: `written`, `copies`.

    `parts` gives frames with a column `document_number`, and is asked twice: the first pass keeps one
    64-bit hash per row, the second the numbers whose hash occurs again. Null is not counted, nor what holds
    no number, such as a blank or a word.
    """
    hashes = pl.concat([pl.Series([], dtype=pl.UInt64), *(_numbers(p)["hash"] for p in parts())])
    repeated = hashes.filter(hashes.is_duplicated()).unique()
    empty = pl.DataFrame(schema={"written": pl.String, "number": pl.String})
    found = [empty]
    for part in parts():
        numbers = _numbers(part)
        again = numbers["hash"].is_in(repeated.implode())
        found.append(numbers.filter(again).select("written", "number"))
    rows = pl.concat(found)
    counted = rows.with_columns(copies=pl.len().over("number").cast(pl.Int64))
    return (
        counted.filter(pl.col("copies") > 1)
        .unique("written")
        .select("written", "copies")
        .sort("written")
    )


def _numbers(part: Part) -> pl.DataFrame:
    """Columns `written`, `number` (normalised) and `hash`, one row per number that is not null."""
    rows: pl.DataFrame = part.select("document_number").drop_nulls().collect().to_native()
    rows = rows.rename({"document_number": "written"})
    # Nearly all stand in their normal form already; only the others need the costly way.
    usual = rows["written"].str.contains(_USUAL)
    plain = rows.filter(usual).with_columns(number=pl.col("written"))
    others = nw.from_native(rows.filter(~usual))
    other_rows = others.with_columns(number=id_numbers.normalised(nw.col("written"))).to_native()
    both = pl.concat([plain, other_rows]).filter(pl.col("number").str.contains(_IS_NUMBER))
    return both.with_columns(hash=pl.col("number").hash(seed=0))
