"""Counts and rates by any dimensions together: by county and cause, by ethnicity and education ..."""

from __future__ import annotations

from typing import Any

from jingzhun.identify import figures
from jingzhun.identify.areas import Areas
from jingzhun.identify.dimensions import UNKNOWN
from jingzhun.identify.distribution import label_of
from jingzhun.identify.sums import Cube, Sums

NAME = "breakdown"


def cube(by: tuple[str, ...]) -> Cube:
    """The sums of a breakdown; UserError for a name that is no dimension."""
    found = Cube(NAME, by)
    return Cube(NAME, by, with_income=found.grain == "household")


def breakdown(sums: Sums, by: tuple[str, ...], areas: Areas) -> list[dict[str, Any]]:
    """One row per combination of codes that occurs, ordered by the dimensions in turn.

    Each row has `by` (dimension -> code and label) and its figures: of households with their income, or,
    where one dimension is about persons, of persons only.
    """
    chosen = cube(by)
    rows = sorted(
        sums.rows(NAME), key=lambda row: tuple(d.order(row[d.name]) for d in chosen.dimensions)
    )
    found = []
    for row in rows:
        codes = {
            d.name: {
                "code": row[d.name] or UNKNOWN,
                "label": label_of(d, row[d.name], areas).model_dump(),
            }
            for d in chosen.dimensions
        }
        of_row = (
            figures.of_persons(row)
            if chosen.grain == "person"
            else {**figures.poverty(row), "income": figures.income(row, None)}
        )
        found.append({"by": codes, **of_row})
    return found
