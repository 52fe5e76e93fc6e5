"""Sums of parts are the sums of the whole, and the rates are those of the measures library."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.identify.areas import Areas
from jingzhun.identify.measures import Conventions
from jingzhun.identify.measures.incomes import Incomes
from jingzhun.identify.measures.linearised import Settings
from jingzhun.identify.measures.poverty import fgt
from jingzhun.identify.summary import summary
from jingzhun.identify.sums import combine

from .support import NEIGHBOUR, OTHER_COUNTY, OTHER_PREFECTURE, VILLAGE, household, sums_of

_members = st.lists(
    st.fixed_dictionaries(
        {
            "relation": st.sampled_from(["01", "02", None]),
            "ethnicity": st.sampled_from(["01", "26", None]),
            "health": st.sampled_from([None, [], ["01"], ["02", "04"]]),
            "record_state": st.sampled_from(["1", "2", None]),
        }
    ),
    max_size=4,
)
_fields = st.fixed_dictionaries(
    {
        "village_code": st.sampled_from([VILLAGE, NEIGHBOUR, OTHER_COUNTY, OTHER_PREFECTURE]),
        "wage_employment_yuan": st.none() | st.integers(0, 40_000),
        "expense_planting_yuan": st.integers(0, 5_000),
        "main_cause": st.sampled_from(["01", "07", None]),
        "other_causes": st.sampled_from([None, [], ["02"], ["02", "03"]]),
        "is_registered": st.sampled_from([True, False, None]),
        "persons_year_end": st.sampled_from([None, 3]),
        "members": _members,
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_fields, max_size=12), st.integers(1, 4), st.randoms(use_true_random=False))
def test_any_split_into_parts_gives_the_same_summary(
    rows: list[dict[str, Any]], parts: int, shuffle: Any
) -> None:
    homes = [household(f"h{i}", **row) for i, row in enumerate(rows)]
    split: list[list[dict[str, Any]]] = [[] for _ in range(parts)]
    for home in homes:
        split[shuffle.randrange(parts)].append(home)

    whole = summary(combine([sums_of(*homes)]), Areas())
    added = summary(combine([sums_of(*part) for part in split]), Areas())

    assert json.dumps(whole) == json.dumps(added)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(-2_000, 12_000), st.integers(1, 8)), min_size=1, max_size=30))
def test_rates_are_those_of_the_measures_library(pairs: list[tuple[int, int]]) -> None:
    homes = [
        household(f"h{i}", income=max(y, 0) * n, expense_planting_yuan=max(-y, 0) * n, size=n)
        for i, (y, n) in enumerate(pairs)
    ]
    incomes = Incomes.of(
        np.array([float(y) for y, _ in pairs]), np.array([float(n) for _, n in pairs])
    )
    chosen = Settings(line=3000.0, conventions=Conventions())

    found = summary(sums_of(*homes), Areas())

    names = ("headcount_rate", "poverty_gap_rate", "poverty_severity")
    for alpha, name in enumerate(names):
        assert found[name] == pytest.approx(fgt(incomes, chosen, float(alpha)), abs=1e-6)
    assert found["income"]["median_per_capita_yuan"] == incomes.quantile(
        0.5, chosen.conventions.quantile
    )
