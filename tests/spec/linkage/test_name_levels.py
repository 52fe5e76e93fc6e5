"""What two names have to share for each level. All names are invented."""

from __future__ import annotations

import polars as pl
import pytest

from jingzhun.linkage.names import Level, Part, levels, similarity

PAIRS: dict[Level, list[tuple[str, str]]] = {
    Level.EXACT: [("王建军", "王建军"), ("John Smith", "John Smith")],
    Level.VARIANT: [
        ("叶尔兰·哈力", "叶尔兰•哈力"),
        ("叶尔兰·哈力", "叶尔兰哈力"),
        ("叶尔兰·哈力", "叶尔兰 哈力"),
        ("叶尔兰·哈力", "叶尔兰。哈力"),
        ("王 军", "王军"),
        ("劉麗華", "刘丽华"),
        ("José Núñez", "JOSE NUNEZ"),
        ("Ｓｍｉｔｈ", "smith"),
        ("Smith, John", "John Smith"),
        ("O'Brien", "obrien"),
    ],
    Level.REORDERED: [("Smith John", "John Smith")],
    Level.SYLLABLES: [
        ("扎西才让", "札西次仁"),
        ("扎西·才让", "扎西才仁"),
        ("仁青卓玛", "仁钦周毛"),
        ("马法土麦", "马法图麦"),
        ("叶尔肯·木拉提", "耶尔肯·木拉提"),
        ("Bill Stone", "William Stone"),
    ],
    Level.SOUND: [
        ("王玉兰", "王玉岚"),
        ("单明明", "善明明"),
        ("王建军", "WANG JIANJUN"),
        ("王建军", "Jianjun Wang"),
        ("Smyth", "Smith"),
        ("Philip Snow", "Filip Snow"),
    ],
    Level.SHAPE: [("王未兰", "王末兰"), ("余小己", "佘小己"), ("杨明", "扬朋")],
    Level.TRUNCATED: [
        ("努尔古丽·加尔肯", "努尔古丽·加"),
        ("叶尔兰·哈力", "叶尔兰"),
        ("John Albert Smith", "John Smith"),
        ("J. Smith", "John Smith"),
    ],
    Level.ONE_EDIT: [
        ("王建军", "李建军"),
        ("王建军", "王军建"),
        ("王丽", "丽王"),
        ("王建军", "王建"),
        ("扎西才让", "扎西才"),
        ("John Smith", "John Snith"),
        ("马?燕", "马䶮燕"),
    ],
    Level.TOKENS: [
        ("叶尔兰·哈力", "叶尔兰·木拉提"),
        ("扎西才让", "扎西东智"),
        ("拉毛草", "拉毛吉"),
        ("王军", "王建军"),
        ("John Smith", "John Reed"),
    ],
    Level.SURNAME: [("王亮", "王涛"), ("欧阳小红", "欧阳建国"), ("Jane Smith", "Robert Smith")],
    Level.ELSE: [
        ("王建军", "李秀兰"),
        ("叶尔兰·哈力", "木拉提·赛力克"),
        ("Jane Reed", "John Smith"),
    ],
}
CASES = [(level, *pair) for level, pairs in PAIRS.items() for pair in pairs]


def _level(one: str | None, two: str | None, part: Part = "full") -> int | None:
    left, right = pl.Series([one], dtype=pl.String), pl.Series([two], dtype=pl.String)
    found: int | None = levels(left, right, part=part)[0]
    return found


@pytest.mark.parametrize(("level", "one", "two"), CASES)
def test_a_pair_has_its_level_in_both_directions(level: Level, one: str, two: str) -> None:
    assert (_level(one, two), _level(two, one)) == (level, level)


@pytest.mark.parametrize(
    ("one", "two"), [(None, "王军"), ("", "王军"), (" · ", "王军"), (None, None)]
)
def test_a_name_that_is_not_known_agrees_with_none(one: str | None, two: str | None) -> None:
    assert _level(one, two) is None


@pytest.mark.parametrize(
    ("part", "one", "two", "level"),
    [
        ("given", "Bill", "William", Level.SYLLABLES),
        ("given", "J", "John", Level.TRUNCATED),
        ("given", "Jane", "John", Level.ELSE),
        ("given", "玉兰", "玉岚", Level.SOUND),
        ("given", "建军", "国军", Level.ELSE),
        ("surname", "查", "渣", Level.SOUND),
        ("surname", "Meyer", "Meier", Level.SOUND),
        ("surname", "王", "李", Level.ELSE),
    ],
)
def test_given_names_and_surnames_alone_are_not_split(
    part: Part, one: str, two: str, level: Level
) -> None:
    assert _level(one, two, part) == level


def test_likeness_follows_the_levels_of_keys() -> None:
    order = [Level.SHAPE, Level.SOUND, Level.SYLLABLES, Level.REORDERED, Level.VARIANT, Level.EXACT]
    pairs = pl.DataFrame([PAIRS[level][0] for level in order], schema=["one", "two"], orient="row")

    found = similarity(pairs["one"], pairs["two"]).to_list()

    assert found == sorted(found)
    assert (found[0], found[-1]) == (pytest.approx(0.9), 1.0)


def test_a_shared_common_surname_alone_is_little_likeness() -> None:
    same_surname = similarity(pl.Series(["马建军"]), pl.Series(["马秀兰"]))[0]
    same_given = similarity(pl.Series(["马建军"]), pl.Series(["李建军"]))[0]

    assert same_surname < 0.4
    assert same_given > 0.7
