"""What can be placed only when all counties are made: records that lie elsewhere, people on file twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from jingzhun.frames.workspace import UNPLACED, Batch
from jingzhun.sample.external.county import FINDINGS, LINKS, TRUE_FINDING, Delivered

Counts = dict[str, int]
_MARRIED = pl.col("number").str.slice(12, 2).cast(pl.Int64) % 10 < 3
"""Three in ten of those on file twice, by their birth day: married lately, the old household not yet told."""


@dataclass
class Rest:
    """Collected county by county; small, a few records in a hundred of the tables of owners."""

    _away: dict[tuple[str, str, int], list[pl.DataFrame]] = field(default_factory=dict)
    _links: dict[int, list[pl.DataFrame]] = field(default_factory=dict)
    _twice: dict[int, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, made: Delivered, period: int) -> None:
        """Take in what one county could not place."""
        where = pl.col("area_code").str.slice(0, 6).fill_null(UNPLACED)
        for table, rows in made.elsewhere.items():
            parts = rows.with_columns(_where=where).partition_by("_where", as_dict=True)
            for (area,), part in parts.items():
                key = (table, str(area), period)
                self._away.setdefault(key, []).append(part.drop("_where"))
        self._links.setdefault(period, []).append(made.links_of_twice)
        self._twice.setdefault(period, []).append(made.twice)

    def finish(self, batch: Batch) -> Counts:
        """Put everything where it belongs; rows by table that were added."""
        counts: Counts = {}
        for (table, county, period), parts in sorted(self._away.items()):
            before = batch.read(table, county, period)
            rows = pl.concat([*([] if before is None else [before]), *parts])
            batch.put(table, county, period, rows)
            counts[table] = counts.get(table, 0) + sum(part.height for part in parts)
            batch.flush()
        for period in sorted(self._links):
            for table, rows in self._of_twice(period).items():
                batch.put(table, UNPLACED, period, rows)
                counts[table] = counts.get(table, 0) + rows.height
        return counts

    def _of_twice(self, period: int) -> dict[str, pl.DataFrame]:
        """True links of people on file twice with both their numbers, and that they are filed twice."""
        people = pl.concat(self._twice[period]).drop_nulls("person_id")
        links = pl.concat(self._links[period])
        others = people.select(_number="number", other="person_id")
        pairs = links.select("person_id", "_number").unique().join(others, on="_number")
        pairs = pairs.filter(pl.col("person_id") != pl.col("other")).select("person_id", "other")
        both = (
            links.join(pairs, on="person_id", how="left", maintain_order="left")
            .with_columns(also_person_id="other")
            .drop("_number", "other")
        )
        filed = people.filter("is_current")
        double = filed.filter(pl.col("number").is_duplicated()).sort("person_id")
        findings = double.select(
            pl.lit("X08").alias("rule"),
            pl.lit(period, dtype=pl.Int64).alias("period"),
            "household_id",
            "person_id",
            is_true=pl.lit(True),
            lawful_exception=_MARRIED,
            explanation=pl.when(_MARRIED).then(pl.lit("married")),
            records=pl.lit([], dtype=pl.List(pl.String)),
        )
        return {LINKS: both.sort("source", "record_id"), FINDINGS: findings.select(*TRUE_FINDING)}
