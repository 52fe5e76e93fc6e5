"""Arithmetic and comparison of numbers. CEL language definition, "Numeric values"."""

from __future__ import annotations

import pytest

from .support import Judge


def test_whole_numbers_add_subtract_and_multiply(judge: Judge) -> None:
    judge(
        {
            "sum": "debt_yuan + balance_yuan",
            "rest": "debt_yuan - balance_yuan",
            "product": "debt_yuan * balance_yuan",
            "negative": "-balance_yuan",
        },
        """
        debt_yuan  balance_yuan | sum  rest  product  negative
        7          3            | 10   4     21       -3
        7          -3           | 4    10    -21      3
        0          -3           | -3   3     0        3
        7          -            | -    -     -        -
        -          3            | -    -     -        -3
        """,
    )


def test_whole_numbers_divide_towards_zero_and_by_zero_to_unknown(judge: Judge) -> None:
    judge(
        {"quotient": "balance_yuan / counter", "remainder": "balance_yuan % counter"},
        """
        balance_yuan  counter | quotient  remainder
        7             2       | 3         1
        -7            2       | -3        -1
        7             -2      | -3        1
        -7            -2      | 3         -1
        6             3       | 2         0
        1             3       | 0         1
        -1            3       | 0         -1
        5             0       | -         -
        0             0       | -         -
        0             4       | 0         0
        -             4       | -         -
        4             -       | -         -
        """,
    )


def test_numbers_that_are_never_negative_divide_the_same_way(judge: Judge) -> None:
    judge(
        {"quotient": "debt_yuan / helper_count", "remainder": "debt_yuan % helper_count"},
        """
        debt_yuan  helper_count | quotient  remainder
        10000      3            | 3333      1
        2          3            | 0         2
        2          0            | -         -
        """,
    )


def test_large_whole_numbers_divide_exactly(judge: Judge) -> None:
    judge(
        {"quotient": "counter * 1000 / 7", "remainder": "counter * 1000 % 999999999999"},
        """
        counter            | quotient             remainder
        999999999999999    | 142857142857142714   999000
        999999999999998    | 142857142857142571   998000
        -999999999999999   | -142857142857142714  -999000
        """,
    )


def test_division_by_a_constant(judge: Judge) -> None:
    judge(
        {
            "quotient": "balance_yuan / 12",
            "remainder": "balance_yuan % 12",
            "none": "balance_yuan / 0",
        },
        """
        balance_yuan | quotient  remainder  none
        25           | 2         1          -
        -25          | -2        -1         -
        """,
    )


def test_decimals(judge: Judge) -> None:
    judge(
        {
            "sum": "rate + other_rate",
            "rest": "rate - other_rate",
            "product": "rate * other_rate",
            "quotient": "rate / other_rate",
            "negative": "-rate",
        },
        """
        rate   other_rate | sum   rest   product  quotient  negative
        1.5    0.5        | 2.0   1.0    0.75     3.0       -1.5
        -1.5   0.5        | -1.0  -2.0   -0.75    -3.0      1.5
        1.5    0.0        | 1.5   1.5    0.0      -         -1.5
        0.0    0.0        | 0.0   0.0    0.0      -         -0.0
        1.5    -          | -     -      -        -         -1.5
        -      0.5        | -     -      -        -         -
        """,
    )


def test_what_is_no_finite_measurement_is_unknown(judge: Judge) -> None:
    judge(
        {
            "value": "rate",
            "known": "has(household.rate)",
            "small": "rate < 1.0",
            "same": "rate == rate",
        },
        """
        rate   | value   known  small  same
        2.5    | 2.5     true   false  true
        nan    | -       false  -      -
        inf    | -       false  -      -
        -inf   | -       false  -      -
        1e100  | 1e100   true   false  true
        1e101  | -       false  -      -
        -      | -       false  -      -
        """,
    )


def test_a_result_beyond_all_decimals_is_unknown(judge: Judge) -> None:
    judge(
        {
            "power": "rate * rate * rate * rate",
            "beyond": "rate * rate * rate * rate > 1.0",
            "ratio": "rate / other_rate",
            "gone": "rate * rate * rate * rate - rate * rate * rate * rate",
        },
        """
        rate   other_rate | power  beyond  ratio  gone
        10.0   2.0        | 1e4    true    5.0    0.0
        1e100  1e-300     | -      -       -      -
        """,
    )


def test_a_zero_divisor_is_unknown_and_never_infinite(judge: Judge) -> None:
    judge(
        {
            "per_head": "double(debt_yuan) / double(helper_count)",
            "poor": "double(debt_yuan) / double(helper_count) < 4000.0",
            "rich": "double(debt_yuan) / double(helper_count) >= 4000.0",
        },
        """
        debt_yuan  helper_count | per_head  poor   rich
        10000      4            | 2500.0    true   false
        10000      0            | -         -      -
        0          0            | -         -      -
        """,
    )


def test_comparisons(judge: Judge) -> None:
    judge(
        {
            "lt": "balance_yuan < 3",
            "le": "balance_yuan <= 3",
            "eq": "balance_yuan == 3",
            "ne": "balance_yuan != 3",
            "ge": "balance_yuan >= 3",
            "gt": "balance_yuan > 3",
        },
        """
        balance_yuan | lt     le     eq     ne     ge     gt
        2            | true   true   false  true   false  false
        3            | false  true   true   false  true   false
        4            | false  false  false  true   true   true
        -3           | true   true   false  true   false  false
        -            | -      -      -      -      -      -
        """,
    )


def test_whole_and_decimal_numbers_compare_with_each_other(judge: Judge) -> None:
    judge(
        {
            "above": "balance_yuan > rate",
            "same": "balance_yuan == rate",
            "half": "balance_yuan < 2.5",
        },
        """
        balance_yuan  rate | above  same   half
        2             2.0  | false  true   true
        3             2.5  | true   false  false
        -             2.5  | -      -      -
        3             nan  | -      -      false
        """,
    )


def test_zero_and_minus_zero_are_equal(judge: Judge) -> None:
    judge(
        {"same": "rate == 0.0", "less": "rate < 0.0", "listed": "rate in [0.0]"},
        """
        rate | same  less   listed
        0.0  | true  false  true
        -0.0 | true  false  true
        """,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 4 - 3", 3),
        ("10 - (4 - 3)", 9),
        ("100 / 10 / 5", 2),
        ("7 - -2", 9),
        ("-7 + 2", -5),
        ("7-2", 5),
        ("-(2 + 3)", -5),
        ("- -4", 4),
        ("0x1F", 31),
        ("9223372036854775807 - 1", 9223372036854775806),
        ("-9223372036854775808 + 1", -9223372036854775807),
        ("2000000000 + 2000000000", 4000000000),
        ("17 % 5 * 2", 4),
    ],
)
def test_order_and_signs_of_whole_numbers(judge: Judge, text: str, value: int) -> None:
    judge(text, f"household_id | result\na | {value}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5e3", 1500.0),
        (".25 * 4.0", 1.0),
        ("1e-3 * 2.0", 0.002),
        ("-2.5 - 1.0", -3.5),
        ("6.0 / 4.0", 1.5),
    ],
)
def test_decimal_literals(judge: Judge, text: str, value: float) -> None:
    judge(text, f"household_id | result\na | {value}")


def test_whole_numbers_chosen_by_conditions_do_not_overflow(judge: Judge) -> None:
    judge(
        "(has_safe_water ? 2000000000 : 1) + (is_relocated ? 2000000000 : 1)",
        """
        has_safe_water  is_relocated | result
        true            true         | 4000000000
        false           true         | 2000000001
        -               true         | -
        """,
    )


def test_conversions(judge: Judge) -> None:
    judge(
        {"double": "double(balance_yuan)", "int": "int(rate)", "string": "string(balance_yuan)"},
        """
        balance_yuan  rate   | double  int   string
        3             2.9    | 3.0     2     3
        -3            -2.9   | -3.0    -2    -3
        0             0.4    | 0.0     0     0
        -             nan    | -       -     -
        5             1e15   | 5.0     1000000000000000  5
        5             1e16   | 5.0     -     5
        """,
    )


def test_a_conversion_of_what_it_is_already_changes_nothing(judge: Judge) -> None:
    judge(
        {"int": "int(balance_yuan)", "double": "double(rate)", "string": "string(phone)"},
        """
        balance_yuan  rate  phone | int  double  string
        3             2.5   139   | 3    2.5     139
        """,
    )


def test_whole_part_of_a_bounded_decimal(judge: Judge) -> None:
    judge(
        "int(double(balance_yuan) / 4.0)",
        """
        balance_yuan | result
        7            | 1
        -7           | -1
        -            | -
        """,
    )
