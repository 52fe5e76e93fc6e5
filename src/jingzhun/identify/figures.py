"""From sums to figures: rates, gaps, income structure, medians. Exact internal figures, no cell hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jingzhun.identify.measures.conventions import QuantileRule
from jingzhun.identify.measures.incomes import Incomes
from jingzhun.identify.rules import GROUPS
from jingzhun.identify.sums import HUNDREDTHS, MILLIONTHS

Row = Mapping[str, Any]


def added(rows: Sequence[Row]) -> dict[str, int]:
    """The sums of several rows added; keys (texts) are left out. Empty for no rows."""
    names = [name for name, value in rows[0].items() if isinstance(value, int)] if rows else []
    return {name: sum(row[name] for row in rows) for name in names}


def ratio(part: float, whole: float) -> float | None:
    """part / whole; null where the whole is zero or less, for there is no such rate."""
    return part / whole if whole > 0 else None


def rates(sums: Row) -> dict[str, float | None]:
    """Headcount, gap and severity, weighted by persons: FGT 0, 1 and 2 over persons of known status.

    Reference: Foster, Greer and Thorbecke (1984), Econometrica 52.
    """
    known = sums.get("known_persons", 0)
    return {
        "headcount_rate": ratio(sums.get("poor_persons", 0), known),
        "poverty_gap_rate": ratio(sums.get("gap_millionths", 0) / MILLIONTHS, known),
        "poverty_severity": ratio(sums.get("severity_millionths", 0) / MILLIONTHS, known),
    }


def poverty(sums: Row) -> dict[str, Any]:
    """Counts and rates of an area or group.

    `persons` share the household's budget; where that is not known, the number on the form counts.
    `unknown_households` have no known status and stay out of the rates. `poverty_gap_yuan` is what is
    missing to the line in a year, all poor persons together. `missed_households` are poor and not
    registered. `loss_households` have an income below zero; their gap is greater than the line, in the
    rates too, so that a few of them, or typing errors, can dominate the severity.
    """
    counts = {
        name: sums.get(name, 0)
        for name in (
            "households",
            "persons",
            "registered_households",
            "registered_persons",
            "poor_households",
            "poor_persons",
        )
    }
    return {
        **counts,
        "unknown_households": sums.get("households", 0) - sums.get("known_households", 0),
        "known_persons": sums.get("known_persons", 0),
        "poor_registered_households": sums.get("poor_registered_households", 0),
        "poor_registered_persons": sums.get("poor_registered_persons", 0),
        "missed_households": counts["poor_households"] - sums.get("poor_registered_households", 0),
        "loss_households": sums.get("loss_households", 0),
        **rates(sums),
        "poverty_gap_yuan": sums.get("gap_hundredths", 0) / HUNDREDTHS,
    }


def of_persons(sums: Row) -> dict[str, Any]:
    """Counts and rates of a group of persons, poor when their household is."""
    return {
        "persons": sums.get("persons", 0),
        "known_persons": sums.get("known_persons", 0),
        "poor_persons": sums.get("poor_persons", 0),
        **rates(sums),
    }


def income(sums: Row, median: float | None) -> dict[str, Any]:
    """Income of an area: totals in yuan a year over households whose net income is known.

    Groups and shares are null where no household's structure is known. Shares are of net income:
    transfer (transfusion), and wage + business + property (making).
    """
    net = sums.get("net_hundredths", 0) / HUNDREDTHS
    has_structure = sums.get("structure_households", 0) > 0
    groups = {name: sums.get(f"{name.removesuffix('_yuan')}_hundredths", 0) for name in GROUPS}
    transfusion = ratio(groups["transfer_yuan"], sums.get("structure_net_hundredths", 0))
    return {
        **{name: n / HUNDREDTHS if has_structure else None for name, n in groups.items()},
        "net_income_yuan": net,
        "households": sums.get("income_households", 0),
        "persons": sums.get("income_persons", 0),
        "per_capita_yuan": ratio(net, sums.get("income_persons", 0)),
        "median_per_capita_yuan": median,
        "making_share": None if transfusion is None else 1 - transfusion,
        "transfusion_share": transfusion,
    }


def weighted_quantile(welfare: Sequence[int], persons: Sequence[int], p: float) -> float | None:
    """The p-quantile over persons, to the whole yuan; null where nobody's income is known."""
    if not sum(persons):
        return None
    values = np.asarray(welfare, dtype=np.float64)
    weights = np.asarray(persons, dtype=np.float64)
    return Incomes.of(values, weights).quantile(p, QuantileRule.LOWER)


def median(rows: Sequence[Row]) -> float | None:
    """The median over persons of rows (`welfare_yuan`, `persons`)."""
    return weighted_quantile(
        [row["welfare_yuan"] for row in rows], [row["persons"] for row in rows], 0.5
    )
