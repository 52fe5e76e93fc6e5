"""Parameters of mistakes and missing values: `noise.yaml`."""

from __future__ import annotations

from jingzhun.sample.parameters.types import Part


class Missing(Part):
    """Chance that a field is not known."""

    households: dict[str, float]
    water_survey: float
    income_item: float
    persons: dict[str, float]


class Noise(Part):
    """`noise.yaml`: mistakes, missing values, and columns the sample never fills."""

    status: str
    identity: dict[str, float]
    shared: dict[str, float]
    persons: dict[str, float]
    households: dict[str, float]
    missing: Missing
    never: dict[str, str]
