"""What the map can show: one value per county, cut into classes with round limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from jingzhun.disclosure.marks import HIDDEN, is_hidden
from jingzhun.report.texts import Both, both, catalogue, say

Row = dict[str, Any]
CLASSES = 6
_ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


@dataclass(frozen=True)
class Measure:
    """One measure of counties: its values by code, and the limits between its classes."""

    id: str
    label: Both
    unit: Both
    is_rate: bool
    values: dict[str, Any]
    limits: tuple[float, ...]

    def class_of(self, code: str) -> str:
        """The class of a county's colour: `q0` to `q5`, `qh` hidden, `qn` not known."""
        value = self.values.get(code)
        if value is None or is_hidden(value):
            return "qn" if value is None else "qh"
        return f"q{sum(value >= limit for limit in self.limits)}"

    def legend(self) -> list[tuple[str, Both]]:
        """What each colour means: class and words."""
        texts = [self._read(limit) for limit in self.limits]
        between = [f"{low} – {high}" for low, high in pairwise(texts)]
        words = [f"< {texts[0]}", *between, f"≥ {texts[-1]}"] if texts else []
        found = [(f"q{index}", both(text)) for index, text in enumerate(words)]
        values = list(self.values.values())
        if any(is_hidden(value) for value in values):
            found.append(("qh", catalogue()["legend_hidden"]))
        if None in values:
            found.append(("qn", catalogue()["legend_none"]))
        return found

    def _read(self, limit: float) -> str:
        return f"{100 * limit:g}%" if self.is_rate else f"{limit:,g}"


def measures(public: Row) -> list[Measure]:
    """The measures this run has figures for, the first to be shown first."""
    counties = public["by_county"]
    leading = next(iter(public["outcomes"]), None)
    name = {"profile": say_label(public, leading)} if leading else {}
    plans: list[tuple[str, bool, Callable[[Row], Any], dict[str, Any]]] = [
        ("headcount", True, lambda row: row["headcount_rate"], {}),
        ("incidence", True, lambda row: row["incidence"], {}),
        ("poor", False, lambda row: row["poor_persons"], {}),
        ("failed", True, lambda row: _share(row, leading, "failed"), name),
        ("missing", True, lambda row: _share(row, leading, "not_assessable"), name),
        ("findings", False, _findings, {}),
    ]
    found = []
    for key, is_rate, value_of, values in plans:
        by_code = {row["code"]: value_of(row) for row in counties}
        numbers = sorted(v for v in by_code.values() if isinstance(v, int | float))
        if any(numbers):
            label, unit = catalogue()[f"m_{key}"], say(f"m_{key}_unit", **values)
            found.append(Measure(key, label, unit, is_rate, by_code, limits(numbers)))
    return found


def say_label(public: Row, profile: str | None) -> Both:
    """The name of a profile."""
    label = public["profiles"][profile]["label"]
    return Both(label["en"], label["zh"])


def limits(numbers: Sequence[float]) -> tuple[float, ...]:
    """Round limits between classes that hold about as many counties each; at least one."""
    cuts = [numbers[len(numbers) * step // CLASSES] for step in range(1, CLASSES)]
    if not any(cut > 0 for cut in cuts):  # nearly all counties have none: those few are cut
        above = [number for number in numbers if number > 0]
        cuts = [above[len(above) * step // CLASSES] for step in range(CLASSES)]
    coarse = _ascending([_rounded(number) for number in cuts])
    if len(coarse) > CLASSES // 2:
        return coarse
    # The counties are much alike: limits need a second digit to tell them apart.
    return _ascending([float(f"{number:.1e}") for number in cuts])


def _ascending(found: list[float]) -> tuple[float, ...]:
    return tuple(sorted({limit for limit in found if limit > 0}))


def _rounded(number: float) -> float:
    """The nearest round number (1, 1.5, 2, 2.5, 3, 4 ... of a power of ten)."""
    if number <= 0:
        return 0.0
    power = math.pow(10, math.floor(math.log10(number)))
    choices: list[float] = [digit * power for digit in (*_ROUND, 10)]
    nearest = min(abs(choice - number) for choice in choices)
    return round(next(c for c in choices if abs(c - number) == nearest), 12)


def _share(row: Row, profile: str | None, outcome: str) -> Any:
    """The share of an outcome among the registered households of a county."""
    counts = row["outcomes"].get(profile, {})
    total = row["registered_households"]
    if is_hidden(counts.get(outcome)) or is_hidden(total):
        return HIDDEN
    return counts[outcome] / total if counts and total else None


def _findings(row: Row) -> Any:
    if is_hidden(row["findings"]) or is_hidden(row["households"]):
        return HIDDEN
    return round(100 * row["findings"] / row["households"], 1) if row["households"] else None
