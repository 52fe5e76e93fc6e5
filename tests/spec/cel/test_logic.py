"""Conditions: three-valued logic. CEL language definition, "Logical operators"."""

from __future__ import annotations

from .support import Judge


def test_and_or_not_and_choice_with_what_is_not_known(judge: Judge) -> None:
    judge(
        {
            "and": "has_safe_water && is_relocated",
            "or": "has_safe_water || is_relocated",
            "not": "!has_safe_water",
            "choice": "has_safe_water ? 1 : 0",
        },
        """
        has_safe_water  is_relocated | and    or     not    choice
        true            true         | true   true   false  1
        true            false        | false  true   false  1
        true            -            | -      true   false  1
        false           true         | false  true   true   0
        false           false        | false  false  true   0
        false           -            | false  -      true   0
        -               true         | -      true   -      -
        -               false        | false  -      -      -
        -               -            | -      -      -      -
        """,
    )


def test_the_branch_that_is_not_taken_may_be_unknown(judge: Judge) -> None:
    judge(
        "has_safe_water ? debt_yuan : balance_yuan",
        """
        has_safe_water  debt_yuan  balance_yuan | result
        true            5          -            | 5
        false           -          -7           | -7
        true            -          -7           | -
        false           5          -            | -
        """,
    )


def test_choices_stand_within_each_other(judge: Judge) -> None:
    judge(
        "debt_yuan == 0 ? 100 : debt_yuan < 5000 ? 50 : (has_safe_water ? 10 : 0)",
        """
        debt_yuan  has_safe_water | result
        0          -              | 100
        4999       -              | 50
        5000       true           | 10
        5000       false          | 0
        5000       -              | -
        -          true           | -
        """,
    )


def test_a_choice_between_conditions_is_a_condition(judge: Judge) -> None:
    judge(
        "(has_safe_water ? is_relocated : !is_relocated) ? true : false",
        """
        has_safe_water  is_relocated | result
        true            true         | true
        true            false        | false
        false           true         | false
        false           false        | true
        -               true         | -
        true            -            | -
        """,
    )


def test_and_binds_stronger_than_or_and_or_stronger_than_choice(judge: Judge) -> None:
    judge(
        {
            "plain": "is_relocated || has_safe_water && is_registered ? 1 : 2",
            "first": "(is_relocated || has_safe_water) && is_registered ? 1 : 2",
        },
        """
        is_relocated  has_safe_water  is_registered | plain  first
        true          false           false         | 1      2
        false         true            true          | 1      1
        false         true            false         | 2      2
        """,
    )


def test_conditions_compare_with_each_other(judge: Judge) -> None:
    judge(
        {"same": "has_safe_water == is_relocated", "other": "has_safe_water != is_relocated"},
        """
        has_safe_water  is_relocated | same   other
        true            true         | true   false
        true            false        | false  true
        false           -            | -      -
        """,
    )


def test_constant_conditions(judge: Judge) -> None:
    judge(
        {
            "yes": "true || has_safe_water",
            "no": "false && has_safe_water",
            "same": "true && has_safe_water",
            "kept": "false || has_safe_water",
            "alone": "true",
        },
        """
        has_safe_water | yes   no     same   kept   alone
        true           | true  false  true   true   true
        false          | true  false  false  false  true
        -              | true  false  -      -      true
        """,
    )
