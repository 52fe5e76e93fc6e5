"""What the pack of Gansu says: facts of the sources, defaults marked, both languages, quick to load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import yaml

from jingzhun.errors import PackError, ParameterError
from jingzhun.policy.cel import check_bool
from jingzhun.policy.citing import cited, clauses
from jingzhun.policy.pack import Pack, content_hash, load_pack, pack_names
from jingzhun.standard import schema

D2018 = date(2018, 12, 31)


@pytest.fixture(scope="module")
def gansu() -> Pack:
    return load_pack("gansu")


def test_the_packs_of_the_package_are_found_by_name() -> None:
    assert pack_names() == ("gansu", "vietnam-1998")


def test_a_pack_is_found_by_its_folder_too(gansu: Pack) -> None:
    assert load_pack(gansu.path).content_hash == gansu.content_hash


@pytest.mark.parametrize(
    ("name", "day", "value", "confidence"),
    [
        ("poverty_line_yuan", date(2013, 12, 31), 2736, "H"),
        ("poverty_line_yuan", date(2017, 12, 31), 2952, "H"),
        ("poverty_line_yuan", date(2018, 12, 31), 2995, "M recall"),
        ("poverty_line_yuan", date(2019, 12, 31), 3218, "H"),
        ("exit_line_yuan", date(2016, 10, 31), 2952, "L"),
        ("exit_line_yuan", date(2016, 11, 1), 3500, "H"),
        ("exit_line_yuan", date(2020, 12, 31), 4000, "H"),
        ("monitoring_line_yuan", date(2022, 1, 1), 6000, "H"),
        ("villages_exited_share_minimum", date(2019, 1, 1), 0.9, "H"),
    ],
)
def test_a_line_stands_with_its_confidence(
    gansu: Pack, name: str, day: date, value: float, confidence: str
) -> None:
    entry = gansu.parameter(name).entry(day)

    assert entry.value == value
    assert entry.confidence == confidence


def test_a_line_that_was_not_found_for_gansu_is_a_default(gansu: Pack) -> None:
    line = gansu.parameter("exit_line_yuan")

    assert line.entry(date(2019, 12, 31)).default
    assert not line.entry(date(2018, 12, 31)).default


def test_the_papers_weights_are_the_proposed_ones_and_marked_as_ours(gansu: Pack) -> None:
    profile = gansu.profile("paper-weighted")

    weights = {i.id: i.weight for i in profile.indicators}
    assert weights == {
        "income": 30,
        "housing": 20,
        "education": 15,
        "medical": 15,
        "water": 10,
        "capacity": 10,
    }
    assert [i.id for i in profile.indicators if i.veto] == ["income", "housing"]
    assert profile.pass_mark == 80
    assert profile.default
    assert all(i.default for i in profile.indicators)


@pytest.mark.parametrize(
    ("profile", "level", "items"),
    [
        ("gansu-2018", "household", 6),
        ("gansu-2013-12ind", "household", 12),
        ("gansu-2018-village", "village", 4),
        ("gansu-2018-county", "county", 3),
    ],
)
def test_a_profile_of_gansu_has_its_items_all_vetoes(
    gansu: Pack, profile: str, level: str, items: int
) -> None:
    found = gansu.profile(profile)

    assert found.level == level
    assert len(found.indicators) == items
    assert all(i.veto for i in found.indicators)
    assert found.pass_mark is None


def test_the_stricter_of_the_paper_and_of_gansu_counts(gansu: Pack) -> None:
    assert gansu.default_profile == "paper-weighted"
    assert gansu.profiles_that_count == ("paper-weighted", "gansu-2018")


def test_profiles_of_a_date_come_with_the_default_first(gansu: Pack) -> None:
    assert [p.id for p in gansu.profiles_on(D2018)] == ["paper-weighted", "gansu-2018"]
    assert [p.id for p in gansu.profiles_on(date(2014, 1, 1))] == [
        "paper-weighted",
        "gansu-2013-12ind",
    ]


def test_there_are_at_least_sixty_checks_in_every_group_of_the_problem_lists(gansu: Pack) -> None:
    groups = {rule.group for rule in gansu.checks.values()}

    assert len(gansu.checks) >= 60
    assert groups >= {
        "document", "empty", "relation", "cause", "allowance", "labour", "work", "income",
        "school", "land", "insurance", "help", "measure_fit",
    }  # fmt: skip


@pytest.mark.parametrize(
    "county", ["623025", "620721", "623026", "623027", "620923", "620924", "620623"]
)
def test_pasture_counties_have_land_limits_of_their_own(gansu: Pack, county: str) -> None:
    entry = gansu.parameter("forest_mu_maximum").entry(D2018, county)

    assert entry.area == county
    assert entry.default
    assert gansu.value("forest_mu_maximum", on=D2018, area="620102") == 200


def test_thirteen_causes_are_reported(gansu: Pack) -> None:
    assert gansu.causes is not None
    assert len(gansu.causes.causes) == 13


def test_every_source_reference_is_explained(gansu: Pack) -> None:
    assert gansu.sources["S12"].startswith("renrendoc.com")


def test_every_income_column_is_in_one_list_of_every_rule(gansu: Pack) -> None:
    columns = {c.name for c in schema.table("households").columns if c.income_group}

    for rule in gansu.income:
        names = [name for group in rule.lists.values() for name in group]
        assert sorted(names) == sorted(columns)


@pytest.mark.parametrize("day", [date(2013, 12, 31), date(2014, 12, 31), D2018, date(2023, 12, 31)])
def test_every_check_can_be_read_on_any_year(gansu: Pack, day: date) -> None:
    for rule in gansu.checks.values():
        check_bool(rule.when, gansu.scope(day, level=rule.level))


def test_before_the_first_parameter_a_scope_names_it(gansu: Pack) -> None:
    with pytest.raises(ParameterError, match="2013-01-01"):
        gansu.scope(date(2012, 1, 1))


def test_an_unknown_profile_is_refused_with_the_nearest(gansu: Pack) -> None:
    with pytest.raises(PackError, match=r"no profile 'gansu-2081'.*gansu-2018"):
        gansu.profile("gansu-2081")


def test_an_unknown_parameter_is_refused_with_the_nearest(gansu: Pack) -> None:
    with pytest.raises(ParameterError, match="poverty_line_yuan"):
        gansu.value("poverty_line", on=D2018)


def test_the_hash_changes_with_any_byte(gansu: Pack, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.yaml").write_text("x: 1", "utf-8")
    before = content_hash(tmp_path)
    (tmp_path / "a.yaml").write_text("x: 2", "utf-8")

    assert content_hash(tmp_path) != before
    assert content_hash(gansu.path) == gansu.content_hash


def test_loading_again_costs_next_to_nothing(gansu: Pack) -> None:
    assert load_pack("gansu") is gansu


def test_the_survey_pack_adds_its_columns_to_households_only() -> None:
    pack = load_pack("vietnam-1998")

    columns = pack.tables()["households"].by_name
    assert columns["total_expenditure_thousand_dong"].type == "decimal"
    assert "total_expenditure_thousand_dong" not in schema.table("households").by_name
    assert pack.value("general_line_thousand_dong", on=date(1998, 12, 31)) == 1790
    assert pack.value("food_line_thousand_dong", on=date(1998, 12, 31)) == 1287


def _source_texts(content: object) -> Iterator[str]:
    """Every `source` and `confidence` below some content of a pack's file; those with dates one by one."""
    if isinstance(content, list):
        for one in content:
            yield from _source_texts(one)
    if isinstance(content, dict):
        for key, value in content.items():
            if key in {"source", "confidence"}:
                yield from map(str, value.values() if isinstance(value, dict) else [value])
            yield from _source_texts(value)


def test_every_source_can_be_read_in_chinese_and_no_translation_is_of_none(gansu: Pack) -> None:
    files = [path for path in gansu.path.rglob("*.yaml") if "cases" not in path.parts]
    texts = [t for path in files for t in _source_texts(yaml.safe_load(path.read_text("utf-8")))]
    known = {clause for text in [*texts, *gansu.sources.values()] for clause in clauses(text)}

    # References, grades of confidence, standards and addresses read the same in both languages.
    prose = {
        c
        for c in known
        if re.search(r"[A-Za-z]{2}", re.sub(r"\[S\d+\]|\S+\.\S+( \w+\d+)?|(JGJ|GB) \d+", "", c))
    }

    assert sorted(prose - gansu.chinese.keys()) == []
    assert sorted(gansu.chinese.keys() - known) == []
    assert (
        cited("[S12] item 1; our own default", "zh", gansu.chinese) == "[S12] 第1项；本系统默认值"
    )
    assert (
        cited("[S12] item 1; our own default", "en", gansu.chinese)
        == "[S12] item 1; our own default"
    )
