"""A pack and its profiles as tables for the console and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from jingzhun.evaluate.yardstick import yardstick
from jingzhun.policy.cel.tree import Const, Dated, Expr, walk
from jingzhun.policy.income import GROUPS, IncomeRule, rule_on
from jingzhun.policy.pack import Pack
from jingzhun.policy.parameters import Entry, Value
from jingzhun.policy.profiles import Indicator, Profile
from jingzhun.standard import schema

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
}


def _word(key: str, language: str, **facts: str) -> str:
    return WORDS[key][language == "zh"].format(**facts)


def _table(title: str, keys: Sequence[str], language: str) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for key in keys:
        number = key in ("weight", "value", "pass_mark", "rules")
        table.add_column(
            _word(key, language), justify="right" if number else "left", overflow="fold"
        )
    return table


def _mark(default: bool, confidence: str, language: str) -> str:
    if default:
        return f"[yellow]{_word('default', language)}[/]"
    return _word("unverified", language) if "recall" in confidence else ""


def _confidence(text: str, default: bool, language: str) -> str:
    level = text.removesuffix(" recall")
    return f"{level} {_mark(default, text, language)}".strip()


def shown(value: Value | float | None) -> str:
    """A value as people write it: thousands separated, no needless decimals."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


# -- the whole pack --------------------------------------------------------------------------------


def overview(pack: Pack, on: date, area: str, language: str) -> list[RenderableType]:
    """Header, profiles, parameters on a date, income rule and checks."""
    info = pack.info
    head = [
        f"[bold]{escape(pack.label.text(language))}[/]  {pack.id} {pack.version}  {pack.content_hash[:12]}",
        escape(info.description.text(language)),
    ]
    parts: list[RenderableType] = ["\n".join(head), _profiles(pack, language)]
    entries = pack.as_of(on, area=area or None)
    # Lines first: they are what people look for.
    ordered = sorted(entries, key=lambda entry: pack.parameters[entry.name].kind is None)
    parts.append(_entries(ordered, on, language))
    rules = [r for r in pack.income if r.id == info.income_rule and r.is_valid(on)]
    parts += [_income(rule, language) for rule in rules]
    sources = [entry.source for entry in entries]
    sources += [p.source for p in pack.profiles.values()]
    return [*parts, _checks(pack, language), *_sources(pack, sources, language)]


def _profiles(pack: Pack, language: str) -> Table:
    keys = ("profile", "level", "valid", "pass_mark", "counts", "source", "confidence")
    table = _table(_word("profiles", language), keys, language)
    for profile in pack.profiles.values():
        mark = (
            _word("all_vetoes", language) if profile.pass_mark is None else shown(profile.pass_mark)
        )
        label = escape(profile.label.text(language))
        table.add_row(
            f"{profile.id}\n{label}",
            _word(profile.level, language),
            _validity(profile),
            mark,
            "✓" if profile.id in pack.profiles_that_count else "",
            escape(profile.source),
            _confidence(profile.confidence, profile.default, language),
        )
    return table


def _validity(profile: Profile) -> str:
    return f"{profile.valid_from} –{f' {profile.valid_until}' if profile.valid_until else ''}"


def _entries(entries: Sequence[Entry], on: date, language: str) -> Table:
    keys = ("parameter", "value", "unit", "since", "source", "confidence")
    table = _table(_word("parameters", language, on=on.isoformat()), keys, language)
    for entry in entries:
        table.add_row(
            f"{entry.name}\n{escape(entry.label.text(language))}",
            shown(entry.value),
            entry.unit,
            entry.since.isoformat(),
            escape(entry.source),
            _confidence(entry.confidence, entry.default, language),
        )
    return table


def _income(rule: IncomeRule, language: str) -> Table:
    title = _word("income", language, label=rule.label.text(language))
    table = _table(title, ("group", "items"), language)
    columns = schema.table("households").by_name
    for key, names in rule.lists.items():
        if names:
            sign = "" if key in GROUPS else "[yellow]"
            labels = ("、" if language == "zh" else ", ").join(
                columns[name].label.text(language) for name in names
            )
            table.add_row(f"{sign}{_word(key, language)}", escape(labels))
    source = f"{rule.source}; {_confidence(rule.confidence, rule.default, language)}"
    table.add_row(_word("source", language), source)
    return table


def _checks(pack: Pack, language: str) -> Table:
    table = _table(_word("checks", language), ("group", "rules"), language)
    counts = Counter(rule.group for rule in pack.checks.values())
    for name, label in pack.check_groups.items():
        table.add_row(escape(label.text(language)), str(counts[name]))
    return table


def _sources(pack: Pack, texts: Sequence[str], language: str) -> list[RenderableType]:
    """What the references in some source texts stand for, and the legend of the marks."""
    legend = _word("legend", language)
    cited = [name for name in pack.sources if any(f"[{name}]" in text for text in texts)]
    if not cited:
        return [legend]
    table = _table(_word("sources", language), ("reference", "source"), language)
    for name in cited:
        table.add_row(name, escape(pack.sources[name]))
    return [table, legend]


# -- one profile -----------------------------------------------------------------------------------


def profile_view(
    pack: Pack, profile_id: str, on: date, area: str, language: str
) -> list[RenderableType]:
    """A profile on a date: indicators with weights, vetoes and sources, then the parameters they use."""
    stick = yardstick(pack, profile_id, on)
    profile = stick.profile
    mark = _word("all_vetoes", language) if profile.pass_mark is None else shown(profile.pass_mark)
    colon = "：" if language == "zh" else ": "
    head = [
        f"[bold]{escape(profile.label.text(language))}[/]  {profile.id}  ({pack.id} {pack.version}, {on})",
        escape(profile.description.text(language)),
        f"{_word('pass_mark', language)}{colon}{mark}   "
        f"{_word('valid', language)}{colon}{_validity(profile)}   "
        f"{_word('source', language)}{colon}{escape(profile.source)}   "
        f"{_confidence(profile.confidence, profile.default, language)}",
    ]
    parts: list[RenderableType] = ["\n".join(head), _indicators(profile, language)]
    used = _used(pack, [e for i in stick.items for e in (i.met, i.score, i.threshold)], on, area)
    if used:
        parts.append(_entries(used, on, language))
    if profile.income_rule is not None:
        parts.append(_income(rule_on(pack.income, profile.income_rule, on), language))
    sources = [profile.source, *(i.source for i in profile.indicators), *(e.source for e in used)]
    return [*parts, *_sources(pack, sources, language)]


def _indicators(profile: Profile, language: str) -> Table:
    keys = ("indicator", "weight", "veto", "asked", "source", "confidence")
    table = _table(_word("indicators", language), keys, language)
    for item in profile.indicators:
        note = f"\n{escape(item.note.text(language))}" if item.note else ""
        table.add_row(
            f"{item.id}\n{escape(item.label.text(language))}{note}",
            shown(item.weight),
            "✓" if item.veto else "",
            escape(item.met or item.score or ""),
            escape(item.source),
            _confidence(item.confidence, item.default, language),
        )
    return table


def _used(pack: Pack, parts: Sequence[Expr | None], on: date, area: str) -> list[Entry]:
    """The parameters that expressions read, definitions seen through, in order of use."""
    nodes = [node for part in parts if part is not None for node in walk(part)]
    names = [node.name for node in nodes if isinstance(node, Const | Dated) and node.name]
    known = [name for name in dict.fromkeys(names) if name in pack.parameters]
    return [pack.parameters[name].entry(on, area or None) for name in known]


# -- as data ---------------------------------------------------------------------------------------


def overview_data(pack: Pack, on: date, area: str) -> dict[str, Any]:
    """The pack on a date as plain data."""
    return {
        "pack": pack.id,
        "version": pack.version,
        "content_hash": pack.content_hash,
        "on": on.isoformat(),
        "label": pack.label.model_dump(),
        "description": pack.info.description.model_dump(),
        "line": pack.line,
        "default_profile": pack.default_profile,
        "profiles_that_count": list(pack.profiles_that_count),
        "profiles": [_profile_head(profile) for profile in pack.profiles.values()],
        "parameters": [_entry_data(entry) for entry in pack.as_of(on, area=area or None)],
        "checks": dict(Counter(rule.group for rule in pack.checks.values())),
    }


def profile_data(pack: Pack, profile_id: str, on: date, area: str) -> dict[str, Any]:
    """A profile on a date as plain data, with the parameters it uses."""
    stick = yardstick(pack, profile_id, on)
    parts = [e for i in stick.items for e in (i.met, i.score, i.threshold)]
    return {
        **_profile_head(stick.profile),
        "on": on.isoformat(),
        "description": stick.profile.description.model_dump(),
        "indicators": [_indicator_data(i) for i in stick.profile.indicators],
        "parameters": [_entry_data(entry) for entry in _used(pack, parts, on, area)],
    }


def _profile_head(profile: Profile) -> dict[str, Any]:
    return {
        "profile": profile.id,
        "level": profile.level,
        "label": profile.label.model_dump(),
        "valid_from": profile.valid_from.isoformat(),
        "valid_until": None if profile.valid_until is None else profile.valid_until.isoformat(),
        "pass_mark": profile.pass_mark,
        "income_rule": profile.income_rule,
        "source": profile.source,
        "confidence": profile.confidence,
        "default": profile.default,
    }


def _indicator_data(item: Indicator) -> dict[str, Any]:
    return item.model_dump(mode="json", exclude={"advice"})


def _entry_data(entry: Entry) -> dict[str, Any]:
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
