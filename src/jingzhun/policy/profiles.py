"""Exit profiles: what is asked before a household, village or county counts as lifted out."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from jingzhun.policy.base import Confidence, Id, Name, PackModel
from jingzhun.standard.labels import Label

WEIGHTS = 100
"""Weights of a weighted profile add up to this."""


class Indicator(PackModel):
    """One question of a profile. `met` gives yes or no, `score` gives 0 to 100; one of the two is set.

    Expressions are CEL texts. `advice` tells the household and its helper what would change the answer.
    """

    id: Name
    label: Label
    weight: float | None = Field(default=None, ge=0, le=WEIGHTS)
    veto: bool
    met: str | None = None
    score: str | None = None
    value: str | None = None
    threshold: str | None = None
    unit: str | None = None
    source: str
    confidence: Confidence
    default: bool
    note: Label | None = None
    advice: Label

    @model_validator(mode="after")
    def _one_question(self) -> Indicator:
        if (self.met is None) == (self.score is None):
            raise ValueError("an indicator has either  met:  (yes or no) or  score:  (0 to 100)")
        return self


class Profile(PackModel):
    """Indicators that are judged together, valid from a date until (not including) another.

    With a `pass_mark` the weights add up to 100 and the score must reach it; without one, no unmet veto
    is enough. `missing` says that an unknown answer is neither met nor unmet.
    """

    id: Id = Field(alias="profile")
    level: Literal["household", "village", "county"]
    label: Label
    description: Label
    source: str
    confidence: Confidence
    default: bool
    valid_from: date
    valid_until: date | None = None
    pass_mark: float | None = Field(default=None, ge=0, le=WEIGHTS)
    income_rule: Id | None = None
    missing: Literal["not_assessable"] = "not_assessable"
    indicators: tuple[Indicator, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _weights(self) -> Profile:
        weights = [indicator.weight for indicator in self.indicators]
        if self.pass_mark is None:
            if any(weight is not None for weight in weights):
                raise ValueError("weights need a pass_mark; without one write  weight: null")
            if not any(indicator.veto for indicator in self.indicators):
                raise ValueError("without pass_mark and without any veto everybody would pass")
            return self
        given = [weight for weight in weights if weight is not None]
        if len(given) < len(weights):
            raise ValueError("with a pass_mark every indicator needs a weight")
        if abs(sum(given) - WEIGHTS) > 1e-9:
            raise ValueError(f"the weights add up to {sum(given):g}; they must add up to {WEIGHTS}")
        return self

    def is_valid(self, on: date) -> bool:
        """Whether the profile holds on a date."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator of this id; KeyError when there is none."""
        return {indicator.id: indicator for indicator in self.indicators}[indicator_id]
