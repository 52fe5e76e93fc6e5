"""Facts that village and county rules may read beside their own record; counted by the evaluation."""

from __future__ import annotations

from jingzhun.policy.cel.scope import FieldInfo
from jingzhun.policy.cel.tree import Kind, Type

HOUSEHOLD_FACTS = (
    "register_households",
    "register_persons",
    "passed_persons",
    "failed_persons",
    "not_assessable_persons",
    "not_exited_persons",
    "wrongly_exited_persons",
    "missed_persons",
    "poor_persons",
)
"""Counted over the households of a village or county, judged by the household profiles that count."""

VILLAGE_FACTS = ("villages_total", "villages_poor", "villages_exited")
"""Counted over the villages of a county."""


def facts_of(level: str) -> dict[str, FieldInfo]:
    """The facts a rule of this level may read; none for households and persons."""
    names = {"village": HOUSEHOLD_FACTS, "county": (*HOUSEHOLD_FACTS, *VILLAGE_FACTS)}
    count = FieldInfo(Type(Kind.INT, nullable=True, low=0, high=10**10))
    return dict.fromkeys(names.get(level, ()), count)
