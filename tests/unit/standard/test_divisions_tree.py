"""The tree and its names, on the real divisions of Gansu that come with the pack."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from jingzhun.errors import StandardError
from jingzhun.standard.divisions import Divisions, IdRegion, Level

GANSU = Path(str(files("jingzhun"))) / "policy/packs/gansu/divisions.csv"


@pytest.fixture(scope="module")
def gansu() -> Divisions:
    return Divisions.load(GANSU)


def test_all_divisions_of_the_file_are_there(gansu: Divisions) -> None:
    assert len(gansu) == 19_224
    assert len(gansu.at_level(Level.PREFECTURE)) == 14
    assert len(gansu.at_level(Level.VILLAGE, within="620102")) > 100


def test_counties_without_statistical_units_are_eighty_six(gansu: Divisions) -> None:
    counties = gansu.at_level(Level.COUNTY)

    in_law = [county for county in counties if not county.is_statistical_unit]

    assert len(in_law) == 86
    assert {c.code[:6] for c in counties if c.is_statistical_unit} == {"620171", "620201"}


def test_the_tree_is_walked_up_and_down(gansu: Divisions) -> None:
    parent = gansu.parent("622926000000")

    assert parent is not None
    assert parent.name == "临夏回族自治州"
    assert gansu.parent("620000000000") is None
    assert [d.name for d in gansu.ancestors("620102001000")] == ["甘肃省", "兰州市", "城关区"]
    assert [d.code[:6] for d in gansu.children("6203")] == ["620302", "620321"]
    assert gansu.children("620102001001") == ()


def test_a_path_name_reads_from_the_province_down(gansu: Divisions) -> None:
    assert gansu.path_name("620102001000") == "甘肃省兰州市城关区酒泉路街道"
    assert gansu.path_name("620102", separator=" / ") == "甘肃省 / 兰州市 / 城关区"


def test_a_statistical_unit_named_as_its_parent_is_named_once(gansu: Divisions) -> None:
    assert gansu.path_name("620201000000") == "甘肃省嘉峪关市"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("东乡族自治县", "622926"),
        ("东乡", "622926"),
        ("东乡县", "622926"),
        ("张家川", "620525"),
        ("张家川回族", "620525"),
        ("积石山", "622927"),
        ("积石山县", "622927"),
        ("阿克塞", "620924"),
        ("肃南县", "620721"),
        ("榆中", "620123"),
        (" 榆 中\u3000县 ", "620123"),
        ("榆中縣", "620123"),
        ("环县", "621022"),
        ("宁县", "621026"),
        ("华亭县", "620881"),
        ("临夏县", "622921"),
    ],
)
def test_a_county_is_found_by_the_ways_people_write_it(
    gansu: Divisions, written: str, code: str
) -> None:
    assert gansu.resolve(written, level=Level.COUNTY) == code + "000000"


@pytest.mark.parametrize(
    ("written", "county", "code"),
    [
        ("祁丰藏族乡", "620721", "620721205000"),
        ("祁丰蔵族乡", "620721", "620721205000"),
        ("祁丰", "620721", "620721205000"),
        ("祁丰乡", "620721", "620721205000"),
        ("酒泉路街道办事处", "620102", "620102001000"),
        ("酒泉路", "620102", "620102001000"),
        ("七墩回族东乡族乡", "620922", "620922212000"),
        ("七墩", "620922", "620922212000"),
        ("四族", "621125", "621125107000"),
    ],
)
def test_a_township_is_found_within_its_county(
    gansu: Divisions, written: str, county: str, code: str
) -> None:
    assert gansu.resolve(written, within=county, level=Level.TOWNSHIP) == code


@pytest.mark.parametrize(
    "written", ["旺藏", "旺藏村", "旺藏村委会", "旺藏村民委员会", "旺藏村村民委员会", "旺蔵村"]
)
def test_a_village_is_found_under_every_name_of_its_committee(
    gansu: Divisions, written: str
) -> None:
    assert gansu.resolve(written, within="623024102", level=Level.VILLAGE) == "623024102200"


def test_a_village_committee_and_a_community_of_one_name_are_told_apart(gansu: Divisions) -> None:
    township = "620171101"

    assert gansu.resolve("宗家梁村", within=township) == "620171101212"
    assert gansu.resolve("宗家梁社区居委会", within=township) == "620171101014"
    assert set(gansu.find("宗家梁", within=township)) == {"620171101212", "620171101014"}


def test_all_meanings_are_found_with_the_exact_ones_first(gansu: Divisions) -> None:
    found = gansu.find("城关镇")

    assert len(found) == 20
    assert gansu.find("临夏") == ("622900000000", "622901000000", "622921000000")
    assert gansu.find("临夏市") == ("622901000000",)
    assert gansu.find("没有此地") == ()


def test_a_name_of_a_proper_division_goes_before_a_statistical_unit(gansu: Divisions) -> None:
    assert gansu.resolve("嘉峪关市") == "620200000000"


def test_every_division_is_found_by_its_own_name(gansu: Divisions) -> None:
    missed = [
        d.code
        for d in gansu
        if gansu.find(d.name, within=d.parent_code, level=d.level)[:1] != (d.code,)
    ]

    assert missed == []


def test_an_ambiguous_name_is_refused_with_its_meanings(gansu: Divisions) -> None:
    with pytest.raises(StandardError, match=r"may mean 20 divisions.*甘肃省兰州市永登县城关镇"):
        gansu.resolve("城关镇")


def test_an_unknown_name_is_refused_with_similar_ones(gansu: Divisions) -> None:
    with pytest.raises(
        StandardError, match=r"No county is called.*甘肃省兰州市榆中县 \(620123000000\)"
    ):
        gansu.resolve("愉中县", level=Level.COUNTY)


def test_a_township_is_not_taken_for_a_county(gansu: Divisions) -> None:
    with pytest.raises(StandardError):
        gansu.resolve("陇西镇")


def test_another_kind_of_township_is_taken_only_within_a_given_area(gansu: Divisions) -> None:
    # 祁丰 is a township 乡; a file that calls it a town 镇 must say where.
    assert gansu.resolve("祁丰镇", within="620721") == "620721205000"
    with pytest.raises(StandardError, match="祁丰"):
        gansu.resolve("祁丰镇")


def test_an_unknown_code_is_refused(gansu: Divisions) -> None:
    assert gansu.get("629999") is None
    assert gansu.get("not a code") is None
    assert "629999000000" not in gansu
    with pytest.raises(StandardError, match="629999"):
        gansu["629999"]


def test_a_past_code_leads_to_the_present_one(gansu: Divisions) -> None:
    assert gansu.current_code("620824") == "620881000000"
    assert gansu.current_code("620881000000") == "620881000000"


def test_no_successor_is_made_up(gansu: Divisions) -> None:
    assert gansu.current_code("6222") is None
    assert gansu.current_code("620824101000") is None
    assert gansu.current_code("629999") is None


def test_the_region_of_an_id_number_is_named_from_present_and_past_codes(gansu: Divisions) -> None:
    assert gansu.id_region("620102") == IdRegion("甘肃省兰州市城关区", is_current=True)
    assert gansu.id_region("622201") == IdRegion("张掖", is_current=False)
    assert gansu.id_region("620824") == IdRegion("华亭", is_current=False)
    assert gansu.id_region("110101") is None
