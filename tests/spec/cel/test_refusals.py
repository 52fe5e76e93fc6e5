"""What is refused: every refusal says where, and what to write instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jingzhun.policy.cel import (
    CelError,
    check,
    check_bool,
    check_number,
    compile_table_expression,
    text_of,
)
from jingzhun.policy.cel.operators import dated

from .support import scope

SYNTAX = [
    # text, line, column, what to write
    ("debt_yuan = 3", 1, 11, "Write =="),
    ("debt_yuan === 3", 1, 13, "Write =="),
    ("debt_yuan => 3", 1, 11, "Write >="),
    ("debt_yuan =< 3", 1, 11, "Write <="),
    ("debt_yuan <> 3", 1, 12, "Write !="),
    ("has_safe_water and is_relocated", 1, 16, "Write &&"),
    ("has_safe_water OR is_relocated", 1, 16, "Write ||"),
    ("has_safe_water & is_relocated", 1, 16, "Write &&"),
    ("has_safe_water | is_relocated", 1, 16, "Write ||"),
    ("not has_safe_water", 1, 5, "Write !"),
    ("if has_safe_water", 1, 4, "condition ? value"),
    ("debt_yuan is 3", 1, 11, "Write =="),
    ("debt_yuan ^ 2 > 3", 1, 11, "multiply"),
    ("debt_yuan ** 2", 1, 12, "multiply"),
    ("debt_yuan ≥ 3", 1, 11, "Write >="),
    ("debt_yuan ≤ 3", 1, 11, "Write <="),
    ("debt_yuan ≠ 3", 1, 11, "Write !="),
    ("debt_yuan × 3", 1, 11, "Write *"),
    ("debt_yuan ÷ 3", 1, 11, "Write /"),
    ("debt_yuan － 3", 1, 11, "Write - (half width)"),
    ("debt_yuan – 3", 1, 11, "Write -"),
    ("debt_yuan ＞ 3", 1, 11, "Write > (half width)"),
    ("debt_yuan > ３", 1, 13, "Write 3 (half width)"),
    ("members.exists（m, true)", 1, 15, "Write ( (half width)"),
    ("members.exists(m， true)", 1, 17, "Write , (half width)"),
    ("main_cause in [“01”]", 1, 16, 'Write "'),
    ("main_cause in [‘01’]", 1, 16, "Write '"),
    ('main_cause in ["01"、"02"]', 1, 20, "Write ,"),
    ("has_safe_water 且 is_relocated", 1, 16, "Write &&"),
    ("has_safe_water 或 is_relocated", 1, 16, "Write ||"),
    ("has_safe_water；", 1, 15, "Delete it"),
    ("has_safe_water;", 1, 15, "Delete it"),
    ("has_safe_water\u3000&& true", 1, 15, "an ordinary space"),
    ("人均收入 > 3", 1, 1, "letters a to z"),
    ('phone == "139', 1, 10, "no closing quote"),
    ("phone == 'a\nb'", 1, 10, "no closing quote"),
    ("(debt_yuan > 3", 1, 1, "Write )"),
    ("members.exists(m, (m.age > 3)", 1, 15, "Write )"),
    ('main_cause in ["01"', 1, 15, "Write ]"),
    ("debt_yuan > 3)", 1, 14, "Delete this bracket"),
    ("debt_yuan >", 1, 12, "Complete it"),
    ("debt_yuan helper_count", 1, 11, "there must be an operator"),
    ("2persons > 3", 1, 2, "there must be an operator"),
    ("", 1, 1, "has_safe_water"),
    ("   \n ", 1, 1, "has_safe_water"),
    ("debt_yuan > 3 @", 1, 15, "no meaning"),
    ("has_safe_water ? 1", 1, 19, "Complete it"),
    ("debt_yuan > 3\n  && helper_count = 2", 2, 19, "Write =="),
    ("debt_yuan > 3 // more\n&& phone == “139”", 2, 13, 'Write "'),
    ("debt_yuan\u200b > 3", 1, 10, "Delete it"),
    ('phone == "\u202e139"', 1, 11, "Delete it"),
    ("debt_yuan \x07> 3", 1, 11, "Delete it"),
    ("\ufeffdebt_yuan > 3", 1, 1, "Delete it"),
    ("(" * 500 + "true" + ")" * 500, 1, 401, "Split it"),
    ("!" * 500 + "true", 1, 401, "Split it"),
    ("true && " * 200 + "true", 1, 798, "Split it"),
    ("[" * 300, 1, 300, "Write ]"),
    ("x" * 20_001, 1, 1, "Split it"),
    ("null", 1, 1, "has(household.x)"),
    ("debt_yuan == null", 1, 14, "has(household.x)"),
    ("1u", 1, 1, "Write 1"),
    ('b"139" == phone', 1, 1, "Write a text"),
    ("other_causes[0]", 1, 13, "Ask with exists"),
    ('{"a": 1}', 1, 1, "one value"),
    ("Household{debt: 1}", 1, 10, "one value"),
    (".debt_yuan > 3", 1, 1, "Leave the dot out"),
    (r'phone == "\q"', 1, 10, "backslash"),
    (r'phone == "\ud800"', 1, 10, ""),
    ("99999999999999999999 > 1", 1, 1, "18 digits"),
    ("9" * 6000, 1, 1, ""),
    ("1e400 > 1.0", 1, 1, "1.7e308"),
    ("while > 3", 1, 1, "another name"),
]

MEANING = [
    ("hosehold_id == phone", 1, 1, "Did you mean household_id"),
    ("debt_yuan > 3 &&\n  dept_yuan < 9", 2, 3, "debt_yuan"),
    ("members.exists(m, m.helth == phone)", 1, 21, "m.health"),
    ("members.exists(m, m.is_adlt)", 1, 21, "m.is_adult"),
    ("village.has_buss", 1, 9, "village.has_bus"),
    ("household.debt", 1, 11, "debt_yuan"),
    ("mambers.exists(m, true)", 1, 1, "members"),
    ("income_lines > 3", 1, 1, "income_line"),
    ("zzz > 3", 1, 1, "jingzhun schema"),
    ("age > 3", 1, 1, "members.exists(m, m.age"),
    ("m.age > 3", 1, 1, "members.exists(m, m.age"),
    ("has_bus", 1, 1, "village.has_bus"),
    ("members.all(m, m.debt_yuan > 3)", 1, 18, "write debt_yuan"),
    ("members.all(m, age > 3)", 1, 16, "Write m.age"),
    ("x.y.z > 3", 1, 5, "household.x"),
    ("debt_yuan.x", 1, 1, "Leave the dot out"),
    ("on.year > 3", 1, 1, "on.getFullYear()"),
    ("on.year() > 3", 1, 4, "getFullYear()"),
    ("members.age > 3", 1, 1, "members.exists(m, m.age"),
    ("members", 1, 1, "members.exists"),
    ("village == 3", 1, 1, "village.<column>"),
    ("members.exists(m, m)", 1, 19, "m.<column>"),
    ("other_causes", 1, 1, "size(x)"),
    ('["01", "02"]', 1, 1, "x in"),
    ("debt_yuan + rate > 3.0", 1, 11, "double(x)"),
    ("debt_yuan * 1.5 > 3.0", 1, 11, "double(x)"),
    ("rate % 2.0 == 0.0", 1, 6, "int(x)"),
    ("phone + phone == phone", 1, 7, "not joined"),
    ("has_safe_water + is_relocated > 1", 1, 16, "condition ? 1 : 0"),
    ("on - identified_date > 3", 1, 4, "getFullYear"),
    ("-phone == phone", 1, 1, ""),
    ("debt_yuan == phone", 1, 11, "quotes"),
    ("main_cause == 1", 1, 12, "quotes"),
    ("has_safe_water == 1", 1, 16, "needs no == true"),
    ("identified_date > 2019", 1, 17, "getFullYear"),
    ('identified_date > "2019-01-01"', 1, 17, 'date("2019-09-30")'),
    ('other_causes == "01"', 1, 14, "Ask whether a list holds"),
    ("phone < phone", 1, 7, "=="),
    ("has_safe_water > is_relocated", 1, 16, "=="),
    ("debt_yuan && has_safe_water", 1, 1, "Compare it"),
    ("!debt_yuan", 1, 2, "Compare it"),
    ("debt_yuan ? 1 : 2", 1, 1, "Compare it"),
    ('has_safe_water ? 1 : "2"', 1, 16, "same type"),
    ('main_cause == "1"', 1, 15, "Write '01'"),
    ('main_cause == "99999"', 1, 15, "Its values: 01"),
    ('main_cause in ["01", "illnes"]', 1, 22, "Its values"),
    ('"99999" in other_causes', 1, 1, "Its values"),
    ('members.exists(m, m.sex == "male")', 1, 28, "Write '1'"),
    ("debt_yuan in [1, 2.5]", 1, 18, "same type"),
    ("debt_yuan in [helper_count]", 1, 15, "=="),
    ("debt_yuan in helper_count", 1, 14, 'x in ["a", "b"]'),
    ("phone in other_causes", 1, 1, '"01" in other_causes'),
    ('other_causes in ["01"]', 1, 14, '"13" in m.health'),
    ('other_causes.contains("01")', 1, 14, '"13" in m.health'),
    ('phone.startswith("1")', 1, 7, "startsWith()"),
    ('phone.matches("1.*")', 1, 7, "startsWith, endsWith or contains"),
    ("phone.startsWith(bank_name)", 1, 7, 'x.startsWith("62")'),
    ("len(phone) > 3", 1, 1, "size(x)"),
    ("sum(debt_yuan) > 3", 1, 1, "members.map(m, ...).sum()"),
    ("max(debt_yuan, 3) > 3", 1, 1, "a > b ? a : b"),
    ("now() > on", 1, 1, "Write  on"),
    ("frobnicate(debt_yuan)", 1, 1, "Available: size"),
    ("size(debt_yuan)", 1, 1, "It counts members"),
    ("double(phone)", 1, 1, "It takes numbers"),
    ("string(rate)", 1, 1, "whole numbers"),
    ("int(debt_yuan, 3)", 1, 1, "int(x)"),
    ("size()", 1, 1, "size(x)"),
    ('date("2019-13-01") < on', 1, 1, 'date("2019-09-30")'),
    ("date(2019) < on", 1, 1, 'date("2019-09-30")'),
    ("has(debt_yuan)", 1, 1, "has(household.x)"),
    ("has(household.dept_yuan)", 1, 15, "debt_yuan"),
    ("has(m.age)", 1, 5, "members.exists"),
    ("members.exists(m, has(m.is_adult))", 1, 19, "has() about the fields"),
    ("members.exists(m.age > 3)", 1, 9, "members.exists(m, m.age < 16)"),
    ("members.exists(m, 3)", 1, 9, "members.exists(m"),
    ("members.exists(m, m.work_months)", 1, 9, "members.exists(m"),
    ("members.filter(m, m.work_months).size()", 1, 9, "members.filter(m"),
    ("members.exists(m, size(members) > 2)", 1, 24, "definition of its own"),
    ("members.exists(m, members.exists(p, true))", 1, 19, "definition of its own"),
    ("members.exists(m, adults > 1)", 1, 9, "outside the macro"),
    ("members.exists(household, true)", 1, 16, "Use p"),
    ("members.exists(debt_yuan, true)", 1, 16, "Use p"),
    ("members.map(m, m.age).exists(m, true)", 1, 23, "condition on m itself"),
    ("members.map(m, m.age).filter(m, true).size()", 1, 23, "filter() first"),
    ("size(members.map(m, m.age))", 1, 1, "Leave map() out"),
    ("members.map(m, m.name).sum()", 1, 24, "members.map(m, m.work_months).sum()"),
    ("members.sum()", 1, 9, "members.map(m, m.work_months).sum()"),
    ("members.map(m, m.age)", 1, 9, "exists, all"),
    ("members.reduce(m, true)", 1, 9, "exists, all"),
    ("counter * counter > 3", 1, 9, "double("),
    ("counter * 1000 * 1000 > 3", 1, 16, "double("),
    ("members.map(m, m.monthly_pay_yuan * 1000000).sum() > 3", 1, 46, "double("),
]


@pytest.mark.parametrize(("text", "line", "column", "do"), [*SYNTAX, *MEANING])
def test_a_wrong_expression_is_refused_at_its_place_with_what_to_write(
    text: str, line: int, column: int, do: str
) -> None:
    with pytest.raises(CelError) as caught:
        check(text, scope())

    error = caught.value
    assert (error.line, error.column) == (line, column), str(error)
    assert do in error.do, str(error)
    assert do == "" or error.do, str(error)
    assert error.where.line == line
    assert error.where.column == column


def test_a_condition_must_be_true_or_false() -> None:
    with pytest.raises(CelError, match="Compare it with something"):
        check_bool("debt_yuan", scope())


def test_a_score_must_be_a_number() -> None:
    with pytest.raises(CelError, match=r"Write  has_safe_water \? 100 : 0|condition \? 100 : 0"):
        check_number("has_safe_water", scope())


def test_villages_have_no_members() -> None:
    with pytest.raises(CelError, match="poor_persons"):
        check("members.exists(m, true)", scope("village"))


def test_inside_a_macro_of_a_rule_about_a_person_only_the_member_is_asked() -> None:
    with pytest.raises(CelError, match="the person judged") as caught:
        check("members.exists(p, p.age > m.age)", scope("person"))

    assert caught.value.column == 27


def test_a_definition_about_the_person_judged_is_not_asked_of_other_members() -> None:
    names = scope("person")
    own = check("m.age > 60", names)
    names = replace(names, definitions={"is_old": own})

    assert check("is_old", names) == own
    with pytest.raises(CelError, match="about the person judged, not about p"):
        check("members.exists(p, is_old)", names)


def grown(text: str, rounds: int) -> None:
    """A definition of a definition of a definition ...; `text` says how each uses the one before."""
    names = scope()
    expr = check("has_safe_water", names)
    for _ in range(rounds):
        names = replace(names, definitions={"before": expr})
        expr = check(text, names)


def test_definitions_that_double_each_other_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(CelError, match="too large with its definitions"):
        grown("before && before", rounds=40)


def test_definitions_within_definitions_have_a_bottom() -> None:
    with pytest.raises(CelError, match="operations deep with its definitions"):
        grown("!before", rounds=100)


def test_an_error_in_a_use_of_a_definition_is_placed_at_its_use() -> None:
    with pytest.raises(CelError) as caught:
        check("has_safe_water &&\n adults", scope())

    assert (caught.value.line, caught.value.column) == (2, 2)


def test_a_parameter_that_differs_in_type_between_areas_is_refused() -> None:
    with pytest.raises(CelError, match="differ in type between areas"):
        dated("line", 3, (("62", "three"),))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("debt_yuan-1", "debt_yuan - 1"),
        ("debt_yuan -1", "debt_yuan - 1"),
        ("debt_yuan - -1", "debt_yuan - -1"),
        ("size(phone)-1", "size(phone) - 1"),
        ('phone == "a-1"', 'phone == "a-1"'),
        ("1-1", "1 - 1"),
        ("-1-1", "-1 - 1"),
        ("debt_yuan // -1\n -1", "debt_yuan - 1"),
        ("debt_yuan-.5 == 0.5", None),
        ("(debt_yuan)-(1)", "debt_yuan - 1"),
        ("-debt_yuan-1", "-debt_yuan - 1"),
        ("- - debt_yuan", "-(-debt_yuan)"),
        ("debt_yuan-helper_count", "debt_yuan - helper_count"),
    ],
)
def test_a_minus_is_an_operator_wherever_it_stands(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(CelError) as caught:
            check(text, scope())
        assert caught.value.column == text.index("-") + 1
    else:
        assert text_of(check(text, scope())) == canonical


def test_columns_after_a_minus_are_those_of_the_text() -> None:
    with pytest.raises(CelError) as caught:
        check("debt_yuan-1-2-3 > dept_yuan", scope())

    assert caught.value.column == 19


def test_a_text_with_many_escapes_and_no_end_is_refused_at_once() -> None:
    with pytest.raises(CelError, match="no closing quote"):
        check('phone == "' + r"\n" * 9000, scope())


def test_comments_and_line_ends_of_any_system_are_read() -> None:
    text = "debt_yuan > 3 // a comment with ， and “\r\n\t&& helper_count < 2\n"

    assert text_of(check(text, scope())) == "debt_yuan > 3 && helper_count < 2"


def test_a_table_has_no_date() -> None:
    with pytest.raises(CelError, match="no date `on`"):
        compile_table_expression("on.getFullYear() > 2000", {"income": "int"})


def test_a_table_may_have_any_column_names_that_are_words() -> None:
    columns = {"type": "int", "size": "int", "m": "bool"}

    compile_table_expression("type + size > 3 && m", columns)
    with pytest.raises(CelError, match="reserved word"):
        compile_table_expression("package > 3", columns)
