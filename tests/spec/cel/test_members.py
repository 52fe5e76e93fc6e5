"""Macros over the members of a household. CEL language definition, "Macros"."""

from __future__ import annotations

from .support import Judge

HOMES = """
home | {}
"""


def test_exists_and_all_are_decided_by_one_member_and_left_open_by_unknown_ones(
    judge: Judge,
) -> None:
    judge(
        {
            "exists": "members.exists(m, m.has_skill_training)",
            "all": "members.all(m, m.has_skill_training)",
            "none": "!members.exists(m, m.has_skill_training)",
            "one": "members.exists_one(m, m.has_skill_training)",
        },
        """
        home        | exists  all    none   one
        both        | true    true   false  false
        mixed       | true    false  false  true
        neither     | false   false  true   false
        maybe_no    | -       false  -      -
        maybe_yes   | true    -      false  -
        unknown     | -       -      -      -
        nobody      | -       -      -      -
        """,
        members="""
        home        has_skill_training
        both        true
        both        true
        mixed       true
        mixed       false
        neither     false
        neither     false
        maybe_no    false
        maybe_no    -
        maybe_yes   true
        maybe_yes   -
        unknown     -
        """,
    )


def test_members_are_counted_also_after_a_filter(judge: Judge) -> None:
    judge(
        {
            "all": "size(members)",
            "method": "members.size()",
            "long": "size(members.filter(m, m.work_months >= 6))",
            "women": 'members.filter(m, m.sex == "2").size()',
        },
        """
        home    | all  method  long  women
        big     | 3    3       1     2
        small   | 1    1       0     0
        open    | 2    2       -     1
        nobody  | -    -       -     -
        """,
        members="""
        home   work_months  sex
        big    6            1
        big    5            2
        big    0            2
        small  3            1
        open   7            2
        open   -            1
        """,
    )


def test_sums_over_members_leave_no_unknown_out(judge: Judge) -> None:
    judge(
        {
            "months": "members.map(m, m.work_months).sum()",
            "double": "members.map(m, double(m.work_months) / 2.0).sum()",
            "share": "members.map(m, m.share).sum()",
            "long": "members.filter(m, m.work_months > 2).map(m, m.work_months).sum()",
        },
        """
        home    | months  double  share  long
        big     | 9       4.5     1.0    8
        open    | -       -       1.0    -
        part    | 7       3.5     -      5
        idle    | 1       0.5     0.0    0
        nobody  | -       -       -      -
        """,
        members="""
        home  work_months  share
        big   8            0.25
        big   1            0.75
        open  5            0.5
        open  -            0.5
        part  5            0.5
        part  2            nan
        idle  1            0.0
        """,
    )


def test_the_sum_of_nobody_is_zero_of_its_own_kind(judge: Judge) -> None:
    judge(
        {
            "whole": "members.filter(m, false).map(m, m.work_months).sum() / 2",
            "decimal": "members.filter(m, false).map(m, m.share).sum() + 0.5",
            "count": "size(members.filter(m, false))",
            "exists": "members.filter(m, false).exists(m, true)",
            "all": "members.filter(m, false).all(m, false)",
            "one": "members.filter(m, false).exists_one(m, true)",
        },
        """
        home  | whole  decimal  count  exists  all   one
        one   | 0      0.5      0      false   true  false
        """,
        members="""
        home  work_months  share
        one   -            -
        """,
    )


def test_a_filter_that_is_unknown_for_somebody_leaves_everything_open(judge: Judge) -> None:
    judge(
        {
            "exists": 'members.filter(m, m.has_skill_training).exists(m, m.sex == "1")',
            "all": 'members.filter(m, m.has_skill_training).all(m, m.sex == "1")',
            "one": 'members.filter(m, m.has_skill_training).exists_one(m, m.sex == "1")',
            "sum": "members.filter(m, m.has_skill_training).map(m, m.work_months).sum()",
        },
        """
        home   | exists  all    one    sum
        clear  | true    true   true   4
        doubt  | -       -      -      -
        blank  | -       -      -      -
        plain  | false   true   false  0
        """,
        members="""
        home   has_skill_training  sex  work_months
        clear  true                1    4
        clear  false               2    9
        doubt  true                1    4
        doubt  -                   2    9
        blank  true                -    -
        plain  false               -    -
        """,
    )


def test_a_second_filter_is_asked_only_of_those_the_first_leaves(judge: Judge) -> None:
    judge(
        'size(members.filter(m, m.sex == "1").filter(p, p.work_months > 6))',
        """
        home   | result
        one    | 1
        skip   | 0
        open   | -
        """,
        members="""
        home   sex  work_months
        one    1    7
        one    1    6
        skip   2    -
        open   1    -
        """,
    )


def test_a_macro_reads_the_household_the_village_and_parameters(judge: Judge) -> None:
    judge(
        {
            "household": "members.exists(m, m.monthly_pay_yuan > debt_yuan)",
            "village": "members.all(m, m.monthly_pay_yuan < village.income_per_capita_yuan)",
            "line": "members.map(m, m.monthly_pay_yuan * 12 > income_line ? 1 : 0).sum()",
            "area": "members.exists(m, double(m.monthly_pay_yuan) > house_m2)",
        },
        """
        home  debt_yuan  village.income_per_capita_yuan | household  village  line  area
        low   100        1000                           | true       true     1     true
        high  9000       300                            | false      false    2     true
        open  -          -                              | -          -        1     true
        """,
        members="""
        home  monthly_pay_yuan
        low   200
        low   400
        high  400
        high  500
        open  350
        """,
    )


def test_several_macros_in_one_condition(judge: Judge) -> None:
    judge(
        "size(members) > 1 && members.exists(m, m.work_months > 0) || "
        'members.all(p, p.labour_ability == "03")',
        """
        home  | result
        one   | true
        two   | true
        three | false
        """,
        members="""
        home   work_months  labour_ability
        one    0            03
        two    4            -
        two    0            -
        three  0            01
        three  0            03
        """,
    )


def test_definitions_stand_for_their_expression(judge: Judge) -> None:
    judge(
        {
            "adults": "adults",
            "more": "adults * 2 > size(members)",
            "working": "members.exists(m, m.is_adult && m.work_months > 0)",
        },
        """
        home  | adults  more   working
        mixed | 1       false  false
        grown | 2       true   true
        open  | -       -      -
        """,
        members="""
        home   birth_date  work_months
        mixed  1980-05-01  0
        mixed  2015-05-01  3
        grown  1980-05-01  8
        grown  1982-05-01  0
        open   -           5
        """,
    )


def test_age_is_counted_in_completed_years_on_the_day_of_the_evaluation(judge: Judge) -> None:
    judge(
        {
            "age": "m.age",
            "adult": "m.age >= 16",
            "older": "m.age > 16",
            "child": "m.age < 16",
            "upto": "m.age <= 16",
            "turned": "16 <= m.age",
            "exact": "m.age == 16",
        },
        """
        birth_date | age  adult  older  child  upto   turned  exact
        2003-09-30 | 16   true   false  false  true   true    true
        2003-10-01 | 15   false  false  true   true   false   false
        2002-09-30 | 17   true   true   false  false  true    false
        2002-10-01 | 16   true   false  false  true   true    true
        2004-02-29 | 15   false  false  true   true   false   false
        2019-10-01 | -1   false  false  true   true   false   false
        -          | -    -      -      -      -      -       -
        """,
        level="person",
    )


def test_a_number_tells_birth_date_sex_and_what_is_wrong_with_it(judge: Judge) -> None:
    judge(
        {
            "problem": "m.id_problem",
            "fine": 'm.id_problem == ""',
            "sex": "m.id_sex",
            "born": "m.id_birth_date",
            "agrees": "m.id_birth_date == m.birth_date",
            "asked": "has(m.id_birth_date)",
        },
        """
        document_number     birth_date | problem   fine   sex  born        agrees  asked
        622926198005010010  1980-05-01 | ''        true   1    1980-05-01  true    true
        622926198005010011  1980-05-01 | wrong_check  false  -    -  -    false
        -                   1980-05-01 | -         -      -    -           -       false
        """,
        level="person",
    )
