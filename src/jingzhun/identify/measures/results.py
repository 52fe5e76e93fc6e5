"""What an estimation gives back, and its form as JSON. Nothing in it is ever NaN or infinite."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jingzhun import __version__
from jingzhun.identify.measures.design import SurveyDesign
from jingzhun.identify.measures.domains import Group
from jingzhun.identify.measures.reasons import REASONS
from jingzhun.identify.measures.student import t_critical


@dataclass(frozen=True)
class Estimate:
    """One measure in one domain; `by` None is the whole sample; None elsewhere is undefined.

    `n` counts the rows used; `indicator` names one of a multidimensional index.
    """

    measure: str
    by: Group
    n: int
    value: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    indicator: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The estimate with the documented keys, always all of them."""
        return {
            "measure": self.measure,
            "value": finite(self.value),
            "se": finite(self.se),
            "ci_low": finite(self.ci_low),
            "ci_high": finite(self.ci_high),
            "n": self.n,
            "by": self.by,
        }


@dataclass(frozen=True)
class Note:
    """Why an estimate lacks its value or standard error; `reason` is a key of `REASONS`."""

    reason: str
    measure: str
    by: Group

    def as_json(self) -> dict[str, Any]:
        """The note in both languages."""
        label = REASONS[self.reason]
        return {"measure": self.measure, "by": self.by, "en": label.en, "zh": label.zh}


def interval(estimate: Estimate, se: float, df: int, confidence: float) -> Estimate:
    """The estimate with its standard error and Student's t interval (not cut at 0 or 1)."""
    value = estimate.value
    if value is None or not math.isfinite(se):
        return estimate
    half = t_critical(confidence, max(df, 1)) * se
    return replace(estimate, se=se, ci_low=value - half, ci_high=value + half)


def finite(value: float | None) -> float | None:
    """`value`, or None where it is no finite number."""
    return value if value is not None and math.isfinite(value) else None


@dataclass(frozen=True)
class Setting:
    """The circumstances of an estimation, repeated in every output."""

    n: int
    weights_sum: float
    rows_read: int
    rows_left_out: Mapping[str, int]
    design: SurveyDesign
    confidence: float
    method: str

    def as_json(self) -> dict[str, Any]:
        """Keys shared by `measure` and `mpi`."""
        return {
            "n": self.n,
            "weights_sum": self.weights_sum,
            "rows_read": self.rows_read,
            "rows_left_out": dict(self.rows_left_out),
            "design": {
                "strata": self.design.n_strata,
                "psus": self.design.n_psus,
                "df": self.design.degrees_of_freedom,
                "lonely_psus": self.design.n_lonely,
                "lonely_psu_rule": self.design.lonely.value,
                "rows_are_psus": self.design.rows_are_psus,
            },
            "method": self.method,
            "confidence": self.confidence,
            "version": __version__,
        }


@dataclass(frozen=True)
class MeasureResult:
    """Estimates of income measures. `decomposition` and `curve` are empty unless asked for."""

    estimates: Sequence[Estimate]
    notes: Sequence[Note]
    line: float
    line_kind: str
    risk_line: float
    epsilon: float
    conventions: Mapping[str, str]
    setting: Setting
    decomposition: Sequence[Estimate] = field(default_factory=tuple)
    curve: Sequence[tuple[float, Estimate]] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """The documented JSON object of `jingzhun measure`."""
        out: dict[str, Any] = {"estimates": [row.as_json() for row in self.estimates]}
        if self.decomposition:
            out["decomposition"] = [row.as_json() for row in self.decomposition]
        if self.curve:
            out["lorenz"] = [
                {"p": p} | {k: v for k, v in row.as_json().items() if k != "measure"}
                for p, row in self.curve
            ]
        out |= {
            "line": finite(self.line),
            "line_kind": self.line_kind,
            "risk_line": finite(self.risk_line),
            "epsilon": self.epsilon,
            "conventions": dict(self.conventions),
        }
        return out | self.setting.as_json() | {"notes": [note.as_json() for note in self.notes]}
