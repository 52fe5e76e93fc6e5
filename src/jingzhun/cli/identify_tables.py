"""Tables of an identification and of a comparison for the console, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from jingzhun.identify.dimensions import DIMENSIONS
from jingzhun.identify.transitions import CHANGES, DRIVERS
from jingzhun.standard.labels import Label

Row = Mapping[str, Any]

FIRST = 10
"""How many areas the table of where to go first shows."""

NOT_KNOWN = "–"

_WORDS = {
    "headline": Label(en="Who is poor", zh="贫困状况"),
    "areas": Label(en="By area", zh="按地区"),
    "causes": Label(en="Main causes (registered households)", zh="主要致贫原因（建档立卡户）"),
    "income": Label(en="Income structure", zh="收入结构"),
    "first": Label(en="Where to go first", zh="贫困人口集中地区"),
    "changes": Label(en="What became of the households", zh="农户变化"),
    "reasons": Label(en="Reasons", zh="原因"),
    "effects": Label(
        en="Mean parts of the change of distance to the line, per person",
        zh="人均收入与标准线距离变化的构成（人均）",
    ),
    "exit_statuses": Label(
        en="Exit status before (down) and after (across), households",
        zh="脱贫属性：前期（行）与后期（列），户数",
    ),
    "households": Label(en="households", zh="户数"),
    "persons": Label(en="persons", zh="人数"),
    "registered_households": Label(en="registered households", zh="建档立卡户"),
    "registered_persons": Label(en="persons in registered households", zh="建档立卡人口"),
    "poor_households": Label(en="poor households", zh="贫困户"),
    "poor_persons": Label(en="poor persons", zh="贫困人口"),
    "unknown_households": Label(en="status not known", zh="状况不详户"),
    "loss_households": Label(en="income below zero", zh="收入为负户"),
    "missed_households": Label(en="poor, not registered", zh="线下未建档户"),
    "poor_registered_households": Label(en="poor and registered", zh="线下建档户"),
    "headcount_rate": Label(en="headcount", zh="贫困发生率"),
    "poverty_gap_rate": Label(en="gap", zh="贫困深度"),
    "poverty_severity": Label(en="severity", zh="贫困强度"),
    "poverty_gap_yuan": Label(en="missing to the line a year", zh="年收入缺口"),
    "rate": Label(en="rate", zh="发生率"),
    "share": Label(en="share", zh="占比"),
    "poor_share": Label(en="share of the poor", zh="占贫困人口"),
    "cumulative_share": Label(en="cumulative", zh="累计占比"),
    "code": Label(en="code", zh="代码"),
    "name": Label(en="name", zh="名称"),
    "figure": Label(en="figure", zh="指标"),
    "value": Label(en="value", zh="数值"),
    "wage_yuan": Label(en="wage", zh="工资性"),
    "business_yuan": Label(en="business (net)", zh="生产经营性（净）"),
    "property_yuan": Label(en="property", zh="财产性"),
    "transfer_yuan": Label(en="transfer", zh="转移性"),
    "net_income_yuan": Label(en="net income", zh="纯收入"),
    "per_capita_yuan": Label(en="mean per person", zh="人均"),
    "median_per_capita_yuan": Label(en="median per person", zh="人均中位数"),
    "making_share": Label(en="own earnings (blood making)", zh="造血占比"),
    "transfusion_share": Label(en="transfers (blood transfusion)", zh="输血占比"),
    "reason": Label(en="reason", zh="原因"),
    "cause": Label(en="main cause", zh="主要致贫原因"),
    "driver": Label(en="what did most", zh="主要变化来源"),
    "register": Label(en="in the register", zh="档案记录"),
    "condition": Label(en="condition that turned", zh="条件变化"),
    "given_line": Label(en="Line as given", zh="指定标准"),
    "unverified": Label(en="default or unverified", zh="默认值或未核实"),
    "kind": Label(en="kind", zh="类别"),
}

_RATES = ("headcount_rate", "poverty_gap_rate", "poverty_severity")
_HEADLINE = (
    "households",
    "persons",
    "registered_households",
    "registered_persons",
    "poor_households",
    "poor_persons",
    "poor_registered_households",
    "missed_households",
    "loss_households",
    "unknown_households",
    *_RATES,
    "poverty_gap_yuan",
)
_AREA = (
    "households",
    "persons",
    "poor_households",
    "poor_persons",
    "unknown_households",
    "headcount_rate",
    "poverty_gap_rate",
)
_INCOME = (
    "wage_yuan",
    "business_yuan",
    "property_yuan",
    "transfer_yuan",
    "net_income_yuan",
    "per_capita_yuan",
    "median_per_capita_yuan",
    "making_share",
    "transfusion_share",
)


def word(key: str, lang: str) -> str:
    """A word of the tables in a language."""
    return _WORDS[key].text(lang)


def cell(key: str, value: Any) -> str:
    """A figure as text: rates in per cent, whole numbers with thousands, unknown as a dash."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, float):
        is_rate = key.endswith(("rate", "share", "severity"))
        return f"{value:.2%}" if is_rate else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def line_text(line: Row, lang: str) -> str:
    """The line in a sentence, with its source; what has no checked source is marked."""
    unit = f" {line['unit']}" if line["unit"] else ""
    amount = f"{line['value']:,.10g}{unit}"
    if line["name"] is None:
        return f"{word('given_line', lang)}: {amount}"
    mark = "" if line["is_verified"] else f" [{word('unverified', lang)}]"
    return f"{line['label'][lang]}: {amount}, {line['since']}, {line['source']}{mark}"


def print_identification(summary: Row, areas: Sequence[Row], lang: str, out: Console) -> None:
    """The whole identification as tables: headline, areas, causes, income, groups, where first."""
    out.print(_figures("headline", _HEADLINE, summary, lang))
    out.print(_listed("areas", ("code", "name", *_AREA), areas, lang))
    out.print(_causes(summary["causes"], lang))
    out.print(_figures("income", _INCOME, summary["income"], lang))
    for name, rows in summary["distribution"].items():
        out.print(_groups(name, rows, lang))
    columns = ("code", "name", "poor_persons", "share", "cumulative_share", "headcount_rate")
    out.print(_listed("first", columns, summary["concentration"][:FIRST], lang))


def print_breakdown(rows: Sequence[Row], by: Sequence[str], lang: str, out: Console) -> None:
    """One line per combination of codes."""
    is_persons = bool(rows) and "households" not in rows[0]
    columns = ("persons", "poor_persons", "headcount_rate", "poverty_gap_rate")
    shown = columns if is_persons else _AREA
    table = Table()
    for name in by:
        table.add_column(DIMENSIONS[name].label.text(lang))
    _number_columns(table, shown, lang)
    for row in rows:
        codes = [row["by"][name]["label"][lang] for name in by]
        table.add_row(*codes, *(cell(key, row[key]) for key in shown))
    out.print(table)


def print_comparison(found: Row, lang: str, out: Console) -> None:
    """Counts of each change, the reasons, and what moved incomes."""
    table = Table(title=f"{word('changes', lang)} {found['from']} → {found['to']}")
    table.add_column(word("figure", lang))
    _number_columns(table, ("households", "persons"), lang)
    for name, label in CHANGES.items():
        table.add_row(
            label.text(lang),
            cell("households", found[name]),
            cell("persons", found["persons"][name]),
        )
    out.print(table)
    for change in ("entered", "left"):
        rows = [row for row in found["reasons"] if row["change"] == change]
        if rows:
            out.print(_reasons(change, rows, lang))
    out.print(_effects(found["effects_per_person_yuan"], lang))
    out.print(_exit_statuses(found["exit_statuses"], lang))


def _figures(title: str, keys: Iterable[str], values: Row, lang: str) -> Table:
    table = Table(title=word(title, lang))
    table.add_column(word("figure", lang))
    table.add_column(word("value", lang), justify="right")
    for key in keys:
        table.add_row(word(key, lang), cell(key, values[key]))
    return table


def _listed(title: str, keys: Sequence[str], rows: Sequence[Row], lang: str) -> Table:
    table = Table(title=word(title, lang))
    texts = [key for key in keys if key in ("code", "name")]
    for key in texts:
        table.add_column(word(key, lang))
    _number_columns(table, [key for key in keys if key not in texts], lang)
    for row in rows:
        table.add_row(*(str(row[k]) if k in texts else cell(k, row[k]) for k in keys))
    return table


def _causes(rows: Sequence[Row], lang: str) -> Table:
    table = Table(title=word("causes", lang))
    table.add_column(word("cause", lang))
    keys = ("households", "share", "persons", "poor_households")
    _number_columns(table, keys, lang)
    for row in rows:
        table.add_row(row["label"][lang], *(cell(key, row[key]) for key in keys))
    return table


def _groups(name: str, rows: Sequence[Row], lang: str) -> Table:
    table = Table(title=DIMENSIONS[name].label.text(lang))
    table.add_column(DIMENSIONS[name].label.text(lang))
    keys = ("persons", "poor_persons", "rate", "poor_share")
    _number_columns(table, keys, lang)
    for row in rows:
        table.add_row(row["label"][lang], *(cell(key, row[key]) for key in keys))
    return table


def _reasons(change: str, rows: Sequence[Row], lang: str) -> Table:
    table = Table(title=f"{CHANGES[change].text(lang)}: {word('reasons', lang)}")
    table.add_column(word("kind", lang))
    table.add_column(word("reason", lang))
    _number_columns(table, ("households", "persons"), lang)
    for row in rows:
        counts = (cell(key, row[key]) for key in ("households", "persons"))
        table.add_row(word(row["kind"], lang), row["label"][lang], *counts)
    return table


def _effects(effects: Mapping[str, Row], lang: str) -> Table:
    table = Table(title=word("effects", lang))
    table.add_column("")
    for label in DRIVERS.values():
        table.add_column(label.text(lang), justify="right")
    for change, values in effects.items():
        table.add_row(CHANGES[change].text(lang), *(cell("", values[name]) for name in DRIVERS))
    return table


def _exit_statuses(matrix: Row, lang: str) -> Table:
    dimension = DIMENSIONS["exit_status"]
    table = Table(title=word("exit_statuses", lang))
    table.add_column("↓ →")
    for code in matrix["columns"]:
        table.add_column(dimension.label_of(code).text(lang), justify="right")
    for code, counts in zip(matrix["rows"], matrix["households"], strict=True):
        table.add_row(dimension.label_of(code).text(lang), *(cell("", n) for n in counts))
    return table


def _number_columns(table: Table, keys: Iterable[str], lang: str) -> None:
    for key in keys:
        table.add_column(word(key, lang), justify="right")
