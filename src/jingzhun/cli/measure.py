"""`jingzhun measure` and `jingzhun mpi`: poverty and inequality measures of any table."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from jingzhun.cli.measure_input import InputTable, column_names, read_table
from jingzhun.errors import UserError
from jingzhun.identify.measures import (
    CONVENTIONS,
    MEASURES,
    MPI_LABELS,
    Columns,
    Conventions,
    GiniRule,
    LonelyPsu,
    NonPositiveRule,
    Options,
    PoorRule,
    PovertyLine,
    QuantileRule,
    Replicates,
    columns_needed,
    deprivation_flags,
    estimate_measures,
    estimate_mpi,
    income_table,
    measure_named,
    mpi_table,
    read_spec,
)


class OutputFormat(StrEnum):
    """How results are printed."""

    JSON = "json"
    TABLE = "table"


class Method(StrEnum):
    """How standard errors are computed."""

    LINEARISATION = "linearisation"
    BOOTSTRAP = "bootstrap"


class Language(StrEnum):
    """Language of the table."""

    EN = "en"
    ZH = "zh"


File = Annotated[Path, typer.Argument(help="CSV or Parquet file.", show_default=False)]
Weight = Annotated[str | None, typer.Option(help="Column with the sampling weight of the row.")]
Size = Annotated[
    str | None,
    typer.Option(
        help="Column with the household's size, when rows are households: multiplies the weight, so "
        "that persons are counted. The income is taken as already per person; see --per-capita."
    ),
]
By = Annotated[str | None, typer.Option(help="Column of groups; the total is given as well.")]
Strata = Annotated[str | None, typer.Option(help="Column with the sampling stratum.")]
Psu = Annotated[
    str | None,
    typer.Option(help="Column with the primary sampling unit; may repeat across strata."),
]
Lonely = Annotated[
    LonelyPsu, typer.Option("--lonely-psu", help="What a stratum with a single PSU contributes.")
]
Confidence = Annotated[float, typer.Option(help="Level of the confidence interval.")]
Format = Annotated[OutputFormat, typer.Option("--format", help="json or table.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the table: en or zh.")]


def measure(
    file: File,
    income: Annotated[str, typer.Option(help="Column with the income (per person).")],
    line: Annotated[
        str, typer.Option(help='Poverty line: a number, or like "60% median", "50% mean".')
    ],
    weight: Weight = None,
    size: Size = None,
    by: By = None,
    strata: Strata = None,
    psu: Psu = None,
    per_capita: Annotated[
        bool, typer.Option("--per-capita", help="The income is the household's: divide by --size.")
    ] = False,
    measures: Annotated[
        str,
        typer.Option(
            help="Comma-separated: "
            + ", ".join(MEASURES)
            + ", poormed, rmir (with --age), fgt(A), "
            "ge(T), atkinson(E), quantile(P), lorenz(P)."
        ),
    ] = ",".join(MEASURES),
    method: Annotated[Method, typer.Option(help="Of the standard errors.")] = Method.LINEARISATION,
    replicates: Annotated[int, typer.Option(min=2, max=100_000, help="Of the bootstrap.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of the bootstrap.")] = 1,
    confidence: Confidence = 0.95,
    epsilon: Annotated[float, typer.Option(help="Inequality aversion of `atkinson`.")] = 1.0,
    lorenz: Annotated[int, typer.Option(min=0, max=1000, help="Add N Lorenz points.")] = 0,
    age: Annotated[str | None, typer.Option(help="Column with the age, for `rmir`.")] = None,
    conventions: Annotated[
        str,
        typer.Option(
            help="Whose definitions where programs differ: " + ", ".join(CONVENTIONS) + "."
        ),
    ] = "default",
    poor: Annotated[PoorRule | None, typer.Option(help="Is an income at the line poor?")] = None,
    quantile: Annotated[
        QuantileRule | None, typer.Option(help="Quantile where weights reach it exactly.")
    ] = None,
    gini: Annotated[
        GiniRule | None, typer.Option(help="Estimator of the Gini coefficient.")
    ] = None,
    nonpositive: Annotated[
        NonPositiveRule | None,
        typer.Option(help="Measures that need positive incomes, where some are not."),
    ] = None,
    lonely_psu: Lonely = LonelyPsu.ADJUST,
    output: Format = OutputFormat.JSON,
    lang: Lang = Language.EN,
) -> None:
    """Poverty and inequality with standard errors: FGT, Watts, Sen, Gini, Theil, S80/S20, AROP...

    Rows with a missing income are left out and counted. Definitions: docs/measures.md.
    """
    columns = Columns(weight, size, by, strata, psu, age, lonely_psu)
    chosen = _conventions(conventions, poor, quantile, gini, nonpositive)
    options = Options(
        measures=[name.strip() for name in _split(measures)],
        confidence=confidence,
        epsilon=epsilon,
        conventions=chosen,
        lorenz_points=lorenz,
        bootstrap=Replicates(replicates, seed) if method is Method.BOOTSTRAP else None,
    )
    parsed = PovertyLine.parse(line)
    data = read_table(file, [income, *columns.numbers], columns.codes)
    table = income_table(data.frame, income, columns, per_capita=per_capita, origin=data.origin)
    result = estimate_measures(table, parsed, options)
    _tell_left_out(result.setting.rows_left_out)
    labels = {name: measure_named(name).label.text(lang) for name in options.measures}
    _print(result.as_json(), output, lang, labels)


def mpi(
    file: File,
    spec: Annotated[
        Path,
        typer.Option(
            help="YAML: cutoff (share or percent), indicators with name, weight and either `column` "
            '(0/1) or `deprived` (CEL, such as "educyr < 6"); optionally dimension, missing.'
        ),
    ],
    weight: Weight = None,
    size: Size = None,
    by: By = None,
    strata: Strata = None,
    psu: Psu = None,
    lonely_psu: Lonely = LonelyPsu.ADJUST,
    confidence: Confidence = 0.95,
    output: Format = OutputFormat.JSON,
    lang: Lang = Language.EN,
) -> None:
    """Alkire-Foster multidimensional poverty: H, A, M0 and each indicator, with standard errors.

    Rows in which an indicator is not known are left out and counted, or see `missing` in the spec.
    """
    columns = Columns(weight, size, by, strata, psu, lonely=lonely_psu)
    index = read_spec(spec)
    data = _table_for_mpi(file, columns, index_columns=columns_needed(index, column_names(file)))
    table = mpi_table(data.frame, columns, origin=data.origin)
    flags = deprivation_flags(data.frame, index, data.origin)
    result = estimate_mpi(table, flags, index, confidence)
    _tell_left_out(result.setting.rows_left_out)
    labels = {name: label.text(lang) for name, label in MPI_LABELS.items()}
    _print(result.as_json(), output, lang, labels)


def _table_for_mpi(file: Path, columns: Columns, index_columns: dict[str, str]) -> InputTable:
    flags = [name for name, kind in index_columns.items() if kind == "flag"]
    others = [name for name, kind in index_columns.items() if kind != "flag"]
    return read_table(file, columns.numbers, [*columns.codes, *flags, *others])


def _split(names: str) -> list[str]:
    found = [name.strip() for name in names.split(",") if name.strip()]
    if not found:
        raise UserError("--measures names no measure", do="Leave it out to get all")
    return list(dict.fromkeys(found))


def _conventions(
    name: str,
    poor: PoorRule | None,
    quantile: QuantileRule | None,
    gini: GiniRule | None,
    nonpositive: NonPositiveRule | None,
) -> Conventions:
    """The named set, with single choices replaced."""
    if name not in CONVENTIONS:
        raise UserError(
            f"There are no conventions called {name!r}", do="Use " + ", ".join(CONVENTIONS)
        )
    chosen = CONVENTIONS[name]
    return replace(
        chosen,
        poor=poor or chosen.poor,
        quantile=quantile or chosen.quantile,
        gini=gini or chosen.gini,
        nonpositive=nonpositive or chosen.nonpositive,
    )


def _tell_left_out(left_out: Any) -> None:
    for reason, count in left_out.items():
        if count:
            print(f"{count} rows left out: {reason.replace('_', ' ')}", file=sys.stderr)


def _print(
    result: dict[str, Any], output: OutputFormat, lang: Language, labels: dict[str, str]
) -> None:
    if output is OutputFormat.JSON:
        print(json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(_circumstances(result, lang), markup=False)
    console.print(_as_table(result, lang, labels if console.width >= _WIDE else {}))
    for note in result["notes"]:
        group = "" if note["by"] is None else f" [{note['by']}]"
        console.print(f"{note['measure']}{group}: {note[lang.value]}", markup=False)


_WIDE = 120
_HEADERS = {
    Language.EN: ("group", "measure", "value", "std. error", "interval", "n", "meaning"),
    Language.ZH: ("分组", "指标", "估计值", "标准误", "置信区间", "样本数", "含义"),
}
_TOTAL = {Language.EN: "total", Language.ZH: "合计"}


def _circumstances(result: dict[str, Any], lang: Language) -> str:
    """Line or cutoff, sample and design in one line."""
    design = result["design"]
    zh = lang is Language.ZH
    parts = []
    if "line" in result:
        parts.append(
            f"{'贫困线' if zh else 'line'} {_short(result['line'])} ({result['line_kind']})"
        )
    else:
        parts.append(f"{'临界值' if zh else 'cutoff'} {_short(result['cutoff'])}")
    parts += [
        f"{'样本数' if zh else 'rows'} {result['n']}",
        f"{'权重和' if zh else 'sum of weights'} {_short(result['weights_sum'])}",
        f"{'层' if zh else 'strata'} {design['strata']}",
        f"{'初级抽样单元' if zh else 'sampling units'} {design['psus']}",
        f"{'置信水平' if zh else 'confidence'} {result['confidence']:g}",
    ]
    return "; ".join(parts)


def _as_table(result: dict[str, Any], lang: Language, labels: dict[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for position, header in enumerate(_HEADERS[lang]):
        right = 2 <= position <= 5
        table.add_column(header, justify="right" if right else "left", no_wrap=right)
    for row in result["estimates"]:
        group = _TOTAL[lang] if row["by"] is None else str(row["by"])
        name = row["measure"]
        name += f" {row['indicator']}" if row.get("indicator") else ""
        between = f"{_short(row['ci_low'])} .. {_short(row['ci_high'])}"
        value, se = _short(row["value"]), _short(row["se"])
        label = labels.get(row["measure"], "")
        table.add_row(group, name, value, se, between, str(row["n"]), label)
    return table


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"
