"""Cases: households that officers can read, with the outcome the rules must give."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from jingzhun.policy.base import Id, Name, PackModel
from jingzhun.policy.crosscheck_rules import RuleId
from jingzhun.standard.labels import Label

State = Literal["met", "not_met", "not_assessable"]
Finding = Literal[True, False, "unknown"]


class Expect(PackModel):
    """What must come out: of a profile its outcome and more, of a check whether it makes a finding."""

    outcome: Literal["passed", "failed", "not_assessable"] | None = None
    score: float | None = None
    vetoes: tuple[Name, ...] | None = None
    missing: tuple[Name, ...] | None = None
    indicators: dict[str, State] = Field(default_factory=dict)
    finding: Finding | None = None


class Case(PackModel):
    """One invented household (or village, county, record) and what a profile or a rule must say of it.

    Columns that are not written are not known. A member's records stand in its row as lists by table:
    `vehicles: [{kind: car}]`, `vehicles: []`; where no member has the list, the table is not known. For a
    rule about persons, `expect.finding` is about the first member; one about records is asked of `record`.
    `area` decides parameters that differ between areas; else the household's village.
    """

    id: Id = Field(alias="case")
    text: Label
    on: date
    profile: Id | None = None
    check: Name | None = None
    crosscheck: RuleId | None = None
    area: str | None = None
    base: Id | None = None
    """Id of a template in the same file; what is written here replaces or adds to it."""
    household: dict[str, Any] = Field(default_factory=dict)
    members: tuple[dict[str, Any], ...] = ()
    village: dict[str, Any] = Field(default_factory=dict)
    county: dict[str, Any] = Field(default_factory=dict)
    record: dict[str, Any] = Field(default_factory=dict)
    expect: Expect

    @model_validator(mode="after")
    def _one_subject(self) -> Case:
        named = [name for name in (self.profile, self.check, self.crosscheck) if name is not None]
        if len(named) != 1:
            raise ValueError("a case names a  profile: , a  check:  or a  crosscheck:")
        if self.profile is None and self.expect.finding is None:
            raise ValueError(
                "a case of a check says  expect: {finding: true}  (or false, or unknown)"
            )
        if self.profile is not None and self.expect.outcome is None:
            raise ValueError("a case of a profile says  expect: {outcome: passed}  (or another)")
        return self


class Template(PackModel):
    """A household that several cases start from."""

    id: Id = Field(alias="template")
    household: dict[str, Any] = Field(default_factory=dict)
    members: tuple[dict[str, Any], ...] = ()
    village: dict[str, Any] = Field(default_factory=dict)
    county: dict[str, Any] = Field(default_factory=dict)


class CaseFile(PackModel):
    """A file of cases with the templates they start from."""

    templates: tuple[Template, ...] = ()
    cases: tuple[Case, ...]


def on_template(case: Case, templates: dict[str, Template]) -> Case:
    """The case with the columns of its template filled in; members of the case replace the template's.

    A member written as `{base: 2, ...}` starts from the template's second member. KeyError when the
    template does not exist.
    """
    if case.base is None:
        return case
    template = templates[case.base]
    members = tuple(_member(member, template) for member in case.members) or template.members
    return case.model_copy(
        update={
            "household": {**template.household, **case.household},
            "members": members,
            "village": {**template.village, **case.village},
            "county": {**template.county, **case.county},
        }
    )


def _member(member: dict[str, Any], template: Template) -> dict[str, Any]:
    number = member.get("base")
    if number is None:
        return member
    own = {name: value for name, value in member.items() if name != "base"}
    return {**template.members[int(number) - 1], **own}
