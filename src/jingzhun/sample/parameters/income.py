"""Parameters of income: `income.yaml`."""

from __future__ import annotations

from jingzhun.sample.parameters.types import Pair, Part, Terrain, Triple, Yearly


class Split(Part):
    """How what is left after transfers divides."""

    wage: float
    business: float
    property: float
    spread: float


class Business(Part):
    """Business income by line, and what it costs to earn."""

    planting: dict[Terrain, float]
    livestock: dict[Terrain, float]
    forestry_share: float
    other_share: float
    expense: dict[str, float]


class Income(Part):
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
    months_at_most: tuple[int, int]
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
