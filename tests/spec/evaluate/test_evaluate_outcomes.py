"""From judged indicators to an outcome: vetoes, points, what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Verdict, profile, verdict

Answers = dict[str, Any]

WEIGHTED = profile(pass_mark=80, a=(40, "veto"), b=30, c=20, d=10)
PLAIN = profile(a=(None, "veto"), b=(None, "veto"), c=None)


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        # All met; the least important one not met; exactly the pass mark; just below it.
        ({}, Verdict("passed", 100, "", "")),
        ({"d": False}, Verdict("passed", 90, "", "")),
        ({"c": False}, Verdict("passed", 80, "", "")),
        ({"c": False, "d": False}, Verdict("failed", 70, "", "")),
        # A veto fails, whatever the score and whatever else is missing.
        ({"a": False}, Verdict("failed", 60, "a", "")),
        ({"a": False, "b": None}, Verdict("failed", 30, "a", "b")),
        ({"a": False, "b": None, "c": None, "d": None}, Verdict("failed", 0, "a", "b,c,d")),
        # What is missing counts nothing in the score, and nobody passes with it.
        ({"d": None}, Verdict("not_assessable", 90, "", "d")),
        ({"c": None}, Verdict("not_assessable", 80, "", "c")),
        ({"a": None}, Verdict("not_assessable", 60, "", "a")),
        ({"a": None, "b": None, "c": None, "d": None}, Verdict("not_assessable", 0, "", "a,b,c,d")),
        # Full marks for what is missing would reach the pass mark, or would not.
        ({"b": False, "d": None}, Verdict("failed", 60, "", "d")),
        ({"c": False, "d": None}, Verdict("not_assessable", 70, "", "d")),
        ({"c": False, "b": None}, Verdict("not_assessable", 50, "", "b")),
        ({"d": False, "a": None, "b": None}, Verdict("not_assessable", 20, "", "a,b")),
    ],
)
def test_outcome_of_a_weighted_profile(answers: Answers, wanted: Verdict) -> None:
    assert verdict(WEIGHTED, answers) == wanted


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({}, Verdict("passed", None, "", "")),
        ({"a": False}, Verdict("failed", None, "a", "")),
        ({"a": False, "b": False}, Verdict("failed", None, "a,b", "")),
        ({"a": False, "b": None}, Verdict("failed", None, "a", "b")),
        ({"b": None}, Verdict("not_assessable", None, "", "b")),
        # An indicator without veto is told and decides nothing; unknown, it still has to be looked at.
        ({"c": False}, Verdict("passed", None, "", "")),
        ({"c": None}, Verdict("not_assessable", None, "", "c")),
    ],
)
def test_outcome_of_a_profile_without_points(answers: Answers, wanted: Verdict) -> None:
    assert verdict(PLAIN, answers) == wanted


SHARED = profile(pass_mark=80, a=(50, "veto"), s=50)


@pytest.mark.parametrize(
    ("share", "wanted"),
    [
        (100.0, Verdict("passed", 100, "", "")),
        (60.0, Verdict("passed", 80, "", "")),
        (59.9, Verdict("failed", 79.95, "", "")),
        (0.0, Verdict("failed", 50, "", "")),
        # More than full marks are full marks.
        (250.0, Verdict("passed", 100, "", "")),
        (None, Verdict("not_assessable", 50, "", "s")),
    ],
)
def test_an_indicator_of_0_to_100_gives_a_part_of_its_points(
    share: float | None, wanted: Verdict
) -> None:
    assert verdict(SHARED, {"s": share}) == wanted


def test_a_veto_of_0_to_100_is_met_only_by_full_marks() -> None:
    strict = profile(pass_mark=80, a=50, s=(50, "veto"))

    assert verdict(strict, {"s": 99.0}) == Verdict("failed", 99.5, "s", "")
    assert verdict(strict, {"s": 100.0}) == Verdict("passed", 100, "", "")


@pytest.mark.parametrize("share", [None, 40.0, 100.0])
def test_a_share_counts_in_a_profile_without_points_only_as_met_or_not(share: float | None) -> None:
    plain = profile(a=(None, "veto"), s=(None, "veto"))
    wanted = {None: "not_assessable", 40.0: "failed", 100.0: "passed"}[share]

    assert verdict(plain, {"s": share}).outcome == wanted


def test_weights_with_decimals_add_up_to_the_pass_mark() -> None:
    # 33.3 + 33.3 + 33.4 is 99.99999999999999 and 100.00000000000001 in other orders.
    thirds = profile(pass_mark=100, a=33.3, b=33.3, c=33.4)
    turned = profile(pass_mark=100, c=33.4, a=33.3, b=33.3)
    tenths = profile(pass_mark=0.3, a=0.1, b=0.2, c=99.7)

    assert verdict(thirds, {}).outcome == "passed"
    assert verdict(turned, {}).outcome == "passed"
    assert verdict(tenths, {"c": False}) == Verdict("passed", 0.3, "", "")
    assert verdict(thirds, {"a": None}).outcome == "not_assessable"


def test_an_indicator_without_weight_can_still_be_a_veto() -> None:
    asked = profile(pass_mark=80, a=(0, "veto"), b=100)

    assert verdict(asked, {"a": False}) == Verdict("failed", 100, "a", "")
    assert verdict(asked, {"a": None}) == Verdict("not_assessable", 100, "", "a")


def test_a_pass_mark_of_zero_is_reached_by_all_who_are_known() -> None:
    asked = profile(pass_mark=0, a=50, b=50)

    assert verdict(asked, {"a": False, "b": False}) == Verdict("passed", 0, "", "")
    assert verdict(asked, {"a": False, "b": None}).outcome == "not_assessable"
