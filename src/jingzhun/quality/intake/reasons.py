"""Why a row is rejected: a code for machines, a sentence in both languages for people.

A sentence never holds a direct identifier: where a column is one, its value is shown as `***`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from jingzhun.standard.labels import Label
from jingzhun.standard.schema import Column

MASK = "***"
_SHOWN = 60
"""Characters of a value that a sentence shows."""


class Reason(StrEnum):
    """Everything that keeps a row out of the workspace."""

    RAGGED_ROW = "ragged_row"
    REQUIRED_MISSING = "required_missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    DIGITS_LOST = "digits_lost"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    NOT_YES_NO = "not_yes_no"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_CODE = "unknown_code"
    CODE_WITHOUT_VERSION = "code_without_version"
    TOO_MANY_VALUES = "too_many_values"
    NOT_A_DIVISION = "not_a_division"
    UNKNOWN_DIVISION = "unknown_division"
    UNKNOWN_PLACE = "unknown_place"
    CONTROL_CHARACTER = "control_character"
    DAMAGED_TEXT = "damaged_text"
    TOO_LONG = "too_long"
    OUTSIDE_AREA = "outside_area"
    NUMBER_ELSEWHERE = "number_elsewhere"
    HOUSEHOLD_UNKNOWN = "household_unknown"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one text; `facts` fill the sentence."""

    reason: Reason
    facts: dict[str, str] = field(default_factory=dict)


_SENTENCES = {
    Reason.RAGGED_ROW: Label(
        en="The row has {cells} cells where the header has {expected};"
        " perhaps a cell holds the delimiter without quotation marks",
        zh="该行有{cells}个单元格,而表头有{expected}个;可能某单元格含有分隔符却没有加引号",
    ),
    Reason.REQUIRED_MISSING: Label(
        en="{field} is required and empty", zh="“{field_zh}”为必填项,但为空"
    ),
    Reason.NOT_A_NUMBER: Label(
        en="{field}: '{value}' is not a number", zh="“{field_zh}”:“{value}”不是数字"
    ),
    Reason.NOT_WHOLE: Label(
        en="{field}: '{value}' is not a whole number (`round: true` in the mapping would round it)",
        zh="“{field_zh}”:“{value}”不是整数(可在映射文件中写 round: true 以四舍五入)",
    ),
    Reason.DIGITS_LOST: Label(
        en="{field}: '{value}' is in scientific notation, and digits may be lost;"
        " format the column as a number or text and export again",
        zh="“{field_zh}”:“{value}”为科学计数法,可能已丢失数字;请将该列设为数值或文本格式后重新导出",
    ),
    Reason.OUT_OF_RANGE: Label(
        en="{field}: '{value}' lies outside {low} to {high} {unit}",
        zh="“{field_zh}”:“{value}”超出允许范围({low}至{high},单位:{unit})",
    ),
    Reason.NOT_A_DATE: Label(
        en="{field}: '{value}' is not a date in one of the forms {forms}",
        zh="“{field_zh}”:“{value}”不是有效日期(允许的格式:{forms})",
    ),
    Reason.NOT_YES_NO: Label(
        en="{field}: '{value}' is neither yes ({yes}) nor no ({no})",
        zh="“{field_zh}”:“{value}”既不表示“是”({yes})也不表示“否”({no})",
    ),
    Reason.UNKNOWN_NAME: Label(
        en="{field}: '{value}' is not in the code list {codes}; near or possible: {near}",
        zh="“{field_zh}”:“{value}”不在代码表 {codes} 中;相近或可用的值:{near}",
    ),
    Reason.UNKNOWN_CODE: Label(
        en="{field}: '{value}' is not a code of {codes}, version {version}",
        zh="“{field_zh}”:“{value}”不是代码表 {codes} 版本 {version} 中的代码",
    ),
    Reason.CODE_WITHOUT_VERSION: Label(
        en="{field}: '{value}' is a bare code, and systems number {codes} differently;"
        " name the version in the mapping (`codes: ...`, known: {versions})",
        zh="“{field_zh}”:“{value}”只是代码,而各系统 {codes} 的编号不同;"
        "请在映射文件中写明代码版本(codes: ...,已知版本:{versions})",
    ),
    Reason.TOO_MANY_VALUES: Label(
        en="{field}: {count} values where at most {most} are allowed",
        zh="“{field_zh}”:有{count}个值,最多允许{most}个",
    ),
    Reason.NOT_A_DIVISION: Label(
        en="{field}: '{value}' is not a division code of 12 digits",
        zh="“{field_zh}”:“{value}”不是12位行政区划代码",
    ),
    Reason.UNKNOWN_DIVISION: Label(
        en="{field}: '{value}' lies in no county that the policy pack knows",
        zh="“{field_zh}”:“{value}”不属于政策包所知的任何县(区)",
    ),
    Reason.UNKNOWN_PLACE: Label(
        en="{field}: no single division is called '{value}'",
        zh="“{field_zh}”:找不到唯一名为“{value}”的行政区划",
    ),
    Reason.CONTROL_CHARACTER: Label(
        en="{field} holds a control character or a line break ({character})",
        zh="“{field_zh}”含有控制字符或换行符({character})",
    ),
    Reason.DAMAGED_TEXT: Label(
        en="{field} holds the replacement character U+FFFD:"
        " the text was damaged by a wrong conversion before",
        zh="“{field_zh}”含有替换字符 U+FFFD:文本在先前的编码转换中已损坏",
    ),
    Reason.TOO_LONG: Label(
        en="{field} has {length} characters; at most {most} are read",
        zh="“{field_zh}”有{length}个字符,最多允许{most}个",
    ),
    Reason.OUTSIDE_AREA: Label(
        en="{field}: '{value}' does not lie in {areas}, the area of this import",
        zh="“{field_zh}”:“{value}”不在本次导入的地区范围({areas})内",
    ),
    Reason.NUMBER_ELSEWHERE: Label(
        en="{field}: a record of another area has this number; give this one another number,"
        " or have the other area correct its own",
        zh="“{field_zh}”:该编号已属于其他地区的记录;请更换编号,或由该地区先行更正",
    ),
    Reason.HOUSEHOLD_UNKNOWN: Label(
        en="The household is neither in the workspace nor among the accepted rows"
        " of this import for the same period",
        zh="该户既不在工作区中,也不在本次导入的同年度已接收数据中",
    ),
    Reason.DUPLICATE: Label(
        en="The same key stands in row {row} of {file} already",
        zh="相同主键的记录已出现在 {file} 第{row}行",
    ),
}


def sentence(problem: Problem, column: Column | None, value: str | None) -> Label:
    """The reason in words, for one column and value; a direct identifier is masked."""
    facts = dict(problem.facts)
    if column is not None:
        facts["field"] = f"{column.name} ({column.label.en})"
        facts["field_zh"] = column.label.zh
    facts["value"] = shown(column, value)
    template = _SENTENCES[problem.reason]
    return Label(en=template.en.format_map(facts), zh=template.zh.format_map(facts))


def shown(column: Column | None, value: str | None) -> str:
    """A value as a message may show it: masked when direct, cut when long."""
    if value is None:
        return ""
    if column is not None and column.privacy == "direct":
        return MASK
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
