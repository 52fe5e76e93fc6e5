"""Parameters of the records of other departments: `external.yaml`."""

from __future__ import annotations

from typing import Any

from jingzhun.sample.parameters.types import Pair, Part


class Outsiders(Part):
    """People of the county who are not on file."""

    per_person: float
    namesakes: float
    same_birth_year: float
    same_birth_date: float
    poor: float
    births: tuple[float, ...]


class Care(Part):
    """How careless the records of a table are."""

    noise: float
    """Factor on all rates of noise."""
    no_area: float


class DeliveryTerms(Part):
    """What the import ledger says of every delivery."""

    basis: str
    purpose: str
    until: tuple[int, int]
    """Month and day up to which the records go."""
    received: tuple[int, int]
    """Days later: from, to."""


Settings = dict[str, Any]
"""Rates and amounts of one table, as `external.yaml` explains them."""


class External(Part):
    """`external.yaml`: who has which record, how persons are noted, what contradicts the register."""

    status: str
    outsiders: Outsiders
    noise: dict[str, float]
    equal_names: float
    tables: dict[str, Care]
    elsewhere: float
    lawful: float
    stale: float
    vehicles: Settings
    properties: Settings
    businesses: Settings
    payroll: Settings
    deposits: Settings
    deaths: Settings
    hukou_moves: Settings
    medical_insurance: Settings
    medical_costs: Settings
    pension: Settings
    school_roll: Settings
    disability: Settings
    allowance: Settings
    housing_grade: Settings
    relocation: Settings
    benefits: Settings
    deliveries: DeliveryTerms
    explanations: dict[str, dict[str, str]]
    syllables: dict[str, dict[str, tuple[str, ...]]]
    homophones: dict[str, str]
    look_alikes: dict[str, str]

    def pair(self, table: str, name: str) -> Pair:
        """Two numbers of a table's settings: a median and a spread, or the values of first and last year."""
        first, second = getattr(self, table)[name]
        return float(first), float(second)
