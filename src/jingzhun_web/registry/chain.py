"""Who must accept a change, as data: the village proposes, the township reviews, the county approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right


class Standing(models.TextChoices):
    """Where a change stands."""

    OPEN = "open", _("waiting")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True)
class Step:
    """One step of the chain: its name, and the right that whoever takes it must hold in the area."""

    name: str
    right: Right


CHAIN: Sequence[Step] = (
    Step("review", Right.REVIEW_CHANGES),
    Step("approve", Right.APPROVE_CHANGES),
)
"""Lowest first; the last one applies the change."""


def first_step(by: Actor, area: int) -> Step:
    """The step that a proposal of somebody waits for: above their own, and always the last at least."""
    above = 0
    for place, step in enumerate(CHAIN):
        if by.may(step.right, area):
            above = place + 1
    return CHAIN[min(above, len(CHAIN) - 1)]


def step_called(name: str) -> Step:
    """The step of a name."""
    return next(step for step in CHAIN if step.name == name)


def step_after(step: Step) -> Step | None:
    """The next step; None after the last."""
    place = CHAIN.index(step) + 1
    return CHAIN[place] if place < len(CHAIN) else None
