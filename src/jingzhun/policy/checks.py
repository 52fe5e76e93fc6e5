"""Checks: rules that make a finding of a record that contradicts itself or leaves something out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jingzhun.policy.base import Confidence, Name, PackModel
from jingzhun.standard.labels import Label

Finding = Literal[
    "data_error",
    "wrongly_included",
    "missed",
    "wrongly_exited",
    "not_delivered",
    "undue_benefit",
    "duplicate",
]
FINDINGS: dict[str, Label] = {
    "data_error": Label(en="data error", zh="信息错误"),
    "wrongly_included": Label(en="wrongly included", zh="疑似错评"),
    "missed": Label(en="missed", zh="疑似漏评"),
    "wrongly_exited": Label(en="wrongly exited", zh="疑似错退"),
    "not_delivered": Label(en="entitled and not delivered", zh="应享未享"),
    "undue_benefit": Label(en="undue benefit", zh="违规享受"),
    "duplicate": Label(en="duplicate", zh="重复"),
}
Severity = Literal["low", "medium", "high"]


class Check(PackModel):
    """One rule. `when` is true for a finding; unknown is no finding.

    A finding is a suspicion, not a verdict (domain.md 0.3): `explanations` are lawful reasons to offer
    before anybody decides, `deadline_days` is the time to look into it. `field` is the column shown.
    Severity and deadline are always our own defaults; `default` says so of the rule itself.
    """

    id: Name
    group: Name
    level: Literal["household", "person", "village"]
    label: Label
    finding: Finding
    severity: Severity
    when: str
    field: Name | None
    message: Label
    explanations: tuple[Label, ...] = ()
    deadline_days: int = Field(ge=1)
    source: str
    confidence: Confidence
    default: bool
