"""People on file twice: with whom a finding of a duplicate is about, and that it rests on the document number."""

from __future__ import annotations

import json
from collections.abc import Iterable

import narwhals as nw
import polars as pl

from jingzhun.crosscheck.findings import HIT
from jingzhun.frames.repeats import repeated_numbers
from jingzhun.quality.checks import current_persons
from jingzhun.standard import id_numbers

COPIES = "document_copies"
"""How many current persons of the workspace have the number: computed, as rules on people filed twice ask."""
ALSO = "also_on_file_as"
"""In the values of a duplicate: the other households and persons of this number, as `household:person`."""

Part = nw.LazyFrame[pl.LazyFrame]
COLUMNS = ("person_id", "household_id", "document_number", "record_state")


class SameNumber:
    """Document numbers that stand with several current persons of a workspace, and with whom.

    `parts` gives the persons county by county (columns as COLUMNS); it is asked three times.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        held = list(parts)
        current = current_persons(lambda: held)
        self.repeated = repeated_numbers(current)
        written = self.repeated["written"].implode()
        rows = [
            part.to_native().filter(pl.col("document_number").is_in(written)).collect()
            for part in current()
        ]
        found = nw.from_native(pl.concat([_none(), *(r.select(COLUMNS) for r in rows)]))
        normal = found.with_columns(number=id_numbers.normalised(nw.col("document_number")))
        self._people = pl.DataFrame(
            normal.to_native().select("person_id", "household_id", "number")
        )

    def told(self, hits: pl.DataFrame, rules: Iterable[str]) -> pl.DataFrame:
        """Hits with those of `rules` made certain and told with whom; without somebody in another household there
        is no duplicate.
        """
        mine = pl.col("rule").is_in(list(rules))
        known = hits.filter(mine).join(self._others(), on="person_id", how="inner")
        told = [
            json.dumps(
                {**json.loads(values), ALSO: also}, ensure_ascii=False, separators=(",", ":")
            )
            for values, also in known.select("values", "also").iter_rows()
        ]
        rows = known.with_columns(
            values=pl.Series(told, dtype=pl.String), link_band=pl.lit("certain")
        )
        return pl.concat([hits.filter(~mine), rows.select(*HIT)])

    def _others(self) -> pl.DataFrame:
        """Per person those with the same number in other households."""
        pairs = self._people.join(self._people, on="number", suffix="_other").filter(
            pl.col("household_id") != pl.col("household_id_other")
        )
        other = pl.concat_str("household_id_other", "person_id_other", separator=":")
        return pairs.group_by("person_id").agg(also=other.unique().sort())


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String()))
