"""A mapping file that is wrong says where, what, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from jingzhun.policy.pack import load_pack
from jingzhun.quality.intake import MappingError, parse_mapping, read_mapping

GOOD = """\
mapping: 1
tables:
- table: households
  files: "*.csv"
  period: 2019
  columns:
    household_id: 户编号
    village_code: [行政区划代码, 村代码]
    cultivated_mu: {from: 耕地, unit: 公顷}
"""


def wrong(text: str) -> MappingError:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, "m.yaml")
    return caught.value


def test_a_mapping_is_read_in_its_short_and_long_forms() -> None:
    mapping = parse_mapping(GOOD)
    rules = mapping.tables[0].rules
    assert rules["household_id"].source == ("户编号",)
    assert rules["village_code"].source == ("行政区划代码", "村代码")
    assert rules["period"].constant == "2019"


def test_a_mapping_of_one_table_needs_no_list() -> None:
    single = parse_mapping(
        "table: counties\nperiod: {from: 年}\ncolumns: {county_code: 县}\n", "m.yaml"
    )
    assert [table.table for table in single.tables] == ["counties"]


def test_the_same_meaning_gives_the_same_text_for_the_content_hash() -> None:
    spaced = GOOD.replace('files: "*.csv"', "files: ['*.csv']   # all")
    assert parse_mapping(GOOD).canonical() == parse_mapping(spaced).canonical()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("table: households", "table: household", 3, "no table 'household'"),
        ("household_id:", "houshold_id:", 7, "no column 'houshold_id'"),
        ("unit: 公顷", "unit: 公里", 9, "can't be read in '公里'"),
        ("unit: 公顷", "per: month", 9, "not an amount per month or year"),
        ("unit: 公顷", "einheit: 公顷", 9, "'einheit' is not known here"),
        ("unit: 公顷", "codes: system-a", 9, "no code list"),
        ("unit: 公顷", "dates: ['%Y']", 9, "not a form of date"),
        ("unit: 公顷", "constant: 1", 9, "exactly one of"),
        ("    village_code: [行政区划代码, 村代码]\n", "", 3, "village_code"),
        ("  period: 2019\n", "", 3, "period"),
        ("  period: 2019\n", "  period:\n", 3, "period"),
        ("  period: 2019\n", "  period: 2019\n  derive: {phone: name}\n", 6, "can't be derived"),
        ("  period: 2019\n", "  period: 2019\n  delimiter: ab\n", 6, "delimiter"),
        ("  period: 2019\n", "  period: 2019\n  encoding: utf-7\n", 6, "encoding"),
        ("  period: 2019\n", "  period: 20190\n", 5, "constant can't be read"),
    ],
)
def test_an_error_names_the_line(old: str, new: str, line: int, words: str) -> None:
    error = wrong(GOOD.replace(old, new))
    assert error.where.line == line
    assert error.where.file == "m.yaml"
    assert words in error.sentence


def test_a_near_name_is_offered() -> None:
    error = wrong(GOOD.replace("household_id:", "houshold_id:"))
    assert "household_id" in error.do


def test_an_unknown_version_of_codes_is_answered_with_the_known_ones() -> None:
    error = wrong(
        "table: persons\nperiod: 2019\ncolumns:\n  person_id: a\n  household_id: b\n"
        "  ethnicity: {from: c, codes: GB/T 1}\n"
    )
    assert error.where.line == 6
    assert "GB/T 3304-1991, system-a, system-b" in error.do


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a: [",
        "a: &x [*x]",
        "- 1",
        "tables: []",
        "[" * 3000,
        "a: b\na: c\n",
        "\x00",
        "!!python/name:os.system",
    ],
)
def test_any_other_text_ends_in_a_sentence(text: str) -> None:
    assert wrong(text).sentence


def test_aliases_that_unfold_without_end_are_refused() -> None:
    levels = [f"l{n}: &l{n} [{', '.join(f'*l{n - 1}' for _ in range(10))}]" for n in range(1, 8)]
    text = "l0: &l0 [x]\n" + "\n".join(levels)
    assert "nested" in wrong(text).what


def test_a_missing_or_foreign_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="can't be opened"):
        read_mapping(tmp_path / "none.yaml")
    (tmp_path / "gb.yaml").write_bytes("表: 户".encode("gb18030"))
    with pytest.raises(MappingError, match="UTF-8"):
        read_mapping(tmp_path / "gb.yaml")


def test_the_columns_that_a_pack_adds_can_be_mapped() -> None:
    pack = load_pack("vietnam-1998")
    assert pack.mapping_path is not None
    mapping = read_mapping(pack.mapping_path, pack.tables())
    assert "is_urban" in mapping.tables[0].rules
    with pytest.raises(MappingError, match="no column"):
        read_mapping(pack.mapping_path)


def test_the_example_of_the_documentation_can_be_used() -> None:
    page = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    assert [table.table for table in parse_mapping(example).tables] == ["households", "persons"]
