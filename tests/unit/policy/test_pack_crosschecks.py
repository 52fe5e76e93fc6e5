"""Rules of the cross-check: read and held against the standard, refused with their place, shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jingzhun.cli.pack import group
from jingzhun.cli.pack_cases import run_cases
from jingzhun.errors import PackError, ParameterError
from jingzhun.policy.crosschecks import crosscheck_programs
from jingzhun.policy.new_pack import new_pack
from jingzhun.policy.pack import load_pack
from jingzhun.policy.problems import PackProblemsError

ON = date(2018, 12, 31)
RUN = CliRunner()
FILE = "crosschecks/example.yaml"
CASES = "cases/example.yaml"
Refused = Callable[[str, str, str], tuple[PackProblemsError, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_pack(tmp_path / "my-pack")
    return tmp_path / "my-pack"


@pytest.fixture
def refused(folder: Path) -> Refused:
    """Replace a text in a file of a valid pack; the refusal, and the text from its place on."""

    def change(file: str, old: str, new: str) -> tuple[PackProblemsError, str]:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(PackProblemsError) as caught:
            load_pack(folder)
        where = caught.value.where
        assert where.file == f"{folder}/{file}"
        line = path.read_text("utf-8").splitlines()[(where.line or 1) - 1]
        return caught.value, line[(where.column or 1) - 1 :]

    return change


def test_a_new_pack_has_a_rule_with_cases_that_come_out_as_expected(folder: Path) -> None:
    pack = load_pack(folder)

    assert list(pack.crosschecks) == ["X01"]
    assert [result.passed for result in run_cases(pack, pack.cases)] == [True] * len(pack.cases)


def test_a_wrong_field_of_a_record_is_refused_at_its_place(refused: Refused) -> None:
    error, found = refused(FILE, 'v.kind == "car"', 'v.kin == "car"')

    assert "In when, column 40: There is no field 'kin' of the record in vehicles" in error.what
    assert "v.kind" in error.do
    assert found.startswith('kin == "car"')


def test_a_code_that_the_list_lacks_is_refused(refused: Refused) -> None:
    error, found = refused(FILE, '== "car"', '== "carr"')

    assert "no value 'carr'" in error.what
    assert found.startswith('"carr"')


def test_a_table_that_is_read_and_not_needed_is_named(refused: Refused) -> None:
    error, found = refused(FILE, "needs: [vehicles]", "needs: []")

    assert "Rule X01 reads vehicles, which its needs do not name" in error.what
    assert error.do == "Write  needs: [vehicles]"
    assert found.startswith("m.is_current")


def test_a_table_that_is_needed_and_not_read_is_named(refused: Refused) -> None:
    error, found = refused(FILE, "needs: [vehicles]", "needs: [vehicles, deaths]")

    assert "Rule X01 needs deaths and does not read it" in error.what
    assert found.startswith("deaths]")


def test_a_table_that_no_department_delivers_is_refused(refused: Refused) -> None:
    error, found = refused(FILE, "needs: [vehicles]", "needs: [vehicels]")

    assert "There is no external table 'vehicels'" in error.what
    assert error.do == "Did you mean vehicles?"
    assert found.startswith("vehicels]")


@pytest.mark.parametrize(
    ("shown", "what"),
    [
        ("vehicles.plate_number", "'vehicles.plate_number' is a direct identifier"),
        ("m.name", "'m.name' is a direct identifier"),
        ("vehicles.kint", "no column 'kint' in vehicles"),
        ("m.kind", "no column 'kind' in persons"),
        ("exit_yeer", "no column 'exit_yeer' in households"),
        ("deaths.died_on", "'deaths.died_on' can't be shown"),
    ],
)
def test_what_a_finding_can_not_show_is_refused(refused: Refused, shown: str, what: str) -> None:
    error, found = refused(FILE, "show: [vehicles.kind,", f"show: [{shown},")

    assert what in error.what
    assert found.startswith(shown)


def test_a_rule_about_records_names_its_table(refused: Refused) -> None:
    error, _ = refused(FILE, "level: person", "level: record")

    assert "names the  table:  whose records are judged" in error.what


def test_a_rule_about_persons_has_no_table(refused: Refused) -> None:
    error, _ = refused(FILE, "needs: [vehicles]", "needs: [vehicles]\n  table: vehicles")

    assert "only a rule about records has a  table:" in error.what


@pytest.mark.parametrize(
    ("old", "new", "what", "do"),
    [
        ("verdict_path: [remove]", "verdict_path: [delete]", "'verdict_path' is 'delete'", ""),
        ("id: X01", "id: cars", "'id' is 'cars'", "^[A-Z]"),
        ("finding: wrongly_included", "finding: wrong", "'finding' is 'wrong'", ""),
        ("  explanations:\n  - {en: It was", "  explanatons:\n  - {en: It was", "explanat", ""),
        ("group: example_means\n", "", "'group' is missing", ""),
    ],
)
def test_a_wrong_key_or_word_is_refused(
    refused: Refused, old: str, new: str, what: str, do: str
) -> None:
    error, _ = refused(FILE, old, new)

    assert any(what in one.what and do in one.do for one in error.errors)


def test_the_same_rule_twice_is_refused(folder: Path) -> None:
    text = (folder / FILE).read_text("utf-8")
    (folder / "crosschecks/more.yaml").write_text(text.replace("example_means", "more"), "utf-8")

    with pytest.raises(PackProblemsError) as caught:
        load_pack(folder)

    assert "Cross-check rule 'X01' is defined twice" in caught.value.what


def test_a_definition_about_persons_can_not_have_the_name_of_a_table(refused: Refused) -> None:
    error, _ = refused("definitions.yaml", "id: is_current", "id: vehicles")

    assert "Definition 'vehicles' is also an external table" in error.what


# -- cases ---------------------------------------------------------------------------------------


def test_a_wrong_column_of_a_record_in_a_case_is_refused(refused: Refused) -> None:
    error, found = refused(CASES, "vehicles: [{kind: car,", "vehicles: [{knid: car,")

    assert "Case 'car-of-a-member': there is no column 'knid' in vehicles" in error.what
    assert found.startswith("knid")


def test_a_wrong_code_of_a_record_in_a_case_is_refused(refused: Refused) -> None:
    error, found = refused(CASES, "vehicles: [{kind: car,", "vehicles: [{kind: cart,")

    assert "'kind' has no code 'cart'" in error.what
    assert found.startswith("cart")


def test_records_in_a_case_are_a_list(refused: Refused) -> None:
    error, found = refused(CASES, "vehicles: [{kind: car, owned_on: 2018-06-01}]", "vehicles: no")

    assert "'vehicles' must be a list of records" in error.what
    assert found.startswith("no")


def test_a_case_of_a_rule_that_does_not_exist_is_refused(refused: Refused) -> None:
    error, _ = refused(CASES, "crosscheck: X01", "crosscheck: X02")

    assert "there is no cross-check rule 'X02'" in error.what


def test_only_a_rule_about_records_is_asked_of_a_record(refused: Refused) -> None:
    error, found = refused(
        CASES, "  crosscheck: X01\n", "  crosscheck: X01\n  record: {kind: car}\n"
    )

    assert "only a rule about records is asked of a record" in error.what
    assert found.startswith("record")


# -- programs and views --------------------------------------------------------------------------


def test_rules_whose_tables_are_not_there_are_left_out() -> None:
    pack = load_pack("gansu")

    without = crosscheck_programs(pack, ON, [])
    some = crosscheck_programs(pack, ON, ["vehicles", "allowance"])

    assert [rule.id for found in without for rule in found.rules] == ["X08"]
    assert sorted(rule.id for found in some for rule in found.rules) == [
        "X01", "X08", "X13a", "X15a", "X15b",
    ]  # fmt: skip
    assert [(found.level, found.table) for found in some if found.table] == [
        ("record", "allowance")
    ]


def test_all_rules_of_domain_are_there_and_read_the_tables_they_need() -> None:
    pack = load_pack("gansu")
    groups = crosscheck_programs(pack, ON)

    assert {rule[:3] for rule in pack.crosschecks} == {f"X{n:02}" for n in range(1, 17)}
    for found in groups:
        tables = {table for rule in found.rules for table in rule.needs}
        assert tables == {*found.program.tables, *([found.table] if found.table else [])}


def test_a_date_before_the_thresholds_is_refused_in_words() -> None:
    with pytest.raises((ParameterError, PackError)):
        crosscheck_programs(load_pack("gansu"), date(2010, 1, 1))


def test_show_prints_a_rule_with_its_parameters_and_sources() -> None:
    result = RUN.invoke(group, ["show", "gansu", "X01", "--on", "2018-12-31"])

    assert result.exit_code == 0
    assert "vehicle_value_floor_yuan" in result.output
    assert "news.sina.com.cn" in result.output
    assert "DEFAULT" in result.output
    assert "sold and not yet transferred" in result.output


def test_show_of_a_number_prints_all_its_rules_in_chinese() -> None:
    result = RUN.invoke(group, ["show", "gansu", "X05", "--on", "2018-12-31", "--language", "zh"])

    assert result.exit_code == 0
    assert "X05a" in result.output
    assert "X05b" in result.output
    assert "先行提供的合理原因" in result.output


def test_show_as_json_gives_the_value_of_the_area() -> None:
    arguments = ["show", "gansu", "X07a", "--on", "2018-12-31", "--format", "json"]
    general = json.loads(RUN.invoke(group, arguments).output)
    pasture = json.loads(RUN.invoke(group, [*arguments, "--area", "620721"]).output)

    values = [
        next(p["value"] for p in data["parameters"] if p["name"] == "deposit_household_yuan")
        for data in (general, pasture)
    ]
    assert values == [50000, 100000]


def test_show_of_a_rule_that_does_not_exist_names_the_nearest() -> None:
    result = RUN.invoke(group, ["show", "gansu", "X99"])

    assert isinstance(result.exception, PackError)
    assert "has no cross-check rule 'X99'" in result.exception.what
