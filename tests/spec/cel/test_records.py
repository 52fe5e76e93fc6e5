"""Lists of a member's records in the external tables: `m.cars.exists(c, ...)`, inside macros and outside."""

from __future__ import annotations

import pytest

from jingzhun.policy.cel import CelError, check

from .support import Judge, scope

PEOPLE = """
home   who    village_code
east   ann    620102000000
east   ben    620102000000
west   cao    622926000000
lone   dou    622926000000
"""
CARS = """
who  kind   value_yuan  owned_on
ann  car    50000       2015-01-01
ann  farm   9000        2019-01-01
ben  -      -           2019-12-31
cao  farm   -           2014-06-01
cao  -      3000        -
"""


def test_a_member_without_records_has_an_empty_list(judge: Judge) -> None:
    judge(
        {
            "exists": 'm.cars.exists(c, c.kind == "car")',
            "all": 'm.cars.all(c, c.kind == "car")',
            "one": 'm.cars.exists_one(c, c.kind == "car")',
            "size": "m.cars.size()",
            "sum": "m.cars.map(c, c.value_yuan).sum()",
            "old": "m.cars.filter(c, c.owned_on < on).size()",
        },
        """
        who  | exists  all    one    size  sum    old
        ann  | true    false  true   2     59000  2
        ben  | -       -      -      1     -      0
        cao  | -       false  -      2     -      -
        dou  | false   true   false  0     0      0
        """,
        level="person",
        records={"cars": CARS},
    )


def test_a_table_that_is_not_given_makes_every_list_unknown(judge: Judge) -> None:
    judge(
        {
            "exists": "m.costs.exists(c, c.value_yuan > 0)",
            "all": "m.costs.all(c, c.value_yuan > 0)",
            "size": "size(m.costs)",
            "sum": "m.costs.map(c, double(c.value_yuan)).sum()",
            "other": "m.cars.size() > 1 || m.costs.size() > 1",
        },
        """
        who  | exists  all  size  sum  other
        ann  | -       -    -     -    true
        dou  | -       -    -     -    -
        """,
        level="person",
        records={"cars": CARS},
    )


def test_a_list_is_unknown_outside_the_areas_that_the_table_covers(judge: Judge) -> None:
    judge(
        {"size": "m.cars.size()", "none": "!m.cars.exists(c, c.value_yuan > 1)"},
        """
        who  village_code | size  none
        ann  620102000000 | 2     false
        cao  622926000000 | -     -
        dou  622926000000 | -     -
        """,
        level="person",
        records={"cars": CARS},
        covered={"cars": ("6201", "620421")},
    )


def test_a_table_that_covers_no_area_is_known_of_nobody(judge: Judge) -> None:
    judge(
        "m.cars.size()",
        """
        who  village_code | result
        ann  620102000000 | -
        """,
        level="person",
        records={"cars": CARS},
        covered={"cars": ()},
    )


def test_records_are_asked_inside_macros_over_members(judge: Judge) -> None:
    judge(
        {
            "car": 'members.exists(m, m.cars.exists(c, c.kind == "car" && c.owned_on <= on))',
            "owners": "size(members.filter(m, m.cars.size() > 0))",
            "value": "members.map(m, m.cars.filter(c, has(c.value_yuan)).map(c, c.value_yuan).sum()).sum()",
            "none": "members.all(m, !m.owns_car)",
        },
        """
        home  village_code | car    owners  value  none
        east  620102000000 | true   2       59000  false
        west  622926000000 | -      1       3000   -
        lone  622926000000 | false  0       0      true
        none  622926000000 | -      -       -      -
        """,
        members=PEOPLE.replace("village_code", "work_employer"),
        records={"cars": CARS},
    )


def test_a_condition_on_records_reads_the_member_the_household_and_parameters_of_the_area(
    judge: Judge,
) -> None:
    judge(
        {
            "young": "m.cars.exists(c, c.value_yuan > 0 && m.age < 30)",
            "debt": "m.cars.exists(c, c.value_yuan > debt_yuan)",
            "village": "m.cars.filter(c, village.has_bus).size()",
            "area": "m.cars.exists(c, c.tonnes > house_m2)",
            "both": 'm.cars.exists(c, c.grade == "A") && m.costs.exists(c, c.grade == "B")',
        },
        """
        who  birth_date  debt_yuan  village_code  village.has_bus | young  debt   village  area   both
        ann  1990-09-30  100        620102000001  true            | true   true   2        true   true
        ben  1989-09-30  100        622926000002  false           | false  true   0        false  false
        cao  -           -          622926000003  -               | -      -      -        -      false
        """,
        level="person",
        records={
            "cars": """
            who  value_yuan  tonnes  grade
            ann  500         15.75   A
            ann  50          1.0     B
            ben  101         17.0    B
            cao  1           -       B
            """,
            "costs": """
            who  value_yuan  grade
            ann  1           B
            ben  1           B
            """,
        },
    )


def test_members_and_the_person_judged_are_asked_side_by_side(judge: Judge) -> None:
    judge(
        'm.cars.size() == 0 && members.exists(p, p.cars.exists(c, c.kind == "car"))',
        """
        home  who  | result
        east  ann  | false
        east  ben  | true
        """,
        level="person",
        records={"cars": "who kind\nann car"},
    )


REFUSED = [
    # level, text, line, column, what is wrong, what to write
    ("person", "m.cars", 1, 3, "m.cars is a list of records", "m.cars.exists(r, ...)"),
    ("person", "m.cars > 1", 1, 3, "a list of records", "m.cars.filter(r, ...).size()"),
    ("person", "has(m.cars)", 1, 7, "a list of records", "m.cars.exists(r, ...)"),
    ("person", "cars.exists(c, c.value_yuan > 1)", 1, 1, "no name 'cars'", "Write m.cars.exists("),
    ("household", "cars.size() > 1", 1, 1, "no name 'cars'", "members.exists(m, m.cars.exists("),
    ("household", "m.cars.exists(c, true)", 1, 1, "'m' has no fields", "members.exists(m, m.cars"),
    ("household", "members.cars.size() > 1", 1, 1, "is a list", "members.exists(m, m.cars.exists("),
    ("person", "m.car.exists(c, true)", 1, 3, "no field 'car' of the person", "m.cars"),
    ("person", "m.cars.exists(c, c.kint == '')", 1, 20, "of the record in cars", "c.kind"),
    ("person", "m.cars.exists(c, c.sex == '1')", 1, 20, "of the record", "write m.sex"),
    ("person", "m.cars.exists(c, c.debt_yuan > 1)", 1, 20, "of the record", "write debt_yuan"),
    ("person", "m.cars.exists(c, kind == '')", 1, 18, "no name 'kind'", "Write c.kind"),
    ("person", "m.cars.exists(c, c)", 1, 18, "'c' is a record", "Write c.<column>"),
    ("person", 'm.cars.exists(c, c.grade == "E")', 1, 29, "no value 'E'", "A, B"),
    ("person", "m.cars.exists(c, c.value_yuan)", 1, 8, "gives int", "m.cars.exists(r, r.<column>"),
    ("person", "m.cars.exists(m, true)", 1, 15, "another meaning", "Use r"),
    ("person", "m.cars.exists(on, true)", 1, 15, "another meaning", "Use r"),
    (
        "person",
        "m.cars.exists(c, m.costs.size() > 1)",
        1,
        20,
        "inside another",
        "&& m.costs.exists(",
    ),
    ("person", "m.cars.exists(c, m.owns_car)", 1, 8, "itself about records", "outside the macro"),
    ("person", "m.cars.exists(c, adults > 1)", 1, 8, "about all members", "outside the macro"),
    (
        "person",
        "m.cars.exists(c, size(members) > 1)",
        1,
        23,
        "over records",
        "a definition of its own",
    ),
    (
        "person",
        "m.cars.map(c, c.kind).sum() > 1",
        1,
        23,
        "sum() needs numbers",
        "m.cars.map(r, r.<column>)",
    ),
    (
        "person",
        "m.cars.map(c, 1).exists(c, true)",
        1,
        18,
        "can't follow map()",
        "on the record itself",
    ),
    ("person", "m.cars.sort(c, true)", 1, 8, "A list of records has no sort()", "Use exists, all"),
    ("household", "village.cars.size() > 1", 1, 1, "'village' has no fields", "m.cars.exists("),
    ("person", "members.exists(p, m.cars.size() > 1)", 1, 19, "person judged", "outside the macro"),
]


@pytest.mark.parametrize(("level", "text", "line", "column", "what", "do"), REFUSED)
def test_a_wrong_use_of_records_is_refused_at_its_place_with_what_to_write(
    level: str, text: str, line: int, column: int, what: str, do: str
) -> None:
    with pytest.raises(CelError) as caught:
        check(text, scope(level))

    error = caught.value
    assert (error.line, error.column) == (line, column), str(error)
    assert what in error.what, str(error)
    assert do in error.do, str(error)


def test_a_village_has_no_records() -> None:
    with pytest.raises(CelError):
        check("cars.size() > 1", scope("village"))
