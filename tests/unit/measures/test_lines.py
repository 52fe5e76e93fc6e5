"""How the poverty line may be written."""

from __future__ import annotations

import pytest

from jingzhun.errors import UserError
from jingzhun.identify.measures import PovertyLine

from .support import measured, totals, value


@pytest.mark.parametrize(
    ("text", "kind", "share"),
    [
        ("60% median", "median", 0.6),
        (" 60 %  median ", "median", 0.6),
        ("60%median", "median", 0.6),
        ("50% of the mean", "mean", 0.5),
        ("0.6 median", "median", 0.6),
        ("0.6*median", "median", 0.6),
        ("60% Median", "median", 0.6),
        ("60%中位数", "median", 0.6),
        ("50%均值", "mean", 0.5),
    ],
)
def test_a_relative_line_tolerates_blanks_and_both_languages(
    text: str, kind: str, share: float
) -> None:
    line = PovertyLine.parse(text)

    assert line.kind == kind
    assert line.share == pytest.approx(share)


@pytest.mark.parametrize("text", ["2300", " 2300 ", "2300.0", "2.3e3"])
def test_an_absolute_line_is_a_number(text: str) -> None:
    line = PovertyLine.parse(text)

    assert (line.kind, line.amount) == ("absolute", 2300)


@pytest.mark.parametrize("text", ["", "abc", "-5", "0", "nan", "inf", "60% mode", "0% median", "%"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match="60% median") as raised:
        PovertyLine.parse(text)

    assert "--line" in raised.value.sentence


def test_a_percentage_without_its_sign_is_refused() -> None:
    with pytest.raises(UserError, match='"60% median"'):
        PovertyLine.parse("60 median")


def test_the_share_of_a_median_line_moves_the_risk_measures_with_it() -> None:
    result = measured([1, 2, 10, 20, 30], "40% median")

    assert value(result, "arpt") == pytest.approx(4)
    assert value(result, "arpr") == value(result, "fgt0")
    assert result.line_kind == "40% median"


def test_a_mean_line_leaves_the_risk_measures_at_sixty_percent_of_the_median() -> None:
    result = measured([1, 2, 10, 20, 30], "50% mean")

    assert result.line == pytest.approx(6.3)
    assert value(result, "arpt") == pytest.approx(6)


def test_a_relative_line_makes_the_standard_error_of_the_rate_differ_from_a_fixed_one() -> None:
    incomes = [float(y) for y in range(1, 60)]

    relative = totals(measured(incomes, "60% median"))["fgt1"]
    fixed = totals(measured(incomes, "18"))["fgt1"]

    assert relative.value == fixed.value
    assert relative.se != fixed.se
