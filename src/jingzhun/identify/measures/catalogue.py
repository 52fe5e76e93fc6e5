"""The measures by name: labels in both languages, value function, linearisation, and its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from jingzhun.errors import UserError
from jingzhun.identify.measures import inequality, location, poverty, relative
from jingzhun.identify.measures.incomes import Incomes
from jingzhun.identify.measures.linearised import Linearised, Settings
from jingzhun.standard.labels import Label

Value = Callable[[Incomes, Settings], float]
Linearise = Callable[[Incomes, Settings], Linearised]


class Base(Enum):
    """Which line of the whole sample a measure leans on."""

    NONE = "none"
    LINE = "line"
    RISK = "risk"  # share of the median


@dataclass(frozen=True)
class Measure:
    """One measure: how it is called and computed."""

    name: str
    label: Label
    value: Value
    linearise: Linearise
    base: Base = Base.NONE
    needs_positive: bool = False


def _label(en: str, zh: str) -> Label:
    return Label(en=en, zh=zh)


def _fgt(alpha: float, label: Label) -> Measure:
    return Measure(
        f"fgt{alpha:g}",
        label,
        partial(poverty.fgt, alpha=alpha),
        partial(poverty.linearise_fgt, alpha=alpha),
        Base.LINE,
    )


def _entropy(name: str, theta: float, label: Label) -> Measure:
    return Measure(
        name,
        label,
        partial(inequality.generalised_entropy, theta=theta),
        partial(inequality.linearise_generalised_entropy, theta=theta),
        needs_positive=True,
    )


def _atkinson(incomes: Incomes, settings: Settings) -> float:
    return inequality.atkinson(incomes, settings, settings.epsilon)


def _linearise_atkinson(incomes: Incomes, settings: Settings) -> Linearised:
    return inequality.linearise_atkinson(incomes, settings, settings.epsilon)


def _quantile(name: str, p: float, label: Label) -> Measure:
    return Measure(
        name, label, partial(location.quantile, p=p), partial(location.linearise_quantile, p=p)
    )


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        _fgt(0, _label("headcount ratio (FGT 0)", "贫困发生率(FGT 0)")),
        _fgt(1, _label("poverty gap index (FGT 1)", "贫困缺口指数(FGT 1)")),
        _fgt(2, _label("squared poverty gap index (FGT 2)", "平方贫困缺口指数(FGT 2)")),
        Measure(
            "watts",
            _label("Watts index", "瓦茨指数"),
            poverty.watts,
            poverty.linearise_watts,
            Base.LINE,
            needs_positive=True,
        ),
        Measure(
            "sen", _label("Sen index", "森指数"), poverty.sen, poverty.linearise_sen, Base.LINE
        ),
        Measure(
            "sst",
            _label("Sen-Shorrocks-Thon index", "森-肖罗克斯-索恩指数"),
            poverty.sst,
            poverty.linearise_sst,
            Base.LINE,
        ),
        Measure(
            "igr",
            _label("income gap ratio", "收入缺口率"),
            poverty.income_gap_ratio,
            poverty.linearise_income_gap_ratio,
            Base.LINE,
        ),
        Measure(
            "gini",
            _label("Gini coefficient", "基尼系数"),
            inequality.gini,
            inequality.linearise_gini,
        ),
        _entropy("theil", 1, _label("Theil index", "泰尔指数")),
        _entropy("mld", 0, _label("mean logarithmic deviation", "平均对数离差")),
        Measure(
            "atkinson",
            _label("Atkinson index", "阿特金森指数"),
            _atkinson,
            _linearise_atkinson,
            needs_positive=True,
        ),
        Measure(
            "qsr",
            _label("quintile share ratio S80/S20", "五等分收入份额比 S80/S20"),
            inequality.quintile_share_ratio,
            inequality.linearise_quintile_share_ratio,
        ),
        Measure(
            "arpt",
            _label("at-risk-of-poverty threshold", "贫困风险线"),
            relative.risk_threshold,
            relative.linearise_risk_threshold,
        ),
        Measure(
            "arpr",
            _label("at-risk-of-poverty rate", "贫困风险率"),
            relative.risk_rate,
            relative.linearise_risk_rate,
            Base.RISK,
        ),
        Measure(
            "rmpg",
            _label("relative median poverty gap", "相对中位贫困缺口"),
            relative.relative_median_gap,
            relative.linearise_relative_median_gap,
            Base.RISK,
        ),
        _quantile("median", 0.5, _label("median income", "收入中位数")),
        Measure("mean", _label("mean income", "平均收入"), location.mean, location.linearise_mean),
    )
}

_EXTRA: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(
            "poormed",
            _label("median income of those at risk of poverty", "贫困风险人口收入中位数"),
            relative.median_of_poor,
            relative.linearise_median_of_poor,
            Base.RISK,
        ),
        Measure(
            "rmir",
            _label("relative median income ratio of the old", "老年人相对收入中位数之比"),
            location.median_ratio_of_ages,
            location.linearise_median_ratio_of_ages,
        ),
    )
}

EXTRA_NAMES = ("poormed", "rmir", "fgt(A)", "ge(T)", "atkinson(E)", "quantile(P)", "lorenz(P)")


def measure_named(name: str) -> Measure:
    """The measure called `name`, or with a parameter: `ge(2)`, `quantile(0.1)`, `fgt(3)`...

    Raises UserError for an unknown name or a parameter out of range.
    """
    found = MEASURES.get(name) or _EXTRA.get(name)
    if found is not None:
        return found
    match = re.fullmatch(r"(fgt|ge|atkinson|quantile|lorenz)\((-?[0-9.]+(?:e-?\d+)?)\)", name)
    made = _with_parameter(name, match[1], _number(match[2])) if match else None
    if made is None:
        raise UserError(
            f"There is no measure called {name!r}",
            why=f"Known are {', '.join(MEASURES)}; with a parameter {', '.join(EXTRA_NAMES)}",
            do="Correct --measures",
        )
    return made


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _with_parameter(name: str, family: str, x: float) -> Measure | None:
    if family == "fgt" and (x == 0 or x >= 1):
        made = _fgt(x, _label(f"FGT {x:g}", f"FGT {x:g}"))
        return Measure(name, made.label, made.value, made.linearise, made.base)
    if family == "ge" and abs(x) <= 100:
        return _entropy(name, x, _label(f"generalised entropy GE({x:g})", f"广义熵指数 GE({x:g})"))
    if family == "atkinson" and 0 < x <= 100:
        return Measure(
            name,
            _label(f"Atkinson index, aversion {x:g}", f"阿特金森指数(厌恶系数 {x:g})"),
            partial(inequality.atkinson, epsilon=x),
            partial(inequality.linearise_atkinson, epsilon=x),
            needs_positive=True,
        )
    if family == "quantile" and 0 < x < 1:
        return _quantile(name, x, _label(f"{x:g}-quantile of income", f"收入 {x:g} 分位数"))
    if family == "lorenz" and 0 <= x <= 1:
        return Measure(
            name,
            _label(f"income share of the poorest {x:g}", f"最低 {x:g} 人口收入份额"),
            partial(location.lorenz, p=x),
            partial(location.linearise_lorenz, p=x),
        )
    return None
