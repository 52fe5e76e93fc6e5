"""What a peer is given and what it must give: the files, the rule's constants, the shape of totals.

Written without Jingzhun, so that no peer needs it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

LINE = 3500.0
SIX, SEVEN, FOURTEEN, SIXTEEN = (date(2019 - years, 12, 31) for years in (6, 7, 14, 16))
"""Born until then: that age is completed on 2019-12-31."""
STEADY_MONTHS = 6
LITRES, MINUTES, SUPPLY = 20.0, 20, 0.9
WEIGHTS = {
    "income": 30,
    "housing": 20,
    "education": 15,
    "medical": 15,
    "water": 10,
    "capacity": 10,
}
VETOES = ("income", "housing")
PASS_MARK = 80

ABLE = ("01", "02")
OUT_OF_SCHOOL, NOT_YET, LEFT = "01", "02", "17"
MEDICAL_REASONS = ("illness", "disability")
NINE_GRADES = ("03", "04", "05", "05a", "05b")
ON_SUPPORT = ("rural", "urban")

INCOME = (
    *(f"wage_{name}_yuan" for name in ("employment", "public_post", "other")),
    *(f"business_{name}_yuan" for name in ("planting", "forestry", "livestock", "other")),
    "expense_subsidy_yuan",
    *(f"property_{name}_yuan" for name in ("dividend", "land_rent", "other")),
    *(
        f"transfer_{name}_yuan"
        for name in (
            "family_planning",
            "allowance",
            "special_hardship",
            "pension",
            "ecological",
            "disability",
            "farm_subsidy",
            "old_age",
            "reservoir",
            "long_term",
            "family_support",
        )
    ),
)
COSTS = tuple(f"expense_{name}_yuan" for name in ("planting", "forestry", "livestock", "other"))

Totals = dict[str, dict[str, int]]
"""County -> name -> registered households; names are outcomes, `not_met <item>` and `missing <item>`."""
NAMES = (
    "passed",
    "failed",
    "not_assessable",
    *(f"not_met {item}" for item in WEIGHTS),
    *(f"missing {item}" for item in WEIGHTS),
)


@dataclass(frozen=True)
class Source:
    """Parquet files and the columns to read of them."""

    households: list[str]
    persons: list[str]
    household_columns: list[str]
    person_columns: list[str]

    @classmethod
    def read(cls, path: Path) -> Source:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Peer:
    """One tool: `load` brings the columns into its memory, `compute` gives totals from there."""

    load: Callable[[Source], Any]
    compute: Callable[[Any], Totals]


def as_totals(rows: Mapping[str, Mapping[str, int]]) -> Totals:
    """Totals with every name, counties in order."""
    return {
        county: {name: int(rows[county].get(name, 0)) for name in NAMES} for county in sorted(rows)
    }
