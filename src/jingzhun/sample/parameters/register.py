"""Parameters of counties and of the register: `counties.yaml`, `register.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jingzhun.sample.parameters.types import Part, Terrain, Yearly


class County(Part):
    """One county unit of Gansu: its real code, kind and exit year, and invented calibrations."""

    code: str = Field(pattern=r"^\d{6}$")
    name: str
    rural: float
    """Registered rural population, 10,000 persons."""
    incidence: float
    """Share of it registered as poor at the end of 2013, percent."""
    kind: Literal["contiguous", "scattered", "other"]
    exit: int | None = None
    terrain: Terrain
    old_code: str | None = None
    old_until: int | None = None
    mix: dict[str, float] | None = None


class Counties(Part):
    """`counties.yaml`."""

    status: str
    default_mix: dict[str, float]
    counties: tuple[County, ...]


class Groups(Part):
    """Households by what became of them, as shares of the households registered at the end."""

    added: float
    removed: float
    unregistered: float
    dissolved: float


class Attributes(Part):
    """Allowance and special-hardship households."""

    special_hardship: float
    allowance: Yearly
    allowance_no_labour: float
    allowance_unregistered: float


class Register(Part):
    """`register.yaml`: who is registered, why, and who leaves."""

    status: str
    first_year: int
    last_year: int
    groups: Groups
    look_back_years: Yearly
    wrongly_included_kept: float
    unregistered_poor: float
    remaining: Yearly
    curves: dict[int, Yearly]
    income_and_exit: float
    returns: dict[str, float]
    wrong_exit: float
    wrong_exit_on_record: float
    causes: dict[str, float]
    eligible: dict[str, float]
    other_causes: dict[str, float]
    attributes: Attributes
    provincial_standard: float
    military_family: float
    no_exit_reasons: dict[str, float]
    hidden_assets: dict[str, float]
    audit: dict[str, float]
