"""Kinds of values that parameters have, and the base of all parameter models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Yearly = dict[int, float]
Pair = tuple[float, float]
Triple = tuple[float, float, float]
Terrain = Literal["mountain", "hill", "plateau", "plain", "pasture"]


class Part(BaseModel):
    """A part of the parameters: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")
