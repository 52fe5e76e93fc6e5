"""Definitions: names that the pack's rules may use in place of an expression."""

from __future__ import annotations

from typing import Literal

from jingzhun.policy.base import Name, PackModel
from jingzhun.standard.labels import Label


class Definition(PackModel):
    """A name for an expression about a household, one person (`m.<id>`), a village or a county."""

    id: Name
    level: Literal["household", "person", "village", "county"] = "household"
    label: Label
    unit: str | None = None
    expression: str
    source: str
    default: bool
