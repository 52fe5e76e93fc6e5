"""Identification and comparison of a workspace on disk, with the pack of Gansu."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jingzhun.errors import ParameterError, UserError
from jingzhun.frames.workspace import Workspace
from jingzhun.identify.areas import Areas
from jingzhun.identify.breakdown import breakdown
from jingzhun.identify.comparison_job import compare_job
from jingzhun.identify.job import IdentifyJob
from jingzhun.identify.rules import GROUPS, Rules
from jingzhun.identify.status import RESULT
from jingzhun.identify.sums import combine
from jingzhun.policy.pack import Pack, load_pack

from .support import two_periods

ON = date(2019, 12, 31)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("gansu")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return two_periods(tmp_path_factory.mktemp("ws") / "w")


def test_counties_are_identified_one_by_one(workspace: Workspace, pack: Pack) -> None:
    job = IdentifyJob(Rules.of_pack(pack, ON), 2019, Areas({"622926000000": "东乡族自治县"}))

    parts = [job.county(workspace, county) for county in job.counties(workspace)]
    found = job.finish(sums for _, sums in parts)

    assert job.counties(workspace) == ["620121", "622926"]
    assert all(tuple(table.columns) == RESULT for table, _ in parts)
    assert parts[1][0].get_column("household_id").to_list() == ["entered", "left", "stayed"]
    assert (found["households"], found["poor_households"]) == (5, 3)
    assert [c["name"] for c in found["by_county"]] == ["620121", "东乡族自治县"]


def test_an_area_limits_counties_and_households(workspace: Workspace, pack: Pack) -> None:
    whole = IdentifyJob(Rules.of_pack(pack, ON), 2019, Areas())

    for area, expected in {"6229": 3, "622926100201": 1, "6201": 2, "6230": 0}.items():
        job = replace(whole, area=area)
        sums = [job.county(workspace, county)[1] for county in job.counties(workspace)]
        assert job.finish(sums)["households"] == expected


def test_another_line_may_be_given(workspace: Workspace, pack: Pack) -> None:
    low = IdentifyJob(Rules.of_pack(pack, ON, line="999"), 2019, Areas())

    sums = [low.county(workspace, county)[1] for county in low.counties(workspace)]

    assert low.finish(sums)["poor_households"] == 0


def test_a_date_before_the_first_line_is_refused(pack: Pack) -> None:
    with pytest.raises(ParameterError):
        Rules.of_pack(pack, date(2001, 1, 1))


def test_a_breakdown_counts_by_any_dimensions(workspace: Workspace, pack: Pack) -> None:
    job = IdentifyJob(Rules.of_pack(pack, ON), 2019, Areas())
    by = ("county", "exit_status")

    parts = [job.tabulated(workspace, county, by) for county in job.counties(workspace)]
    rows = breakdown(combine(parts), by, Areas())

    shown = [(r["by"]["county"]["code"], r["by"]["exit_status"]["code"]) for r in rows]
    assert shown == [
        ("620121", "unknown"),
        ("622926", "exited"),
        ("622926", "unknown"),
    ]
    assert [(r["households"], r["poor_households"]) for r in rows] == [(2, 1), (1, 0), (2, 2)]
    assert rows[1]["income"]["wage_yuan"] == 9000


def test_a_breakdown_by_a_persons_trait_counts_persons(workspace: Workspace, pack: Pack) -> None:
    job = IdentifyJob(Rules.of_pack(pack, ON), 2019, Areas())
    by = ("ethnicity", "cause")

    parts = [job.tabulated(workspace, county, by) for county in job.counties(workspace)]
    rows = breakdown(combine(parts), by, Areas())

    assert [(r["by"]["cause"]["code"], r["persons"]) for r in rows] == [("01", 1), ("unknown", 4)]
    assert "households" not in rows[0]


@pytest.mark.parametrize("wrong", [("colour",), ("county", "county")])
def test_a_wrong_dimension_is_refused_with_the_known_ones(
    wrong: tuple[str, ...], workspace: Workspace, pack: Pack
) -> None:
    job = IdentifyJob(Rules.of_pack(pack, ON), 2019, Areas())

    with pytest.raises(UserError, match="household_size"):
        job.tabulated(workspace, "622926", wrong)


def test_periods_are_compared_across_counties(workspace: Workspace, pack: Pack) -> None:
    job = compare_job(pack, Areas(), 2018, 2019)

    parts = [job.county(workspace, county) for county in job.counties(workspace)]
    rest, found = job.finish([kept for _, kept in parts])

    changes = [row for table, _ in parts for row in table.rows(named=True)]
    assert {row["household_id"]: row["change"] for row in changes} == {
        "entered": "entered",
        "left": "left",
        "stayed": "stayed",
    }
    assert rest is not None
    assert {r["household_id"]: r["change"] for r in rest.rows(named=True)} == {
        "gone": "disappeared",
        "moved": "left",
        "new": "appeared",
    }
    assert (found["from"], found["to"]) == (2018, 2019)
    assert (found["entered"], found["left"], found["stayed"]) == (1, 2, 1)
    assert (found["appeared"], found["disappeared"]) == (1, 1)


def test_conditions_are_the_indicators_of_the_default_profile(
    workspace: Workspace, pack: Pack
) -> None:
    job = compare_job(pack, Areas(), 2018, 2019)

    parts = [job.county(workspace, county)[1] for county in job.counties(workspace)]
    _, found = job.finish(parts)

    codes = {r["code"] for r in found["reasons"] if r["change"] == "left"}
    assert "met_income:yes" in codes
    assert set(job.labels) == set(job.conditions)


def test_comparing_with_an_unknown_period_shows_all_as_new(
    workspace: Workspace, pack: Pack
) -> None:
    job = compare_job(pack, Areas(), 2015, 2019)

    parts = [job.county(workspace, county)[1] for county in job.counties(workspace)]
    _, found = job.finish(parts)

    assert found["appeared"] == 5


def test_income_groups_are_those_of_the_pack(pack: Pack) -> None:
    assert set(GROUPS) <= set(Rules.of_pack(pack, ON).money)
