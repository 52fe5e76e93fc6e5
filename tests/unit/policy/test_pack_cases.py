"""The cases of the packs come out as expected in both evaluators, and a wrong case is told."""

from __future__ import annotations

import pytest

from jingzhun.cli.pack_cases import run_case
from jingzhun.policy.cases import Case
from jingzhun.policy.pack import load_pack

CASES = [(name, case) for name in ("gansu", "vietnam-1998") for case in load_pack(name).cases]


@pytest.mark.parametrize(("pack", "case"), CASES, ids=[case.id for _, case in CASES])
def test_a_case_comes_out_as_expected_in_both_evaluators(pack: str, case: Case) -> None:
    result = run_case(load_pack(pack), case)

    assert result.error == ""
    assert result.differences == ()


def test_every_household_profile_has_cases_that_pass_fail_and_can_not_be_assessed() -> None:
    for name in ("gansu", "vietnam-1998"):
        pack = load_pack(name)
        seen = {(case.profile, case.expect.outcome) for case in pack.cases}
        wanted = [
            p.id for p in pack.profiles.values() if p.level == "household" and p.pass_mark is None
        ]
        for profile in wanted:
            assert {(profile, o) for o in ("passed", "failed", "not_assessable")} <= seen


def test_the_trap_of_85_points_is_among_the_cases() -> None:
    cases = {case.id: case for case in load_pack("gansu").cases}

    paper, gansu = cases["paper-dropout-still-passes"], cases["g2018-dropout-vetoes"]
    assert (paper.expect.outcome, paper.expect.score) == ("passed", 85)
    assert (gansu.expect.outcome, gansu.expect.vetoes) == ("failed", ("education",))
    assert (paper.household, paper.members) == (gansu.household, gansu.members)


def test_a_wrong_expectation_is_told_for_both_evaluators() -> None:
    pack = load_pack("gansu")
    case = next(case for case in pack.cases if case.id == "paper-all-met")
    wrong = case.model_copy(update={"expect": case.expect.model_copy(update={"score": 99.0})})

    result = run_case(pack, wrong)

    assert not result.passed
    assert [(d.evaluator, d.what, d.expected, d.got) for d in result.differences] == [
        ("interpreter", "score", "99", "100"),
        ("columns", "score", "99", "100"),
    ]


def test_a_profile_that_does_not_hold_on_the_date_is_told_in_words() -> None:
    pack = load_pack("gansu")
    case = next(case for case in pack.cases if case.id == "g2018-all-met")
    early = case.model_copy(update={"on": case.on.replace(year=2015)})

    result = run_case(pack, early)

    assert "gansu-2018 is not valid on 2015-12-31" in result.error
