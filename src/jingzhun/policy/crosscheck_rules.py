"""Cross-check rules: the register compared with the records that other departments hold of its people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from jingzhun.policy.base import Confidence, Name, PackModel
from jingzhun.policy.checks import Finding, Severity
from jingzhun.standard.labels import Label

RuleId = Annotated[str, Field(pattern=r"^[A-Z]{1,3}[0-9]{2}[a-z]?$")]
"""A letter or more, two digits, and a small letter for one of several rules of the same number: X13a."""

VerdictPath = Literal[
    "remove", "add", "reregister", "correct", "recover", "deliver", "refer", "monitor"
]
VERDICT_PATHS: dict[str, Label] = {
    "remove": Label(en="take off the register", zh="清退"),
    "add": Label(en="take onto the register", zh="补录"),
    "reregister": Label(en="take back onto the register", zh="重新纳入"),
    "correct": Label(en="correct the record", zh="更正信息"),
    "recover": Label(en="recover the money", zh="追缴资金"),
    "deliver": Label(en="deliver what is due", zh="落实待遇"),
    "refer": Label(en="refer to the responsible body", zh="移交处理"),
    "monitor": Label(en="monitor against falling back", zh="纳入监测"),
}
"""What may follow once somebody has looked and found the suspicion to be true; decided by persons, in order."""


class CrossCheck(PackModel):
    """One rule. `when` is true for a finding; unknown is no finding.

    A rule about a household or a person (`m`) reads linked records as the lists `m.<table>`; one about a
    record reads the fields of one external `table` bare, and is asked of records that belong to nobody on
    the register. `needs`: the external tables without which it can't be asked. A finding is a suspicion,
    not a verdict: `explanations` are the lawful reasons to offer first, `deadline_days` the time to look
    into it, `verdict_path` what may follow if it is true. `show` names the facts that a finding shows,
    never direct identifiers. Severity and deadline are always our own.
    """

    id: RuleId
    group: Name
    level: Literal["household", "person", "record"]
    table: Name | None = None
    needs: tuple[Name, ...] = ()
    label: Label
    finding: Finding
    severity: Severity
    when: str
    show: tuple[str, ...] = ()
    message: Label
    explanations: tuple[Label, ...] = Field(min_length=1)
    verdict_path: tuple[VerdictPath, ...] = Field(min_length=1)
    deadline_days: int = Field(ge=1)
    note: Label | None = None
    source: str
    confidence: Confidence
    default: bool

    @model_validator(mode="after")
    def _one_table(self) -> CrossCheck:
        if self.level == "record" and self.table is None:
            raise ValueError("a rule about records names the  table:  whose records are judged")
        if self.level != "record" and self.table is not None:
            raise ValueError(
                "only a rule about records has a  table: ; others list theirs in  needs:"
            )
        return self
