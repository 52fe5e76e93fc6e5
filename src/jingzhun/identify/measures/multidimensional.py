"""The Alkire-Foster index of multidimensional poverty, with design-based standard errors.

For each person the deprivation score c is the weighted share of deprived indicators; poor are those
with c >= k. H = share of poor, A = mean score of the poor, M0 = H * A. The uncensored headcount of
an indicator counts all its deprived, the censored one only those who are poor; its contribution is
weight * censored / M0. H, M0 and headcounts are means, A and contributions ratios of means; all are
linearised as ratios of totals, as Stata `svy: mean` (with subpop for A) does in mpitb. mpitb gives
no standard error for contributions.

References: Alkire & Foster (2011), Journal of Public Economics 95; Suppa (2023), mpitb, Stata
Journal 23; Girela (2024), R mpitbR.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingzhun.errors import InputError, UserError
from jingzhun.identify.measures.design import DomainDesign, Floats, Integers, variance_of
from jingzhun.identify.measures.domains import Group
from jingzhun.identify.measures.mpi_spec import MpiSpec
from jingzhun.identify.measures.results import Estimate, Note, Setting, interval
from jingzhun.identify.measures.table import SampleTable
from jingzhun.standard.labels import Label

LABELS: dict[str, Label] = {
    "H": Label(en="incidence of multidimensional poverty", zh="多维贫困发生率"),
    "A": Label(en="intensity among the poor", zh="平均剥夺强度"),
    "M0": Label(en="adjusted headcount ratio H x A", zh="调整后的多维贫困指数 H x A"),
    "uncensored": Label(en="uncensored headcount", zh="未删减剥夺率"),
    "censored": Label(en="censored headcount", zh="删减剥夺率"),
    "contribution": Label(en="contribution to M0", zh="对 M0 的贡献率"),
}

# Weights such as 1/6 add up to 1/3 only nearly; a score this close to the cutoff reaches it.
_SAME = 1e-9


@dataclass(frozen=True)
class MpiResult:
    """Estimates of an index; `weights` are those used, summing to 1."""

    estimates: list[Estimate]
    notes: list[Note]
    cutoff: float
    weights: Mapping[str, float]
    missing: Mapping[str, int]
    missing_rule: str
    setting: Setting

    def as_json(self) -> dict[str, Any]:
        """The documented JSON object of `jingzhun mpi`."""
        rows = [row.as_json() | {"indicator": row.indicator} for row in self.estimates]
        return (
            {
                "estimates": rows,
                "cutoff": self.cutoff,
                "weights": dict(self.weights),
                "missing_rule": self.missing_rule,
                "missing_by_indicator": dict(self.missing),
            }
            | self.setting.as_json()
            | {"notes": [note.as_json() for note in self.notes]}
        )


@dataclass(frozen=True, eq=False)
class Deprivations:
    """Rows x indicators, restricted to rows where all kept indicators are known."""

    flags: Floats
    score: Floats
    poor: NDArray[np.bool_]
    weights: Floats


def estimate_mpi(
    table: SampleTable, flags: Mapping[str, Floats], spec: MpiSpec, confidence: float = 0.95
) -> MpiResult:
    """H, A, M0 and per indicator `uncensored`, `censored`, `contribution`, then for each group.

    `flags` holds 1 (deprived), 0 or NaN (not known) per row for each indicator of the spec.
    Rows with an unknown indicator are left out and counted (`drop_row`, as mpitb does), or the
    indicators with any unknown value are left out and their weight shared by the others of their
    dimension (`drop_indicator`). Raises UserError where nothing is left.
    """
    if not 0 < confidence < 1:
        raise UserError(
            f"--confidence {confidence:g} is not between 0 and 1", do="Write 0.95 for 95 %"
        )
    matrix = np.column_stack([flags[indicator.name] for indicator in spec.indicators])
    unknown = np.isnan(matrix)
    kept = np.ones(len(spec.indicators), dtype=np.bool_)
    if spec.missing == "drop_indicator":
        kept = ~np.logical_or.reduce(unknown, axis=0)
    complete = ~unknown[:, kept].any(axis=1)
    used = np.flatnonzero(complete & (table.weight > 0))
    _need_something(kept, used, unknown, spec, table)
    weights = np.array(spec.weights([bool(keep) for keep in kept]), dtype=np.float64)
    known = np.nan_to_num(matrix)
    score = known @ weights
    whole = Deprivations(known, score, score >= spec.cutoff - _SAME, weights)
    names = [i.name if keep else None for i, keep in zip(spec.indicators, kept, strict=True)]
    estimates: list[Estimate] = []
    notes: list[Note] = []
    for by, rows in _domains(table, used):
        domain_rows, domain_notes = _domain(table, whole, names, by, rows, confidence)
        estimates += domain_rows
        notes += domain_notes
    return MpiResult(
        estimates,
        notes,
        spec.cutoff,
        dict(zip([i.name for i in spec.indicators], weights.tolist(), strict=True)),
        dict(zip([i.name for i in spec.indicators], unknown.sum(axis=0).tolist(), strict=True)),
        spec.missing,
        Setting(
            n=len(used),
            weights_sum=float(table.weight[used].sum()),
            rows_read=table.n_rows,
            rows_left_out={
                "indicator_missing": int((~complete).sum()),
                "weight_zero": int((complete & (table.weight == 0)).sum()),
            },
            design=table.design,
            confidence=confidence,
            method="linearisation",
        ),
    )


def _need_something(
    kept: NDArray[np.bool_],
    used: Integers,
    unknown: NDArray[np.bool_],
    spec: MpiSpec,
    table: SampleTable,
) -> None:
    if not kept.any():
        raise UserError(
            "Every indicator has unknown values, so `drop_indicator` leaves none",
            do="Use `missing: drop_row`",
        )
    if not len(used):
        worst = spec.indicators[int(unknown.sum(axis=0).argmax())].name
        raise InputError(
            "No row has all indicators known",
            where=table.origin.place(worst),
            why=f"Indicator {worst!r} is unknown most often",
            do="Leave that indicator out, or use `missing: drop_indicator`",
        )


def _domains(table: SampleTable, used: Integers) -> list[tuple[Group, Integers]]:
    domains: list[tuple[Group, Integers]] = [(None, used)]
    if table.groups is None or table.group_codes is None:
        return domains
    codes = table.group_codes[used]
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(table.groups) + 1))
    for i, by in enumerate(table.groups):
        domains.append((by, used[order[bounds[i] : bounds[i + 1]]]))
    return domains


def _domain(
    table: SampleTable,
    whole: Deprivations,
    names: list[str | None],
    by: Group,
    rows: Integers,
    confidence: float,
) -> tuple[list[Estimate], list[Note]]:
    """All estimates of one domain."""
    part = table.design.restricted_to(rows)
    weight, poor = table.weight[rows], whole.poor[rows].astype(np.float64)
    one, censored = np.ones(len(rows)), whole.score[rows] * poor
    quotients: list[tuple[str, str | None, Floats, Floats]] = [
        ("H", None, poor, one),
        ("A", None, censored, poor),
        ("M0", None, censored, one),
    ]
    for column, name in enumerate(names):
        if name is None:
            continue
        flag = whole.flags[rows, column]
        quotients += [
            ("uncensored", name, flag, one),
            ("censored", name, flag * poor, one),
            ("contribution", name, whole.weights[column] * flag * poor, censored),
        ]
    estimates, notes = [], []
    for measure, name, top, bottom in quotients:
        empty = Estimate(measure, by, len(rows), indicator=name)
        estimate = _ratio(empty, part, weight, top, bottom, confidence)
        estimates.append(estimate)
        label = measure if name is None else f"{measure} {name}"
        if estimate.value is None:
            notes.append(Note("nobody_deprived" if len(rows) else "nobody_known", label, by))
        elif estimate.se is None:
            notes.append(Note("no_degrees_of_freedom", label, by))
    return estimates, notes


def _ratio(
    empty: Estimate,
    part: DomainDesign,
    weight: Floats,
    top: Floats,
    bottom: Floats,
    confidence: float,
) -> Estimate:
    """Ratio of two weighted totals, linearised: (top - ratio * bottom) / total of bottom."""
    total = float(weight @ bottom)
    if total == 0:
        return empty
    value = float(weight @ top) / total
    estimate = replace(empty, value=value)
    whole_df = part.design.degrees_of_freedom
    if whole_df < 1:
        return estimate
    variance = variance_of(part, weight * (top - value * bottom) / total)
    df = part.degrees_of_freedom
    return interval(estimate, float(np.sqrt(variance)), df if df > 0 else whole_df, confidence)
