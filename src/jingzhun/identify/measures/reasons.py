"""Why a measure has no value or no standard error, in both languages."""

from __future__ import annotations

from jingzhun.standard.labels import Label

REASONS: dict[str, Label] = {
    "nobody": Label(
        en="no row with known income and positive weight", zh="没有收入已知且权重为正的记录"
    ),
    "nobody_poor": Label(en="nobody is below the line", zh="没有人低于贫困线"),
    "not_positive": Label(
        en="some incomes are zero or negative and the measure needs a logarithm or power of them; "
        "see --nonpositive",
        zh="部分收入为零或负数,该指标需要对收入取对数或乘方;参见 --nonpositive",
    ),
    "no_income": Label(en="total income is zero or negative", zh="收入总额为零或负数"),
    "bottom_without_income": Label(
        en="the poorest fifth has no income", zh="最低五分之一人口没有收入"
    ),
    "equal_incomes": Label(
        en="all incomes are equal, so their density can't be estimated",
        zh="所有收入相等,无法估计收入密度",
    ),
    "risk_line_not_positive": Label(
        en="the median is zero or negative, so there is no at-risk-of-poverty threshold",
        zh="中位数为零或负数,不存在贫困风险线",
    ),
    "no_age": Label(en="the measure needs --age", zh="该指标需要 --age"),
    "one_age_group": Label(en="one of the two age groups is empty", zh="两个年龄组之一没有人"),
    "median_is_zero": Label(en="the median of the younger is zero", zh="较年轻组的中位数为零"),
    "no_degrees_of_freedom": Label(
        en="the design leaves no degree of freedom, so there is no standard error",
        zh="抽样设计没有自由度,无法计算标准误",
    ),
    "se_not_finite": Label(
        en="the linearisation has no finite value here, so there is no standard error",
        zh="线性化在此处没有有限值,无法计算标准误",
    ),
    "value_not_finite": Label(
        en="the value is too large or too small to be computed", zh="数值过大或过小,无法计算"
    ),
    "replicates_undefined": Label(
        en="the measure is undefined in some bootstrap replicates; they are left out",
        zh="该指标在部分自助法重复样本中无定义,已排除",
    ),
    "nobody_known": Label(
        en="no row with all indicators known and positive weight",
        zh="没有所有指标均已知且权重为正的记录",
    ),
    "nobody_deprived": Label(en="nobody is multidimensionally poor", zh="没有人处于多维贫困"),
}
