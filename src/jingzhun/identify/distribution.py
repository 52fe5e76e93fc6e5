"""Who the poor are and why: causes, groups of persons, and cross tables, from sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jingzhun.identify.areas import Areas
from jingzhun.identify.dimensions import DIMENSIONS, UNKNOWN, UNKNOWN_LABEL, Dimension
from jingzhun.identify.figures import Row, added, rates, ratio
from jingzhun.standard.labels import Label

KeyOf = Callable[[Row], Any]


def grouped(rows: Sequence[Row], key: str | KeyOf) -> dict[Any, dict[str, int]]:
    """Sums by a key column, or by what a function makes of a row."""
    key_of: KeyOf = (lambda row: row[key]) if isinstance(key, str) else key
    parts: dict[Any, list[Row]] = {}
    for row in rows:
        parts.setdefault(key_of(row), []).append(row)
    return {code: added(part) for code, part in parts.items()}


def ordered(dimension: Dimension, codes: Sequence[str | None]) -> list[str | None]:
    """Codes in the order of the code list, not known last."""
    return sorted(codes, key=dimension.order)


def entry(dimension: Dimension, code: str | None) -> dict[str, Any]:
    """Code and name of a group; the code of those not known is `unknown`."""
    return {"code": code or UNKNOWN, "label": dimension.label_of(code).model_dump()}


def causes(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Registered households by main cause, most frequent first, cause not known last.

    `share` is of registered households whose main cause is known. `poor_*` are those among them whose
    income is below the line.
    """
    by_cause = grouped(rows, "cause")
    known = sum(sums["households"] for code, sums in by_cause.items() if code is not None)
    dimension = DIMENSIONS["cause"]
    found = [
        {
            **entry(dimension, code),
            "households": sums["households"],
            "persons": sums["persons"],
            "share": None if code is None else ratio(sums["households"], known),
            "poor_households": sums["poor_households"],
            "poor_persons": sums["poor_persons"],
        }
        for code, sums in by_cause.items()
    ]
    return sorted(found, key=lambda c: (c["code"] == UNKNOWN, -c["households"], c["code"]))


def other_causes(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Registered households by each of their other causes; a household may count twice."""
    by_cause = grouped([row for row in rows if row["other_cause"] is not None], "other_cause")
    dimension = DIMENSIONS["other_cause"]
    return [
        {
            **entry(dimension, code),
            "households": by_cause[code]["households"],
            "persons": by_cause[code]["persons"],
        }
        for code in ordered(dimension, list(by_cause))
    ]


def distribution(rows: Sequence[Row], name: str) -> list[dict[str, Any]]:
    """Persons and poor persons of each group of one dimension, with rates.

    `rate` is of the group's persons with known status; `poor_share` of all poor persons. Where a person
    may be in several groups (health) the groups do not add up.
    """
    dimension = DIMENSIONS[name]
    by_code = grouped(rows, name)
    poor = sum(sums["poor_persons"] for sums in by_code.values())
    return [
        {
            **entry(dimension, code),
            "persons": by_code[code]["persons"],
            "poor_persons": by_code[code]["poor_persons"],
            "rate": rates(by_code[code])["headcount_rate"],
            "poverty_gap_rate": rates(by_code[code])["poverty_gap_rate"],
            "poor_share": ratio(by_code[code]["poor_persons"], poor),
        }
        for code in ordered(dimension, list(by_code))
    ]


def cross(
    rows: Sequence[Row], row_name: str, column_name: str, values: Sequence[str]
) -> dict[str, Any]:
    """One cross table: codes of rows and columns, and for each of `values` a matrix of whole numbers."""
    down, across = DIMENSIONS[row_name], DIMENSIONS[column_name]
    cells = grouped(rows, lambda row: (row[row_name], row[column_name]))
    row_codes = ordered(down, list({code for code, _ in cells}))
    column_codes = ordered(across, list({code for _, code in cells}))
    empty: Mapping[str, int] = {}
    return {
        "row_dimension": row_name,
        "column_dimension": column_name,
        "rows": [code or UNKNOWN for code in row_codes],
        "columns": [code or UNKNOWN for code in column_codes],
        **{
            value: [
                [cells.get((r, c), empty).get(value, 0) for c in column_codes] for r in row_codes
            ]
            for value in values
        },
    }


def concentration(
    areas: Sequence[Mapping[str, Any]], *, by: str = "poor_persons"
) -> list[dict[str, Any]]:
    """Where to go first: areas with most poor persons first, with their share and the cumulative share.

    `by` may be `headcount_rate` to order by rate instead; shares are of poor persons either way. Areas
    without poor persons are left out.
    """
    poor = sum(area["poor_persons"] for area in areas)
    chosen = [area for area in areas if area["poor_persons"] > 0]
    chosen.sort(key=lambda area: (-(area[by] or 0), area["code"]))
    found, reached = [], 0
    for area in chosen:
        reached += area["poor_persons"]
        found.append(
            {
                "code": area["code"],
                "name": area["name"],
                "poor_households": area["poor_households"],
                "poor_persons": area["poor_persons"],
                "share": ratio(area["poor_persons"], poor),
                "cumulative_share": ratio(reached, poor),
                "headcount_rate": area["headcount_rate"],
            }
        )
    return found


def label_of(dimension: Dimension, code: str | None, areas: Areas) -> Label:
    """The name of a code, areas by their tree."""
    if not dimension.is_area:
        return dimension.label_of(code)
    name = areas.name(code)
    return Label(en=name, zh=name) if name else UNKNOWN_LABEL
