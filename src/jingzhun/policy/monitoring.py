"""Causes of poverty with the help that answers them, and monitoring against return to poverty, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jingzhun.policy.base import Confidence, Name, PackModel
from jingzhun.standard.labels import Label


class Cause(PackModel):
    """A cause (code list poverty_cause) with the kinds of help (help_measure) that answer it, best first.

    `kind` says what such help mostly is: own earning (making), care (covered), or both (mixed).
    """

    code: str
    kind: Literal["making", "covered", "mixed"]
    measures: tuple[str, ...]
    default: bool


class CauseFile(PackModel):
    """The causes a pack reports."""

    source: str
    confidence: Confidence
    causes: tuple[Cause, ...]


class MonitoringClass(PackModel):
    """A class of monitored households (code list monitoring_class) and whether its income is capped."""

    code: str
    income_capped: bool


class Colour(PackModel):
    """A warning colour: the order of home visits, never a status. `visit_within` names a parameter."""

    id: Name
    label: Label
    when: str
    visit_within: Name
    message: Label
    source: str
    confidence: Confidence
    default: bool


class Step(PackModel):
    """A step of the recognition procedure; `within` names a parameter in working days, null if not set."""

    id: Name
    label: Label
    within: Name | None


class Monitoring(PackModel):
    """How exited and marginal households are watched (2020 onward). Source: domain.md 5."""

    line: Name
    source: str
    confidence: Confidence
    classes: tuple[MonitoringClass, ...]
    maximum_risks: int = Field(ge=1)
    colours: tuple[Colour, ...]
    procedure: tuple[Step, ...]
