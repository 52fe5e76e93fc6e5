"""Anticipated errors of cases."""

from __future__ import annotations

from jingzhun.errors import UserError


class CaseError(UserError):
    """A step of a case can't be made."""


class ObjectionError(UserError):
    """An objection can't be handed in, or not be answered."""
