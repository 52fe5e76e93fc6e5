"""What the rules of a pack bring to the work on their findings: words, lawful explanations, days."""

from __future__ import annotations

from jingzhun.policy.crosschecks import CrossCheck
from jingzhun.standard.labels import Label
from jingzhun_web.areas.packs import pack

DAYS = 10
"""Days for a step where the rule is no longer in the pack. DEFAULT: our own."""


def names() -> list[str]:
    """Rules of the pack."""
    return sorted(pack().crosschecks)


def rule(name: str) -> CrossCheck | None:
    """A rule of the pack; None when it has been taken out since."""
    return pack().crosschecks.get(name)


def label(name: str) -> Label:
    """A rule in words."""
    found = rule(name)
    return Label(en=name, zh=name) if found is None else found.label


def explanations(name: str) -> tuple[Label, ...]:
    """The lawful explanations to offer before anybody judges."""
    found = rule(name)
    return () if found is None else found.explanations


def days(name: str) -> int:
    """How many days a step may take."""
    found = rule(name)
    return DAYS if found is None else found.deadline_days
