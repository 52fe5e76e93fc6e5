"""Where values come from: household, village, parameters, persons; and `has()`."""

from __future__ import annotations

from .support import Judge


def test_has_asks_whether_a_value_is_known(judge: Judge) -> None:
    judge(
        {
            "condition": "has(household.has_safe_water)",
            "number": "has(household.debt_yuan)",
            "decimal": "has(household.rate)",
            "text": "has(household.phone)",
            "list": "has(household.other_causes)",
            "day": "has(household.identified_date)",
        },
        """
        has_safe_water debt_yuan rate phone other_causes identified_date | condition number decimal text list day
        false           0          0.0   ''     ()            2019-01-01      | true true true true true true
        -               -          -     -      -             -               | false false false false false false
        -               -          nan   -      -             -               | false false false false false false
        """,
    )


def test_has_turns_the_unknown_into_a_decision(judge: Judge) -> None:
    judge(
        {
            "strict": "!has(household.debt_yuan) || debt_yuan < 1000",
            "lenient": "has(household.debt_yuan) && debt_yuan < 1000",
        },
        """
        debt_yuan | strict  lenient
        500       | true    true
        5000      | false   false
        -         | true    false
        """,
    )


def test_fields_of_the_village_are_unknown_where_it_has_no_record(judge: Judge) -> None:
    judge(
        {
            "bus": "village.has_bus",
            "known": "has(village.has_bus)",
            "both": "village.has_bus && has_safe_water",
            "poorer": "debt_yuan > village.income_per_capita_yuan",
        },
        """
        village.has_bus  village.income_per_capita_yuan  has_safe_water  debt_yuan | bus   known  both   poorer
        true             5000                            true            6000      | true  true   true   true
        true             5000                            false           4000      | true  true   false  false
        -                -                               false           4000      | -     false  false  -
        """,
    )


def test_a_parameter_has_the_value_of_the_most_specific_area(judge: Judge) -> None:
    judge(
        {"value": "house_m2", "enough": "housing_area_m2 >= house_m2"},
        """
        village_code  housing_area_m2 | value  enough
        620102001001  16.0            | 15.5   true
        622901001001  16.0            | 20.0   false
        622926100200  24.0            | 25.0   false
        622926100200  25.0            | 25.0   true
        """,
    )


def test_a_parameter_without_areas_is_a_number(judge: Judge) -> None:
    judge(
        "debt_yuan <= income_line",
        """
        debt_yuan | result
        4000      | true
        4001      | false
        -         | -
        """,
    )


def test_a_household_field_may_be_written_with_its_owner(judge: Judge) -> None:
    judge(
        "household.debt_yuan + debt_yuan",
        """
        debt_yuan | result
        2         | 4
        -         | -
        """,
    )


def test_a_rule_about_a_person_sees_the_household_and_all_members(judge: Judge) -> None:
    judge(
        {
            "own": "m.work_months > 6",
            "poor": "m.work_months > 6 && debt_yuan > 1000",
            "alone": "size(members) == 1",
            "most": "members.all(p, p.work_months <= 8)",
            "line": "double(m.work_months) > house_m2",
        },
        """
        home  debt_yuan  work_months | own    poor   alone  most   line
        a     2000       7           | true   true   false  true   false
        a     2000       2           | false  false  false  true   false
        b     -          9           | true   -      true   false  false
        c     500        -           | -      false  true   -      -
        """,
        level="person",
    )


def test_villages_are_judged_by_their_own_fields(judge: Judge) -> None:
    judge(
        {
            "road": "has_hard_road && has_bus",
            "share": "double(allowance_persons) / double(persons) <= 0.03",
        },
        """
        has_hard_road  has_bus  allowance_persons  persons | road   share
        true           true     3                  100     | true   true
        true           false    4                  100     | false  false
        -              true     0                  0       | -      -
        """,
        level="village",
    )
