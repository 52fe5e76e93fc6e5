"""A wrong pack is refused with file, line, column, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jingzhun.errors import PackError
from jingzhun.policy.new_pack import new_pack
from jingzhun.policy.pack import load_pack
from jingzhun.policy.problems import PackProblemsError

Refused = Callable[[str, str, str], PackProblemsError]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_pack(tmp_path / "my-pack")
    return tmp_path / "my-pack"


@pytest.fixture
def refused(folder: Path) -> Refused:
    """Replace a text in a file of a valid pack and load it; the refusal."""

    def change(file: str, old: str, new: str) -> PackProblemsError:
        path = folder / file
        text = path.read_text("utf-8")
        assert text.count(old) >= 1
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(PackProblemsError) as caught:
            load_pack(folder)
        return caught.value

    return change


def position(folder: Path, file: str, text: str) -> tuple[str, int, int]:
    """File, line and column (from 1) at which a text first stands."""
    content = (folder / file).read_text("utf-8")
    offset = content.index(text)
    line = content.count("\n", 0, offset) + 1
    return f"{folder}/{file}", line, offset - (content.rfind("\n", 0, offset) + 1) + 1


def place(error: PackError) -> tuple[str | None, int | None, int | None]:
    return error.where.file, error.where.line, error.where.column


def test_a_new_pack_is_valid(folder: Path) -> None:
    pack = load_pack(folder)

    assert pack.id == "my-pack"
    assert set(pack.profiles) == {"example"}


def test_an_unknown_key_is_refused_with_the_key_that_was_meant(
    refused: Refused, folder: Path
) -> None:
    error = refused("profiles/example.yaml", "pass_mark: 80", "pas_mark: 80")

    assert "Unknown key 'pas_mark'" in error.what
    assert "pass_mark" in error.do
    assert place(error) == position(folder, "profiles/example.yaml", "pas_mark")


def test_a_missing_key_is_named(refused: Refused) -> None:
    error = refused("parameters/lines.yaml", "  confidence: L\n", "")

    assert "'confidence' is missing" in error.what
    assert error.do == "Add a line  confidence: ..."


def test_a_wrong_type_is_refused_where_it_stands(refused: Refused, folder: Path) -> None:
    error = refused("profiles/example.yaml", "weight: 70", "weight: much")

    assert "'weight' must be a number" in error.what
    assert place(error) == position(folder, "profiles/example.yaml", "much")


def test_a_word_outside_its_list_is_refused_with_the_nearest(refused: Refused) -> None:
    error = refused("checks/example.yaml", "severity: medium", "severity: midium")

    assert "'severity' is 'midium'" in error.what
    assert "medium" in error.do


def test_a_wrong_value_in_common_is_found_there(refused: Refused, folder: Path) -> None:
    error = refused("checks/example.yaml", "deadline_days: 20", "deadline_days: soon")

    assert place(error) == position(folder, "checks/example.yaml", "soon")


def test_a_number_where_a_text_belongs_is_put_in_quotes(refused: Refused) -> None:
    error = refused("pack.yaml", 'version: "0.1"', "version: 0.1")

    assert error.do == 'Put it in quotes: "0.1"'


def test_weights_must_add_up_to_100(refused: Refused) -> None:
    error = refused("profiles/example.yaml", "weight: 70", "weight: 60")

    assert "the weights add up to 90; they must add up to 100" in error.what


def test_the_same_key_twice_is_refused(refused: Refused, folder: Path) -> None:
    error = refused("pack.yaml", "country: CN", "country: CN\ncountry: VN")

    assert "'country' stands twice" in error.what
    assert place(error) == position(folder, "pack.yaml", "country: VN")


def test_the_same_check_twice_is_refused_with_the_first_place(refused: Refused) -> None:
    more = "- id: months_impossible\n  label: {en: x, zh: 某}\n  when: m.work_months < 0\n  field: null\n"
    more += "  message: {en: x, zh: 某}\n"
    error = refused("checks/example.yaml", "checks:\n", f"checks:\n{more}")

    assert "Check 'months_impossible' is defined twice" in error.what
    assert "example.yaml:14" in error.why


def test_broken_yaml_names_line_and_a_way_out(refused: Refused, folder: Path) -> None:
    error = refused(
        "profiles/example.yaml",
        "met: income_per_capita_yuan >= poverty_line_yuan",
        "met: has_safe_water ? true : false",
    )

    assert error.where.line == position(folder, "profiles/example.yaml", "met: has")[1]
    assert "quotes" in error.do


def test_a_tab_is_called_a_tab(refused: Refused) -> None:
    error = refused("pack.yaml", "description:\n  en:", "description:\n\ten:")

    assert "tabs" in error.do


def test_an_unknown_name_in_an_expression_is_found_in_the_file(
    refused: Refused, folder: Path
) -> None:
    error = refused("checks/example.yaml", "m.work_months > 12", "m.work_month > 12")

    assert "There is no field 'work_month' of the person" in error.what
    assert "work_months" in error.do
    assert place(error)[:2] == position(folder, "checks/example.yaml", "m.work_month > 12")[:2]
    assert error.where.column is not None
    assert (
        abs(error.where.column - position(folder, "checks/example.yaml", "m.work_month > 12")[2])
        <= 2
    )


def test_a_place_inside_a_folded_expression_is_its_own_line(refused: Refused, folder: Path) -> None:
    error = refused(
        "checks/example.yaml",
        "when: m.is_current && (m.work_months < 0 || m.work_months > 12)",
        'when: >-\n    m.is_current\n    && (m.work_months < 0\n    || m.work_months > "12")',
    )

    assert "int" in error.what
    assert "string" in error.what
    assert error.where.line == position(folder, "checks/example.yaml", '"12"')[1]


def test_a_code_that_the_list_does_not_have_is_refused(refused: Refused) -> None:
    error = refused("profiles/example.yaml", '["A", "B"]', '["A", "E"]')

    assert "The code list housing_grade has no value 'E'" in error.what


def test_a_condition_must_be_true_or_false(refused: Refused) -> None:
    error = refused(
        "profiles/example.yaml", 'met: housing_grade in ["A", "B"]', "met: housing_area_m2"
    )

    assert "must be true or false" in error.what


def test_definitions_in_a_circle_are_refused(refused: Refused) -> None:
    error = refused(
        "definitions.yaml",
        "expression: size(members.filter(m, m.is_current))",
        "expression: int(income_per_capita_yuan)",
    )

    assert "circle" in error.what
    assert error.where.file is not None
    assert error.where.file.endswith("definitions.yaml")


def test_a_wrong_definition_is_found_in_its_file(refused: Refused, folder: Path) -> None:
    error = refused("definitions.yaml", "double(net_income_yuan)", "double(nett_income_yuan)")

    assert "nett_income_yuan" in error.what
    assert place(error) == position(folder, "definitions.yaml", "nett_income_yuan")


def test_a_definition_about_all_members_is_refused_inside_a_macro(refused: Refused) -> None:
    error = refused(
        "profiles/example.yaml",
        'met: housing_grade in ["A", "B"]',
        "met: members.exists(m, m.age > household_size)",
    )

    assert "about all members" in error.what


def test_an_income_column_that_nobody_counts_is_named(refused: Refused) -> None:
    error = refused("income_items.yaml", "    - transfer_pension_yuan\n", "")

    assert "transfer_pension_yuan" in error.what
    assert "not_counted" in error.do


def test_an_income_column_in_two_lists_is_refused(refused: Refused) -> None:
    error = refused("income_items.yaml", "  - receipt_loan_yuan", "  - transfer_pension_yuan")

    assert "'transfer_pension_yuan' stands in transfer and in not_counted" in [
        e.what for e in error.errors
    ]


def test_an_unknown_income_column_is_refused_with_the_nearest(
    refused: Refused, folder: Path
) -> None:
    error = refused("income_items.yaml", "receipt_loan_yuan", "receipt_loans_yuan")

    found = next(e for e in error.errors if "no income column" in e.what)
    assert "receipt_loan_yuan" in found.do
    assert place(found) == position(folder, "income_items.yaml", "receipt_loans_yuan")


def test_an_income_rule_that_has_ended_for_good_is_refused(refused: Refused, folder: Path) -> None:
    error = refused("income_items.yaml", "until: null", "until: 2019-01-01")

    assert "Income rule example_income does not hold" in error.what
    assert place(error)[:2] == position(folder, "pack.yaml", "income_rule")[:2]


def test_an_unknown_line_is_refused(refused: Refused, folder: Path) -> None:
    error = refused("pack.yaml", "line: poverty_line_yuan", "line: poverty_line")

    assert "There is no parameter 'poverty_line'" in error.what
    assert "poverty_line_yuan" in error.do
    assert place(error) == position(folder, "pack.yaml", "poverty_line\n")


def test_a_check_shows_only_columns_of_its_table(refused: Refused) -> None:
    error = refused("checks/example.yaml", "field: work_months", "field: housing_grade")

    assert "There is no column of persons 'housing_grade'" in error.what


def test_a_parameter_that_begins_after_the_profile_is_refused(refused: Refused) -> None:
    error = refused("profiles/example.yaml", "valid_from: 2020-01-01", "valid_from: 2019-01-01")

    assert "poverty_line_yuan begins on 2020-01-01, after the profile" in error.what


def test_a_parameter_named_like_a_column_is_refused(refused: Refused) -> None:
    error = refused("parameters/lines.yaml", "name: poverty_line_yuan", "name: debt_yuan")

    assert any("'debt_yuan' is also a column" in e.what for e in error.errors)


def test_a_value_without_source_on_its_date_is_refused(refused: Refused) -> None:
    error = refused(
        "parameters/lines.yaml",
        "  source: replace this by the document and its address",
        "  source: {2021-01-01: somewhere}",
    )

    assert "source has no entry for 2020-01-01" in error.what


def test_a_misspelt_file_is_not_left_out_in_silence(folder: Path) -> None:
    (folder / "definitions.yaml").rename(folder / "definition.yaml")

    with pytest.raises(PackProblemsError) as caught:
        load_pack(folder)

    found = next(e for e in caught.value.errors if "does not belong" in e.what)
    assert "definitions.yaml" in found.do


def test_all_problems_are_listed(refused: Refused, folder: Path) -> None:
    path = folder / "checks" / "example.yaml"
    path.write_text(
        path.read_text("utf-8").replace("severity: medium", "severity: midium"), "utf-8"
    )

    error = refused("profiles/example.yaml", "pass_mark: 80", "pas_mark: 80")

    assert len(error.errors) >= 2
    assert "`jingzhun pack check` lists them" in error.what


def test_a_case_with_an_unknown_column_is_refused(refused: Refused, folder: Path) -> None:
    error = refused("cases/example.yaml", "housing_grade: D", "housing_grad: D")

    assert "no column 'housing_grad'" in error.what
    assert place(error) == position(folder, "cases/example.yaml", "housing_grad")


def test_a_case_with_an_unknown_code_is_refused(refused: Refused) -> None:
    error = refused("cases/example.yaml", "housing_grade: D", "housing_grade: Z")

    assert "has no code 'Z' in the list housing_grade" in error.what


def test_an_unknown_pack_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PackError, match="There is no policy pack 'gansou'") as caught:
        load_pack("gansou")

    assert "gansu" in caught.value.do


def test_a_folder_without_pack_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackProblemsError, match=r"pack\.yaml is missing"):
        load_pack(tmp_path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xfe\x00pack", "not UTF-8"),
        (b"", "empty"),
        (b"- a\n- b\n", "group of  key: value  lines"),
        (b"pack: [1, 2\n", "can't be read here"),
        (b"pack: *nothing\n", "can't be read here"),
        (b"a: &a [*a]\n", ""),
        (b"!!python/object:os.system x: y\n", ""),
    ],
)
def test_hostile_yaml_ends_in_a_clear_error(folder: Path, content: bytes, what: str) -> None:
    (folder / "pack.yaml").write_bytes(content)

    with pytest.raises(PackProblemsError) as caught:
        load_pack(folder)

    assert any(what in error.what for error in caught.value.errors)


def test_a_bomb_of_anchors_is_no_bomb(folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    (folder / "pack.yaml").write_text("\n".join(lines), "utf-8")

    with pytest.raises(PackProblemsError):
        load_pack(folder)
