"""Parameters of households and their members: `population.yaml`."""

from __future__ import annotations

from pydantic import Field

from jingzhun.sample.parameters.types import Pair, Part, Yearly


class HouseholdKind(Part):
    """A kind of household at the end of the first year, with chances of each member."""

    id: str
    weight: float
    head_age: Pair
    female_head: float
    spouse: float
    children: tuple[float, ...] = Field(min_length=5, max_length=5)
    father: float
    mother: float
    sibling: float


class Family(Part):
    """How families grow and part; ages and spaces in years, [low, high] unless said otherwise."""

    husband_older: Pair
    first_birth_age: Pair
    spacing: Pair
    daughter_marries_age: Pair
    daughter_leaves: float
    uxorilocal: float
    son_marries_age: Pair
    son_marries: float
    younger_son_leaves_age: Pair
    younger_son_leaves: float
    grandchildren: tuple[float, ...]
    father_older: Pair
    mother_older: Pair
    parents_until: float
    sibling_apart: Pair
    boys: float
    mixed_marriage: float


class Schooling(Part):
    """Chances on the way through school."""

    continue_: float = Field(alias="continue")
    vocational: float
    repeat: float
    tertiary: float
    higher_vocational: float
    bachelor: float
    preschool: Yearly
    dropout: Yearly
    dropout_not_exited: float
    unable: float
    aversion: float


class EducationOfCohort(Part):
    """Highest level of adults born up to a year, cumulative shares from illiterate upward."""

    until: int
    cumulative: tuple[float, ...]


class Health(Part):
    """Shares of conditions by age, and what a disability is like."""

    ages: tuple[float, ...]
    chronic: tuple[float, ...]
    serious: tuple[float, ...]
    disabled: tuple[float, ...]
    patient_serious: float
    certificate: float
    certificate_as_document: float
    classes: tuple[float, ...]
    grades: tuple[float, ...]


class Labour(Part):
    """Ability to work and training."""

    skilled: Yearly
    trained: Yearly
    weak_60s: float
    chronic_lost: float
    disabled_lost: float


class Insurance(Part):
    """Medical and pension insurance."""

    medical_gap: Yearly
    within: float
    employee: float
    critical_gap: float
    pension: Yearly


class Population(Part):
    """`population.yaml`: households, members, schooling, health, labour."""

    status: str
    household_kinds: tuple[HouseholdKind, ...]
    family: Family
    death: dict[str, float]
    schooling: Schooling
    education: tuple[EducationOfCohort, ...]
    illiteracy_factor: dict[str, float]
    illiteracy_women: float
    mandarin: dict[str, float]
    health: Health
    labour: Labour
    insurance: Insurance
    political: dict[str, float]
