"""Rules of the cross-check as tables for the console and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
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
    sources_tables,
    used_parameters,
    word,
)
from jingzhun.errors import PackError
from jingzhun.policy.cel.check import check_bool
from jingzhun.policy.cel.tree import Expr
from jingzhun.policy.checks import FINDINGS
from jingzhun.policy.crosscheck_rules import VERDICT_PATHS, CrossCheck
from jingzhun.policy.pack import Pack
from jingzhun.policy.problems import nearest
from jingzhun.standard import schema


def rules_named(pack: Pack, name: str) -> tuple[CrossCheck, ...]:
    """The rule of this id, or all of this number: X05 stands for X05a and X05b.

    Empty for names that are no ids of rules, such as those of profiles; PackError for an id without a rule.
    """
    found = [rule for id_, rule in pack.crosschecks.items() if name in (id_, id_[:-1])]
    if not found and name[:1].isupper():
        known = ", ".join(pack.crosschecks)
        raise PackError(
            f"Pack {pack.id} has no cross-check rule '{name}'",
            do=nearest(name, pack.crosschecks, otherwise=f"It has {known}" if known else ""),
        )
    return tuple(found)


def rules_view(
    pack: Pack, rules: Sequence[CrossCheck], on: date, area: str, language: str
) -> list[RenderableType]:
    """The rules on a date: condition, message, reasons, what follows; then parameters and sources."""
    parts: list[RenderableType] = [_head(rules, language)]
    for rule in rules:
        parts.append("\n".join(_lines(rule, language)))
    used = used_parameters(pack, [_condition(pack, rule, on) for rule in rules], on, area)
    # Several rules share parameters: each stands once.
    entries = list({entry.name: entry for entry in used}.values())
    if entries:
        parts.append(entries_table(entries, on, language))
    texts = [*(rule.source for rule in rules), *(entry.source for entry in entries)]
    return [*parts, *sources_tables(pack, texts, language)]


def rule_data(pack: Pack, rule: CrossCheck, on: date, area: str) -> dict[str, Any]:
    """A rule on a date as plain data, with the parameters it uses."""
    used = used_parameters(pack, [_condition(pack, rule, on)], on, area)
    return {
        **rule.model_dump(mode="json"),
        "on": on.isoformat(),
        "parameters": [entry_data(entry) for entry in used],
    }


def _condition(pack: Pack, rule: CrossCheck, on: date) -> Expr:
    return check_bool(rule.when, pack.scope(on, level=rule.level, table=rule.table or ""))


def _head(rules: Sequence[CrossCheck], language: str) -> Table:
    keys = ("rule", "level", "needs", "finding", "severity", "source", "confidence")
    table = new_table(word("crosscheck_rules", language), keys, language)
    for rule in rules:
        table.add_row(
            f"{rule.id}\n{escape(rule.label.text(language))}",
            word(rule.level, language),
            "\n".join(schema.table(name).label.text(language) for name in rule.needs),
            FINDINGS[rule.finding].text(language),
            word(rule.severity, language),
            escape(rule.source),
            confidence(rule.confidence, rule.default, language),
        )
    return table


def _lines(rule: CrossCheck, language: str) -> list[str]:
    colon = "：" if language == "zh" else ": "
    path = " · ".join(VERDICT_PATHS[step].text(language) for step in rule.verdict_path)
    deadline = word("days", language, days=str(rule.deadline_days))
    lines = [
        f"[bold]{rule.id}[/]  {escape(rule.when)}",
        f"{word('message', language)}{colon}{escape(rule.message.text(language))}",
        f"{word('explanations', language)}{colon}",
        *(f"- {escape(reason.text(language))}" for reason in rule.explanations),
        f"{word('verdict_path', language)}{colon}{path}",
        f"{word('deadline', language)}{colon}{deadline} ({word('own_severity', language)})",
        f"{word('shows', language)}{colon}{', '.join(rule.show)}",
    ]
    if rule.note is not None:
        lines.insert(1, escape(rule.note.text(language)))
    return lines
