"""The parameters of the sample province: the YAML files in `data/`, checked and typed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from jingzhun.sample.name_tables import NameTables

DATA = Path(__file__).parent / "data"
Yearly = dict[int, float]
Pair = tuple[float, float]
Triple = tuple[float, float, float]
Terrain = Literal["mountain", "hill", "plateau", "plain", "pasture"]
Model = TypeVar("Model", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class County(_Part):
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


class Counties(_Part):
    """`counties.yaml`."""

    status: str
    default_mix: dict[str, float]
    counties: tuple[County, ...]


class Groups(_Part):
    """Households by what became of them, as shares of the households registered at the end."""

    added: float
    removed: float
    unregistered: float
    dissolved: float


class Attributes(_Part):
    """Allowance and special-hardship households."""

    special_hardship: float
    allowance: Yearly
    allowance_no_labour: float


class Register(_Part):
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


class HouseholdKind(_Part):
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


class Family(_Part):
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


class Schooling(_Part):
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


class EducationOfCohort(_Part):
    """Highest level of adults born up to a year, cumulative shares from illiterate upward."""

    until: int
    cumulative: tuple[float, ...]


class Health(_Part):
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


class Labour(_Part):
    """Ability to work and training."""

    skilled: Yearly
    trained: Yearly
    weak_60s: float
    chronic_lost: float
    disabled_lost: float


class Insurance(_Part):
    """Medical and pension insurance."""

    medical_gap: Yearly
    within: float
    employee: float
    critical_gap: float
    pension: Yearly


class Population(_Part):
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


class Housing(_Part):
    """Houses: danger, repair, relocation."""

    dangerous_d: float
    safe_a: float
    repaired: float
    relocated: float
    relocation_from: int
    certificate: float
    area_per_person: Pair
    structures: dict[str, tuple[float, ...]]


class Water(_Part):
    """Drinking water: litres where it is safe, and which test fails where it is not."""

    safe_litres: Pair
    unsafe: dict[str, float]


class Land(_Part):
    """Land in mu."""

    cultivated_per_person: dict[Terrain, float]
    spread: float
    at_most: float
    irrigated: dict[Terrain, float]
    forest: dict[str, float]
    returned_forest: dict[str, float]
    fruit: dict[str, float]
    grassland: dict[str, float]
    pasture: dict[str, float]
    water: dict[str, float]


class Help(_Part):
    """Helpers and kinds of help."""

    helpers: tuple[float, ...]
    affiliation: dict[str, float]
    measures: dict[str, float]


class Villages(_Part):
    """Which villages there are and how households lie in them."""

    households_each: int
    poor: dict[str, float]
    deep: Yearly
    poor_weight: float
    same_ethnicity: float
    size_spread: float


class Living(_Part):
    """`living.yaml`: housing, water, energy, land, help, villages."""

    status: str
    county_spread: float
    by_county_exit: Yearly
    after_exit: dict[str, Yearly]
    before_exit: dict[str, Yearly]
    housing_if_income_good: float
    housing: Housing
    water: Water
    shares: dict[str, Pair]
    fuel: dict[int, tuple[float, ...]]
    entry_road: dict[int, tuple[float, ...]]
    trunk_road_km: Pair
    land: Land
    help: Help
    villages: Villages


class Split(_Part):
    """How what is left after transfers divides."""

    wage: float
    business: float
    property: float
    spread: float


class Business(_Part):
    """Business income by line, and what it costs to earn."""

    planting: dict[Terrain, float]
    livestock: dict[Terrain, float]
    forestry_share: float
    other_share: float
    expense: dict[str, float]


class Income(_Part):
    """`income.yaml`: income per person and how it divides over the items."""

    status: str
    median: Yearly
    spread_lasting: float
    spread_year: float
    county_factor: Yearly
    county_spread: float
    national_line: Yearly
    exit_line: Yearly
    exited_margin: Pair
    poor_below: Pair
    shortfall: Pair
    true_spread: float
    wrongly_included_factor: Pair
    unregistered_factor: float
    unregistered_overstated: Pair
    split: Split
    worker_households: Yearly
    monthly_pay: Yearly
    pay_spread: float
    least_wage: float
    months_at_most: int
    work_places: dict[str, float]
    public_post: Yearly
    public_post_pay: int
    public_posts: dict[str, float]
    business: Business
    transfers: dict[str, Pair]
    at_most: dict[str, float]
    chances: dict[str, float]
    awards_from: int
    receipts: dict[str, float | Triple]
    debt: Triple
    consumption: Pair
    schooling: Pair
    medical: Pair


class CountyFigures(_Part):
    """Figures of a county beside its villages."""

    rural_share: float
    gdp_per_person: Pair
    revenue_of_gdp: Pair


class Areas(_Part):
    """`areas.yaml`: villages and counties."""

    status: str
    persons_per_household: float
    natural_village_persons: float
    village_incidence_limit: float
    shares_of_persons: dict[str, Pair]
    shares_of_households: dict[str, Pair]
    outside_register: dict[str, Pair]
    chances: dict[str, Pair]
    natural_villages: dict[str, Pair]
    teams_from: int
    collective_income_10k_yuan: Pair
    farm_inn_income_yuan: Pair
    farmers_income: Pair
    area_mu_per_person: dict[Terrain, float]
    county: CountyFigures
    missing: dict[str, float]


class Missing(_Part):
    """Chance that a field is not known."""

    households: dict[str, float]
    water_survey: float
    income_item: float
    persons: dict[str, float]


class Noise(_Part):
    """`noise.yaml`: mistakes, missing values, and columns the sample never fills."""

    status: str
    identity: dict[str, float]
    shared: dict[str, float]
    persons: dict[str, float]
    households: dict[str, float]
    missing: Missing
    never: dict[str, str]


class Parameters(_Part):
    """All parameters of the sample."""

    counties: Counties
    registry: Register
    population: Population
    living: Living
    income: Income
    areas: Areas
    noise: Noise
    names: NameTables

    @property
    def years(self) -> range:
        """The years that the sample knows."""
        return range(self.registry.first_year, self.registry.last_year + 1)


def between(pair: Pair, year: int, years: range) -> float:
    """The value of a year on the straight line from the first year's to the last year's."""
    share = (year - years[0]) / (years[-1] - years[0])
    return pair[0] + (pair[1] - pair[0]) * share


def _load(model: type[Model], name: str) -> Model:
    content: Any = YAML(typ="safe").load(DATA / f"{name}.yaml")
    return model.model_validate(content)


@cache
def load() -> Parameters:
    """The parameters that ship with Jingzhun."""
    return Parameters(
        counties=_load(Counties, "counties"),
        registry=_load(Register, "register"),
        population=_load(Population, "population"),
        living=_load(Living, "living"),
        income=_load(Income, "income"),
        areas=_load(Areas, "areas"),
        noise=_load(Noise, "noise"),
        names=_load(NameTables, "names"),
    )


def file_hashes() -> dict[str, str]:
    """File name -> SHA-256 of every parameter file, for the manifest."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(DATA.glob("*.yaml"))}
