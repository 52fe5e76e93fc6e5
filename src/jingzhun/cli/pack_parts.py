"""What views of a pack have in common: words, tables of parameters and sources, marks of defaults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from jingzhun.policy.cel.tree import Const, Dated, Expr, walk
from jingzhun.policy.pack import Pack
from jingzhun.policy.parameters import Entry, Value

WORDS = {
    "profile": ("profile", "方案"),
    "profiles": ("Exit profiles", "脱贫验收方案"),
    "level": ("level", "层级"),
    "valid": ("valid", "有效期"),
    "pass_mark": ("pass mark", "合格线"),
    "all_vetoes": ("all vetoes met", "全部达标"),
    "indicator": ("indicator", "指标"),
    "indicators": ("Indicators", "指标"),
    "weight": ("weight", "权重"),
    "veto": ("veto", "一票否决"),
    "asked": ("asked", "判断条件"),
    "parameters": ("Parameters on {on}", "{on}的参数"),
    "parameter": ("parameter", "参数"),
    "value": ("value", "数值"),
    "unit": ("unit", "单位"),
    "since": ("since", "起始日期"),
    "source": ("source", "来源"),
    "confidence": ("conf.", "可信度"),
    "default": ("DEFAULT", "默认值"),
    "unverified": ("unverified", "未核实"),
    "counts": ("counts", "计入结论"),
    "income": ("Income: {label}", "收入口径：{label}"),
    "group": ("group", "类别"),
    "items": ("items", "项目"),
    "checks": ("Checks", "逻辑核查"),
    "rules": ("rules", "规则数"),
    "wage": ("wage", "工资性"),
    "business": ("business", "生产经营性"),
    "property": ("property", "财产性"),
    "transfer": ("transfer", "转移性"),
    "deducted": ("deducted", "扣除"),
    "added_back": ("added back", "冲减"),
    "not_counted": ("NOT counted", "不计入"),
    "sources": ("Sources", "来源"),
    "reference": ("reference", "编号"),
    "legend": (
        "DEFAULT: our own proposal, not an official value. Confidence: H high, M medium, L low; "
        "unverified: no source was found.",
        "默认值：本系统自拟，非官方数值。可信度：H高、M中、L低；未核实：未查到来源。",
    ),
    "household": ("household", "户"),
    "village": ("village", "村"),
    "county": ("county", "县"),
    "person": ("person", "人"),
    "record": ("record", "外部记录"),
    "crosschecks": ("Cross-checks", "数据比对"),
    "crosscheck_rules": ("Rules of the cross-check", "数据比对规则"),
    "rule": ("rule", "规则"),
    "finding": ("finding", "发现类型"),
    "severity": ("severity", "严重程度"),
    "needs": ("needs", "所需数据"),
    "message": ("Message", "提示"),
    "explanations": ("Lawful reasons to offer first", "先行提供的合理原因"),
    "verdict_path": ("What may follow if it is true", "属实后的处置"),
    "deadline": ("to be looked into within", "核查时限"),
    "days": ("{days} days", "{days}天"),
    "shows": ("Shows", "展示信息"),
    "own_severity": ("severity and deadline are our own", "严重程度和时限为本系统自拟"),
    "high": ("high", "高"),
    "medium": ("medium", "中"),
    "low": ("low", "低"),
}


def word(key: str, language: str, **facts: str) -> str:
    """A word of the tables in a language."""
    return WORDS[key][language == "zh"].format(**facts)


def new_table(title: str, keys: Sequence[str], language: str) -> Table:
    """An empty table with its heads."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for key in keys:
        number = key in ("weight", "value", "pass_mark", "rules")
        table.add_column(
            word(key, language), justify="right" if number else "left", overflow="fold"
        )
    return table


def _mark(default: bool, confidence: str, language: str) -> str:
    if default:
        return f"[yellow]{word('default', language)}[/]"
    return word("unverified", language) if "recall" in confidence else ""


def confidence(text: str, default: bool, language: str) -> str:
    """How sure a value is, with the mark of our own and of unverified ones."""
    level = text.removesuffix(" recall")
    return f"{level} {_mark(default, text, language)}".strip()


def shown(value: Value | float | None) -> str:
    """A value as people write it: thousands separated, no needless decimals."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def entries_table(entries: Sequence[Entry], on: date, language: str) -> Table:
    """Parameters as they stand on a date."""
    keys = ("parameter", "value", "unit", "since", "source", "confidence")
    table = new_table(word("parameters", language, on=on.isoformat()), keys, language)
    for entry in entries:
        table.add_row(
            f"{entry.name}\n{escape(entry.label.text(language))}",
            shown(entry.value),
            entry.unit,
            entry.since.isoformat(),
            escape(entry.source),
            confidence(entry.confidence, entry.default, language),
        )
    return table


def sources_tables(pack: Pack, texts: Sequence[str], language: str) -> list[RenderableType]:
    """What the references in some source texts stand for, and the legend of the marks."""
    legend = word("legend", language)
    cited = [name for name in pack.sources if any(f"[{name}]" in text for text in texts)]
    if not cited:
        return [legend]
    table = new_table(word("sources", language), ("reference", "source"), language)
    for name in cited:
        table.add_row(name, escape(pack.sources[name]))
    return [table, legend]


def used_parameters(pack: Pack, parts: Sequence[Expr | None], on: date, area: str) -> list[Entry]:
    """The parameters that expressions read, definitions seen through, in order of use."""
    nodes = [node for part in parts if part is not None for node in walk(part)]
    names = [node.name for node in nodes if isinstance(node, Const | Dated) and node.name]
    known = [name for name in dict.fromkeys(names) if name in pack.parameters]
    return [pack.parameters[name].entry(on, area or None) for name in known]


def entry_data(entry: Entry) -> dict[str, Any]:
    """A parameter on a date as plain data."""
    value = entry.value.isoformat() if isinstance(entry.value, date) else entry.value
    return {
        "name": entry.name,
        "label": entry.label.model_dump(),
        "value": value,
        "unit": entry.unit,
        "since": entry.since.isoformat(),
        "source": entry.source,
        "confidence": entry.confidence,
        "default": entry.default,
        "area": entry.area,
    }
