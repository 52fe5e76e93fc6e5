"""Parameters of how people live, and of villages and counties: `living.yaml`, `areas.yaml`."""

from __future__ import annotations

from jingzhun.sample.parameters.types import Pair, Part, Terrain, Yearly


class Housing(Part):
    """Houses: danger, repair, relocation."""

    dangerous_d: float
    safe_a: float
    repaired: float
    relocated: float
    relocation_from: int
    certificate: float
    area_per_person: Pair
    structures: dict[str, tuple[float, ...]]


class Water(Part):
    """Drinking water: litres where it is safe, and which test fails where it is not."""

    safe_litres: Pair
    unsafe: dict[str, float]


class Land(Part):
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


class Help(Part):
    """Helpers and kinds of help."""

    helpers: tuple[float, ...]
    affiliation: dict[str, float]
    measures: dict[str, float]


class Villages(Part):
    """Which villages there are and how households lie in them."""

    households_each: int
    poor: dict[str, float]
    deep: Yearly
    poor_weight: float
    same_ethnicity: float
    size_spread: float


class Living(Part):
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


class CountyFigures(Part):
    """Figures of a county beside its villages."""

    rural_share: float
    gdp_per_person: Pair
    revenue_of_gdp: Pair


class Areas(Part):
    """`areas.yaml`: villages and counties."""

    status: str
    persons_per_household: float
    natural_village_persons: float
    village_incidence_limit: float
    shares_of_persons: dict[str, Pair]
    shares_of_households: dict[str, Pair]
    pension_of_labour: Pair
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
