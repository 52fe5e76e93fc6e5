"""A pack and its profiles as tables for the console and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from jingzhun.cli.pack_parts import (
    confidence,
    entries_table,
    entry_data,
    new_table,
    shown,
    sources_tables,
    used_parameters,
    word,
)
from jingzhun.evaluate.yardstick import yardstick
from jingzhun.policy.checks import Check
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.income import GROUPS, IncomeRule, rule_on
from jingzhun.policy.pack import Pack
from jingzhun.policy.profiles import Indicator, Profile
from jingzhun.standard import schema
from jingzhun.standard.labels import Label

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
    parts.append(entries_table(ordered, on, language))
    rules = [r for r in pack.income if r.id == info.income_rule and r.is_valid(on)]
    parts += [_income(rule, language) for rule in rules]
    sources = [entry.source for entry in entries]
    sources += [p.source for p in pack.profiles.values()]
    checks = _rules(pack.checks.values(), pack.check_groups, "checks", language)
    crosschecks = _rules(pack.crosschecks.values(), pack.crosscheck_groups, "crosschecks", language)
    tables = [checks, crosschecks] if pack.crosschecks else [checks]
    return [*parts, *tables, *sources_tables(pack, sources, language)]


def _profiles(pack: Pack, language: str) -> Table:
    keys = ("profile", "level", "valid", "pass_mark", "counts", "source", "confidence")
    table = new_table(word("profiles", language), keys, language)
    for profile in pack.profiles.values():
        mark = (
            word("all_vetoes", language) if profile.pass_mark is None else shown(profile.pass_mark)
        )
        label = escape(profile.label.text(language))
        table.add_row(
            f"{profile.id}\n{label}",
            word(profile.level, language),
            _validity(profile),
            mark,
            "✓" if profile.id in pack.profiles_that_count else "",
            escape(profile.source),
            confidence(profile.confidence, profile.default, language),
        )
    return table


def _validity(profile: Profile) -> str:
    return f"{profile.valid_from} –{f' {profile.valid_until}' if profile.valid_until else ''}"


def _income(rule: IncomeRule, language: str) -> Table:
    title = word("income", language, label=rule.label.text(language))
    table = new_table(title, ("group", "items"), language)
    columns = schema.table("households").by_name
    for key, names in rule.lists.items():
        if names:
            sign = "" if key in GROUPS else "[yellow]"
            labels = ("、" if language == "zh" else ", ").join(
                columns[name].label.text(language) for name in names
            )
            table.add_row(f"{sign}{word(key, language)}", escape(labels))
    source = f"{rule.source}; {confidence(rule.confidence, rule.default, language)}"
    table.add_row(word("source", language), source)
    return table


def _rules(
    rules: Iterable[Check | CrossCheck], groups: Mapping[str, Label], title: str, language: str
) -> Table:
    table = new_table(word(title, language), ("group", "rules"), language)
    counts = Counter(rule.group for rule in rules)
    for name, label in groups.items():
        table.add_row(escape(label.text(language)), str(counts[name]))
    return table


# -- one profile -----------------------------------------------------------------------------------


def profile_view(
    pack: Pack, profile_id: str, on: date, area: str, language: str
) -> list[RenderableType]:
    """A profile on a date: indicators with weights, vetoes and sources, then the parameters they use."""
    stick = yardstick(pack, profile_id, on)
    profile = stick.profile
    mark = word("all_vetoes", language) if profile.pass_mark is None else shown(profile.pass_mark)
    colon = "：" if language == "zh" else ": "
    head = [
        f"[bold]{escape(profile.label.text(language))}[/]  {profile.id}  ({pack.id} {pack.version}, {on})",
        escape(profile.description.text(language)),
        f"{word('pass_mark', language)}{colon}{mark}   "
        f"{word('valid', language)}{colon}{_validity(profile)}   "
        f"{word('source', language)}{colon}{escape(profile.source)}   "
        f"{confidence(profile.confidence, profile.default, language)}",
    ]
    parts: list[RenderableType] = ["\n".join(head), _indicators(profile, language)]
    used = used_parameters(
        pack, [e for i in stick.items for e in (i.met, i.score, i.threshold)], on, area
    )
    if used:
        parts.append(entries_table(used, on, language))
    if profile.income_rule is not None:
        parts.append(_income(rule_on(pack.income, profile.income_rule, on), language))
    sources = [profile.source, *(i.source for i in profile.indicators), *(e.source for e in used)]
    return [*parts, *sources_tables(pack, sources, language)]


def _indicators(profile: Profile, language: str) -> Table:
    keys = ("indicator", "weight", "veto", "asked", "source", "confidence")
    table = new_table(word("indicators", language), keys, language)
    for item in profile.indicators:
        note = f"\n{escape(item.note.text(language))}" if item.note else ""
        table.add_row(
            f"{item.id}\n{escape(item.label.text(language))}{note}",
            shown(item.weight),
            "✓" if item.veto else "",
            escape(item.met or item.score or ""),
            escape(item.source),
            confidence(item.confidence, item.default, language),
        )
    return table


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
        "parameters": [entry_data(entry) for entry in pack.as_of(on, area=area or None)],
        "checks": dict(Counter(rule.group for rule in pack.checks.values())),
        "crosschecks": list(pack.crosschecks),
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
        "parameters": [entry_data(entry) for entry in used_parameters(pack, parts, on, area)],
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
