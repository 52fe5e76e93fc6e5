"""The gate between exact and published figures: small ones are hidden everywhere, and none can be worked out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from invented_summary import OUTCOMES, make_summary

from jingzhun.disclosure.marks import HIDDEN, is_hidden
from jingzhun.errors import InputError
from jingzhun.report.public import public_summary

Row = dict[str, Any]
# Not counts of households or persons: settings, dates, places, technical figures, villages.
NOT_PEOPLE = {
    "format", "period", "line", "profiles", "from", "to", "seconds", "peak_memory_mib", "suppression_limit",
    "villages", "villages_poor", "hidden_figures", "comparison.from", "comparison.to", "rules", "age_days",
}  # fmt: skip


@cache
def published(households: int) -> Row:
    """The public summary of an invented register of this size; tests only read it."""
    return public_summary(make_summary(households))


def counts(node: Any, path: str = "") -> Iterator[tuple[str, int]]:
    """Every whole number of the summary that counts households, persons or findings, with its path."""
    pairs = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, child in pairs:
        if key not in NOT_PEOPLE and not (
            isinstance(node, dict) and node.get("table") == "villages"
        ):
            yield from counts(child, f"{path}.{key}")
    if isinstance(node, int) and not isinstance(node, bool):
        yield path, node


@pytest.mark.parametrize("households", [3, 60, 900, 20_000, 1_010_000])
def test_no_count_under_the_limit_is_published(households: int) -> None:
    public = published(households)
    assert [path for path, n in counts(public) if 0 < n < 5] == []


@pytest.mark.parametrize("households", [3, 30, 60, 99])
def test_a_register_of_few_households_shows_no_count_but_zeros(households: int) -> None:
    public = published(households)
    rates = [
        row[name] for row in public["by_county"] for name in ("headcount_rate", "poverty_gap_rate")
    ]

    assert public["too_few"]
    assert [path for path, n in counts(public) if n] == []
    assert set(rates) <= {HIDDEN, None, 0}


def test_a_register_of_twenty_times_the_limit_is_published() -> None:
    assert not published(100)["too_few"]


def test_what_an_audit_found_in_a_county_of_few_households_is_hidden() -> None:
    summary = make_summary(900)
    public = public_summary(summary)
    few = {row["code"] for row in public["by_county"] if is_hidden(row["registered_households"])}
    told = [row for rows in public["counties"].values() for row in rows if row["code"] in few]

    assert told
    assert {row[rate] for row in told for rate in ("wrong_exit_rate", "missed_rate")} <= {
        HIDDEN,
        None,
    }


def test_the_limit_is_that_of_the_pack() -> None:
    summary = make_summary(900)
    summary["suppression_limit"] = 12
    assert [path for path, n in counts(public_summary(summary)) if 0 < n < 12] == []


def test_a_key_that_is_not_declared_is_not_published() -> None:
    summary = {**make_summary(900), "household_rows": [{"name": "secret"}]}
    summary["by_county"][0]["head_names"] = ["secret"]
    assert "secret" not in json.dumps(public_summary(summary))


def test_a_summary_of_another_format_is_refused() -> None:
    with pytest.raises(InputError, match="format 9"):
        public_summary({"format": 9})


def test_a_run_that_only_checked_has_no_figures_but_those() -> None:
    whole = make_summary(900)
    kept = {"format", "pack", "on", "period", "line", "welfare", "suppression_limit", "findings"}
    public = public_summary({key: whole[key] for key in kept})
    assert public["parts"] == {"identify": False, "evaluate": False, "check": True}
    assert public["by_county"] == []


def test_the_exact_summary_is_not_changed() -> None:
    summary = make_summary(900)
    public_summary(summary)
    assert summary == make_summary(900)


def test_most_figures_of_a_whole_province_stay() -> None:
    public = published(1_010_000)
    assert public["hidden_figures"] < 500
    assert not any(is_hidden(county["headcount_rate"]) for county in public["by_county"])
    assert public["poor_persons"] == make_summary()["poor_persons"]


def test_rates_of_hidden_counts_are_hidden() -> None:
    public = published(20_000)
    areas = [*public["by_county"], *public["by_township"]]
    hidden = [area for area in areas if is_hidden(area["poor_persons"])]
    assert hidden
    assert {area["headcount_rate"] for area in hidden} <= {HIDDEN, None}


def test_a_rate_does_not_tell_how_few_are_not_known() -> None:
    public = published(20_000)
    few = [c for c in public["by_county"] if is_hidden(c["unknown_persons"])]
    shown = [county for county in few if not is_hidden(county["headcount_rate"])]
    assert shown
    assert all(c["headcount_rate"] == c["poor_persons"] / c["persons"] for c in shown)


def test_persons_are_hidden_where_their_households_are() -> None:
    public = published(20_000)
    for area in [*public["by_county"], *public["by_township"]]:
        assert not is_hidden(area["poor_households"]) or is_hidden(area["poor_persons"])


def test_the_order_of_rows_does_not_tell_hidden_counts() -> None:
    public = published(20_000)
    lists = {"n": public["findings"]["by_rule"], "households": public["causes"]}
    for key, rows in lists.items():
        shown = [row[key] for row in rows if not is_hidden(row[key])]
        assert shown == sorted(shown, reverse=True)
        assert all(is_hidden(row[key]) for row in rows[len(shown) :])


def test_a_people_of_three_persons_is_hidden_with_its_companion() -> None:
    public = published(1_010_000)
    hidden = [
        row["code"] for row in public["distribution"]["ethnicity"] if is_hidden(row["persons"])
    ]
    assert "JN" in hidden
    assert len(hidden) > 1


def test_rejected_rows_about_persons_are_hidden_and_about_villages_shown() -> None:
    rows = {row["table"]: row for row in published(1_010_000)["imports"]}
    assert rows["persons"]["rejected"] == HIDDEN
    assert rows["persons"]["read"] == HIDDEN
    assert rows["villages"]["rejected"] == 2


def test_a_cumulative_share_runs_over_shown_counties_only() -> None:
    rows = published(20_000)["concentration"]
    shown = [row for row in rows if not is_hidden(row["poor_persons"])]
    assert rows[: len(shown)] == shown
    assert shown[-1]["cumulative_share"] < 1
    assert all(row["cumulative_share"] is None for row in rows[len(shown) :])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("households", [9, 60, 400])
def test_no_hidden_count_of_an_area_follows_from_the_others(households: int, seed: int) -> None:
    public = public_summary(make_summary(households, seed, prefectures=("6202", "6203")))
    assert exposed(public) == []


def exposed(public: Row) -> list[str]:
    """The hidden counts that follow by linear algebra from all shown ones: province, counties, townships."""
    unknown: dict[str, int] = {}
    rows: list[dict[str, int]] = []
    for terms in equations(public):
        row = {}
        for name, figure, sign in terms:
            if figure is None or is_hidden(figure):
                row[name] = sign
                unknown.setdefault(name, len(unknown))
        rows.append(row)
    matrix = np.zeros((len(rows) + 1, len(unknown)))
    for index, row in enumerate(rows):
        for name, sign in row.items():
            matrix[index, unknown[name]] = sign
    _, sizes, basis = np.linalg.svd(matrix)
    free = basis[int((sizes > 1e-9).sum()) :]
    fixed = np.abs(free).max(axis=0, initial=0) < 1e-7
    return [name for name, at in unknown.items() if fixed[at] and not name.startswith("rest")]


Term = tuple[str, Any, int]


def equations(public: Row) -> Iterator[list[Term]]:
    """Every sum a reader knows, as terms (name, published figure or None, sign) that add up to zero."""
    below = [("province", public, public["by_county"])]
    below += [
        (c["code"], c, [t for t in public["by_township"] if t["county_code"] == c["code"]])
        for c in public["by_county"]
    ]
    for name, area, parts in below:
        for key in keys(area, parts):
            yield [*(term(p["code"], p, key) for p in parts), negative(term(name, area, key))]
        yield from within(name, area)
    for township in public["by_township"]:
        yield from within(township["code"], township)


def keys(area: Row, parts: Sequence[Row]) -> list[str]:
    names = ["households", "persons", "poor_households", "poor_persons"]
    names += [n for n in ("unknown_households", "registered_households") if n in parts[0]]
    return names + [f"outcomes.{p}.{o}" for p in area["outcomes"] for o in OUTCOMES]


def within(name: str, area: Row) -> Iterator[list[Term]]:
    """Parts of an area's households and persons, with a rest nobody publishes."""
    parts = [term(name, area, k) for k in ("poor_households", "unknown_households") if k in area]
    yield [*parts, (f"rest.{name}.status", None, 1), negative(term(name, area, "households"))]
    yield [
        term(name, area, "poor_persons"),
        (f"rest.{name}.persons", None, 1),
        negative(term(name, area, "persons")),
    ]
    total = (f"rest.{name}.registered", None, -1)
    if "registered_households" in area:
        total = negative(term(name, area, "registered_households"))
    for profile in area["outcomes"]:
        yield [*(term(name, area, f"outcomes.{profile}.{o}") for o in OUTCOMES), total]


def term(name: str, area: Row, key: str) -> Term:
    figure: Any = area
    for step in key.split("."):
        figure = figure[step]
    return f"{name}.{key}", figure, 1


def negative(one: Term) -> Term:
    return one[0], one[1], -one[2]
