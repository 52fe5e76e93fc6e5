"""Map, county table, concentration, and the exit of villages and counties."""

from __future__ import annotations

from typing import Any

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.maps import Drawing
from jingzhun.report.measures import Measure, say_label
from jingzhun.report.names import AreaNames
from jingzhun.report.numbers import count, percent
from jingzhun.report.public.contract import OUTCOMES
from jingzhun.report.texts import catalogue, joined, say
from jingzhun.report.views.headline import half_of_poor, share

Row = dict[str, Any]
MIN_COUNTIES = 3
"""With fewer there is no choice of where to go first."""


def shown(measure: Measure, value: Any) -> Any:
    """A value of a measure as people read it."""
    if measure.is_rate:
        return percent(value)
    return count(value, 0 if isinstance(value, int) else 1)


def map_view(
    public: Row, drawing: Drawing | None, measure: Measure | None, names: AreaNames
) -> Row | None:
    """The map as it looks without scripts: coloured by the first measure."""
    if drawing is None or measure is None:
        return None
    by_shape: dict[str, Row] = {}
    missing = []
    for county in public["by_county"]:
        shape = drawing.shape_of(county["code"])
        if shape is None:
            missing.append(names.of(county["code"], county["name"]))
        else:
            by_shape[shape] = county
    prefectures = {
        row["code"][:4]: names.short(row["code"][:4] + "00", row["prefecture"])
        for row in public["by_county"]
    }
    return {
        "width": drawing.width,
        "height": drawing.height,
        "borders": drawing.borders,
        "shapes": [
            {
                "path": shape.path,
                "box": ",".join(map(str, shape.box)),
                "middle": ",".join(map(str, shape.middle)),
                "code": by_shape[shape.code]["code"] if shape.code in by_shape else "",
                "tone": measure.class_of(by_shape[shape.code]["code"])
                if shape.code in by_shape
                else "qn",
            }
            for shape in drawing.shapes
        ],
        "labels": [
            {"name": prefectures[code], "x": x, "y": y}
            for code, (x, y) in drawing.labels().items()
            if code in prefectures
        ],
        "not_on_map": say("not_on_map", names=joined(missing)) if missing else None,
    }


def county_table(public: Row, measure: Measure | None, names: AreaNames) -> list[Row]:
    """All counties with their main figures, highest value of the measure first."""

    def order(row: Row) -> tuple[float, str]:
        value = measure.values.get(row["code"]) if measure else None
        return (-value if isinstance(value, int | float) else 1, row["code"])

    return [
        {
            "code": row["code"],
            "name": names.of(row["code"], row["name"]),
            "prefecture": names.of(row["code"][:4] + "00", row["prefecture"]),
            "households": count(row["households"]),
            "persons": count(row["persons"]),
            "poor": count(row["poor_persons"]),
            "rate": percent(row["headcount_rate"]),
        }
        for row in sorted(public["by_county"], key=order)
    ]


def concentration(public: Row, names: AreaNames) -> Row | None:
    """Counties by their poor persons with the share they hold together."""
    rows = [row for row in public["concentration"] if row["poor_persons"]]
    if len(rows) < MIN_COUNTIES or not public["parts"]["identify"]:
        return None
    most = max(
        (row["poor_persons"] for row in rows if not is_hidden(row["poor_persons"])), default=1
    )
    return {
        "rows": [
            {
                "rank": index + 1,
                "name": names.of(row["code"], row["name"]),
                "code": row["code"],
                "poor": count(row["poor_persons"]),
                "bar": 0
                if is_hidden(row["poor_persons"])
                else round(100 * row["poor_persons"] / most, 1),
                "share": percent(row["share"]),
                "cumulative": percent(row["cumulative_share"]) if row["cumulative_share"] else "",
            }
            for index, row in enumerate(rows)
        ],
        "half": half_of_poor(public),
    }


def exits(public: Row, names: AreaNames) -> Row:
    """Outcomes of villages and counties under their profiles."""
    order = {outcome: index for index, outcome in enumerate(("failed", "not_assessable", "passed"))}
    return {
        "villages": [
            {"label": say_label(public, name), "parts": outcome_parts(counts)}
            for name, counts in (public["villages"] or {}).items()
        ],
        "counties": [
            {
                "label": say_label(public, name),
                "parts": outcome_parts({o: sum(r["outcome"] == o for r in rows) for o in OUTCOMES}),
                "rows": [
                    {
                        "name": names.of(row["code"], row["name"]),
                        "outcome": row["outcome"],
                        "label": catalogue()[row["outcome"]],
                        "incidence": percent(row["incidence"], 2),
                        "wrong": percent(row["wrong_exit_rate"], 2),
                        "missed": percent(row["missed_rate"], 2),
                    }
                    for row in sorted(rows, key=lambda row: (order[row["outcome"]], row["code"]))
                ],
            }
            for name, rows in public["counties"].items()
        ],
    }


def outcome_parts(counts: Row) -> list[Row]:
    """The three outcomes as parts of one bar; hidden ones have no width."""
    total = sum(n for n in counts.values() if isinstance(n, int))
    return [
        {
            "outcome": outcome,
            "label": catalogue()[outcome],
            "n": count(counts[outcome]),
            "share": percent(share(counts[outcome], total)),
            "width": 0
            if is_hidden(counts[outcome]) or not total
            else round(100 * counts[outcome] / total, 2),
        }
        for outcome in OUTCOMES
    ]
