"""What GB 11643-1999 and the disability certificate say, once, for one number and for columns alike."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from jingzhun.standard.divisions.shipped import shipped_rows
from jingzhun.standard.labels import Label

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Weight of each of the first seventeen digits in the check sum (GB 11643-1999)."""

CHECK_CHARACTERS = "10X98765432"
"""Check character by the weighted sum modulo 11 (GB 11643-1999)."""

EARLIEST_BIRTH_YEAR = 1900
PLACEHOLDER_PREFIX = "999999"

# The classes below are spelled out, because \s and \d differ between Python, Rust and Java. What
# people type between the digits: blanks of all widths, controls, the apostrophe that makes a
# spreadsheet keep text, dashes, zero-width characters, direction marks.
SEPARATORS = (
    "[\x00-\x20\x7f-\xa0'`\\-\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u201f"
    "\u2028-\u202f\u205f-\u206f\u2212\u3000\u3164\ufe0f\ufe58\ufe63\ufeff\uff0d\uff07]+"
)
# After upper-casing: full-width X and the Roman numeral ten, both offered by Chinese keyboards.
WIDE_X = "[\uff38\u2169]"
WIDE_DIGITS = "０１２３４５６７８９"

MASKED = r"[*＊]"
ROUNDED = r"^[0-9](\.[0-9]+)?E\+?[0-9]+$"
FOREIGN_CHARACTER = r"[^0-9A-Z]"
LENGTHS = (15, 18, 20, 22)
OLD_SHAPE = r"^[0-9]{15}$"
# The two characters of a re-issue are not specified in our sources, so any pair passes.
NEW_SHAPE = r"^[0-9]{17}[0-9X]([0-9]{2}([0-9A-Z]{2})?)?$"
DISABILITY_SUFFIX = r"^[1-7][1-4]"

_LEAP = "0[48]|[2468][048]|[13579][26]"
CALENDAR_DATE = (
    "^([0-9]{4}((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)"
    f"|02(0[1-9]|1[0-9]|2[0-8]))|([0-9][0-9]({_LEAP})|({_LEAP})00)0229)$"
)
"""Eight digits that are a day of the Gregorian calendar, year 0000 apart."""


class Kind(StrEnum):
    """Which document a number belongs to, by its shape alone."""

    IDENTITY_15 = "identity_15"
    IDENTITY_18 = "identity_18"
    DISABILITY_20 = "disability_20"
    DISABILITY_22 = "disability_22"
    PLACEHOLDER = "placeholder"


class Sex(StrEnum):
    """Sex as coded in GB/T 2261.1 and in the code list `sex`."""

    MALE = "1"
    FEMALE = "2"


class Problem(StrEnum):
    """The first thing found wrong with a number, in the order of these members."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    MASKED = "masked"
    ROUNDED = "rounded"
    BAD_CHARACTER = "bad_character"
    WRONG_LENGTH = "wrong_length"
    UNKNOWN_PROVINCE = "unknown_province"
    BORN_TOO_EARLY = "born_too_early"
    NO_SUCH_DATE = "no_such_date"
    BORN_IN_FUTURE = "born_in_future"
    WRONG_CHECK = "wrong_check"
    BAD_SUFFIX = "bad_suffix"

    @property
    def label(self) -> Label:
        """What is wrong and what it usually comes from; never holds a part of the number."""
        return _LABELS[self]


_LABELS = {
    Problem.MISSING: Label(en="There is no number.", zh="证件号码为空。"),
    Problem.PLACEHOLDER: Label(
        en="The number begins with 999999: it stands in for a person without a document.",
        zh="号码以999999开头,是无证件人员的占位号码。",
    ),
    Problem.MASKED: Label(
        en="A part of the number is hidden by asterisks; ask for the whole number.",
        zh="号码的一部分被星号遮盖,请提供完整号码。",
    ),
    Problem.ROUNDED: Label(
        en="A spreadsheet has rounded the number, and its last digits are lost;"
        " format the column as text and enter it again.",
        zh="号码被电子表格转为科学计数法,末尾数字已丢失;请将该列设为文本格式后重新录入。",
    ),
    Problem.BAD_CHARACTER: Label(
        en="There is a character where only digits may stand (X is allowed in place 18 only).",
        zh="号码中有不允许的字符(除第18位可为X外,只能是数字)。",
    ),
    Problem.WRONG_LENGTH: Label(
        en="The length is wrong: an identity number has 18 characters (15 before 1999),"
        " a disability certificate 20, or 22 when issued again.",
        zh="号码长度不对:居民身份证号为18位(1999年前为15位),残疾人证号为20位,补发的为22位。",
    ),
    Problem.UNKNOWN_PROVINCE: Label(
        en="The first two digits are not the code of a province.",
        zh="号码前两位不是任何省级行政区的代码。",
    ),
    Problem.NO_SUCH_DATE: Label(
        en="The digits of the birth date are not a date of the calendar.",
        zh="号码中的出生日期在日历上不存在。",
    ),
    Problem.BORN_TOO_EARLY: Label(
        en="The birth date lies before 1900.", zh="号码中的出生日期早于1900年。"
    ),
    Problem.BORN_IN_FUTURE: Label(
        en="The birth date lies after the date of reference.", zh="号码中的出生日期晚于基准日期。"
    ),
    Problem.WRONG_CHECK: Label(
        en="The check character does not fit the digits before it:"
        " a digit is probably wrong, or two are swapped.",
        zh="校验码与前17位数字不符:可能有一位数字录错,或相邻两位颠倒。",
    ),
    Problem.BAD_SUFFIX: Label(
        en="The end of the disability certificate is wrong: after the identity number stand"
        " the class (1 to 7) and the grade (1 to 4).",
        zh="残疾人证号的末尾不对:身份证号之后应为残疾类别(1至7)和残疾等级(1至4)。",
    ),
}


@cache
def province_codes() -> tuple[str, ...]:
    """The two-digit codes of all provinces (GB/T 2260), as data in `data/divisions/provinces.csv`."""
    return tuple(row["code"] for row in shipped_rows("provinces.csv"))
