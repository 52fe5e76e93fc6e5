"""The cross-check rules of a pack made ready for a date: compiled together, level by level."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from jingzhun.policy.cel.check import check_bool
from jingzhun.policy.cel.program import Program
from jingzhun.policy.crosscheck_rules import VERDICT_PATHS, CrossCheck
from jingzhun.policy.pack import Pack

__all__ = ["VERDICT_PATHS", "CrossCheck", "RuleGroup", "crosscheck_programs"]


class RuleGroup(NamedTuple):
    """Rules of one level (for records: about one table) and their program; outputs are named by rule id."""

    level: str
    table: str | None
    rules: tuple[CrossCheck, ...]
    program: Program


def crosscheck_programs(
    pack: Pack, on: date, tables: Iterable[str] | None = None
) -> list[RuleGroup]:
    """The rules of a pack on a date. Those whose `needs` are not all among `tables` are left out.

    Without `tables` all rules are there. ParameterError when a definition needs a parameter that has not
    begun on the date; a rule that needs one itself is refused when the pack is loaded.
    """
    known = None if tables is None else set(tables)
    grouped: dict[tuple[str, str | None], list[CrossCheck]] = {}
    for rule in pack.crosschecks.values():
        if known is None or known.issuperset(rule.needs):
            grouped.setdefault((rule.level, rule.table), []).append(rule)
    return [_compiled(pack, on, level, table, rules) for (level, table), rules in grouped.items()]


def _compiled(
    pack: Pack, on: date, level: str, table: str | None, rules: list[CrossCheck]
) -> RuleGroup:
    scope = pack.scope(on, level=level, table=table or "")
    conditions = {rule.id: check_bool(rule.when, scope) for rule in rules}
    return RuleGroup(level, table, tuple(rules), Program(scope, conditions))
