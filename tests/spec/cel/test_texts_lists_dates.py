"""Texts, codes, lists of codes and dates. CEL language definition, "Standard definitions"."""

from __future__ import annotations

import pytest

from .support import Judge


def test_texts_compare_and_have_parts(judge: Judge) -> None:
    judge(
        {
            "same": 'phone == "13900"',
            "other": 'phone != "13900"',
            "starts": 'phone.startsWith("139")',
            "ends": 'phone.endsWith("00")',
            "has": 'phone.contains("90")',
            "size": "size(phone)",
            "length": "phone.size()",
        },
        """
        phone   | same   other  starts  ends   has    size  length
        13900   | true   false  true    true   true   5     5
        13800   | false  true   false   true   false  5     5
        ''      | false  true   false   false  false  0     0
        -       | -      -      -       -      -      -     -
        """,
    )


def test_an_empty_part_is_part_of_every_known_text(judge: Judge) -> None:
    judge(
        {
            "starts": 'phone.startsWith("")',
            "ends": 'phone.endsWith("")',
            "has": 'phone.contains("")',
        },
        """
        phone | starts  ends  has
        139   | true    true  true
        ''    | true    true  true
        -     | -       -     -
        """,
    )


def test_size_counts_characters_and_not_bytes(judge: Judge) -> None:
    judge(
        {
            "size": "size(bank_name)",
            "bank": 'bank_name.endsWith("银行")',
            "rare": 'bank_name.contains("𠮷")',
        },
        """
        bank_name   | size  bank   rare
        甘肃银行    | 4     true   false
        𠮷银行      | 3     true   true
        """,
    )


def test_parts_are_taken_literally_and_are_no_patterns(judge: Judge) -> None:
    judge(
        {
            "dot": 'phone.contains(".")',
            "bracket": 'phone.contains("(")',
            "percent": 'phone.startsWith("%")',
        },
        """
        phone | dot    bracket  percent
        1.3   | true   false    false
        123   | false  false    false
        %(    | false  true     true
        """,
    )


def test_texts_with_quotes_and_escapes(judge: Judge) -> None:
    judge(
        {
            "double": r'phone == "a\"b"',
            "single": r"phone == 'a\"b'",
            "raw": r"phone == r'a\b'",
            "escaped": r'phone == "a\\b"',
            "unicode": r'phone == "\u94f6\u884c"',
            "octal": r'phone == "\101\x42"',
        },
        """
        phone | double  single  raw    escaped  unicode  octal
        a"b   | true    true    false  false    false    false
        a\\b  | false   false   true   true     false    false
        银行  | false   false   false  false    true     false
        AB    | false   false   false  false    false    true
        """,
    )


def test_a_value_is_in_a_list_of_constants(judge: Judge) -> None:
    judge(
        {
            "code": 'main_cause in ["01", "07"]',
            "number": "helper_count in [1, 2]",
            "decimal": "rate in [0.5, 1.5]",
            "condition": "has_safe_water in [true]",
            "none": "helper_count in []",
            "parameter": "main_cause in remote_causes",
        },
        """
        main_cause  helper_count  rate  has_safe_water | code   number  decimal  condition  none   parameter
        07          1             0.5   true           | true   true    true     true       false  true
        03          3             1.0   false          | false  false   false    false      false  false
        -           -             nan   -              | -      -       -        -          -      -
        """,
    )


def test_a_code_is_in_a_column_of_codes(judge: Judge) -> None:
    judge(
        {
            "illness": '"01" in other_causes',
            "not": '!("01" in other_causes)',
            "count": "size(other_causes)",
            "any": "other_causes.size() > 0",
        },
        """
        other_causes | illness  not    count  any
        01,07        | true     false  2      true
        07           | false    true   1      true
        ()           | false    true   0      false
        -            | -        -      -      -
        """,
    )


def test_dates_compare_with_each_other_and_with_the_day_of_the_evaluation(judge: Judge) -> None:
    judge(
        {
            "before": "identified_date < on",
            "until": "identified_date <= on",
            "same": "identified_date == on",
            "other": "identified_date != on",
            "since": 'identified_date >= date("2019-01-01")',
            "after": "identified_date > monitoring_date",
            "year": "identified_date.getFullYear()",
        },
        """
        identified_date  monitoring_date | before  until  same   other  since  after  year
        2019-09-29       2019-09-30      | true    true   false  true   true   false  2019
        2019-09-30       2019-09-29      | false   true   true   false  true   true   2019
        2019-10-01       -               | false   false  false  true   true   -      2019
        1949-10-01       1949-10-01      | true    true   false  true   false  false  1949
        -                2019-09-30      | -       -      -      -      -      -      -
        """,
    )


def test_a_timestamp_at_midnight_is_a_date(judge: Judge) -> None:
    judge(
        {
            "stamp": 'identified_date == timestamp("2019-09-30T00:00:00Z")',
            "listed": 'identified_date in [date("2019-09-30"), date("2020-02-29")]',
            "today": "on.getFullYear() == 2019",
        },
        """
        identified_date | stamp  listed  today
        2019-09-30      | true   true    true
        2020-02-29      | false  true    true
        """,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"abc" == "abc"', "true"),
        ('"abc" == "ABC"', "false"),
        ('"ab".size() + size("银行")', "4"),
        ('"62" in ["62", "63"]', "true"),
        ("3 in [1, 2]", "false"),
        ('"620102".startsWith("62")', "true"),
        ('date("2020-02-29") < date("2020-03-01")', "true"),
        ('date("2020-02-29").getFullYear()', "2020"),
        ("size(remote_causes)", "2"),
    ],
)
def test_constants_alone(judge: Judge, text: str, value: str) -> None:
    judge(text, f"household_id | result\na | {value}")
