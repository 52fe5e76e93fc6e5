"""The normal form of a name, its parts and its keys. All names are invented."""

from __future__ import annotations

import polars as pl
import pytest

from jingzhun.linkage.names import clean, display, name_keys

DOTS = "\u00b7\u2022\u30fb\uff65\u2027\u2219\u22c5\u0387.．。-"


def _clean(name: str) -> str | None:
    found: str | None = clean(pl.Series([name]))[0]
    return found


def _keys(name: str) -> dict[str, object]:
    return name_keys(pl.Series([name])).row(0, named=True)


@pytest.mark.parametrize("dot", DOTS)
def test_every_dot_is_shown_as_the_middle_dot_and_not_compared(dot: str) -> None:
    written = f"古丽娜{dot}哈力{dot}赛力克"

    assert display(pl.Series([written]))[0] == "古丽娜·哈力·赛力克"
    assert _clean(written) == "古丽娜哈力赛力克"


def test_parts_of_one_character_have_a_dot_on_both_sides() -> None:
    assert display(pl.Series(["甲•乙•丙•丁"]))[0] == "甲·乙·丙·丁"


def test_hyphens_and_full_stops_of_latin_names_are_shown_as_they_are() -> None:
    assert display(pl.Series([" J. Clinton-Smith "]))[0] == "J. Clinton-Smith"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ＪＯＨＮ", "john"),
        ("Jose\u0301", "jose"),
        ("Łukasz Groß", "lukaszgross"),
        ("馬麗華", "马丽华"),
        ("恵子", "惠子"),
        ("李\u200b喆", "李哲"),
        ("马?燕", "马\ufffd燕"),
        ("王\ue863", "王\ue863"),
    ],
)
def test_the_compare_key_folds_what_is_no_difference(name: str, key: str) -> None:
    assert _clean(name) == key


@pytest.mark.parametrize(
    ("name", "structure", "surname", "given"),
    [
        ("王建军", "han", "王", "建军"),
        ("欧阳小红", "han", "欧阳", "小红"),
        ("司马", "han", "司", "马"),
        ("欧阳 小红", "han", "欧阳", "小红"),
        ("王 军", "han", "王", "军"),
        ("马穆萨", "han", "马", "穆萨"),
        ("马阿卜都拉", "han", "马", "阿卜都拉"),
        ("马·穆萨", "han", "马", "穆萨"),
        ("王", "han", None, "王"),
        ("扎西才让", "tibetan", None, "扎西才让"),
        ("拉毛草", "tibetan", None, "拉毛草"),
        ("白玉珍", "han", "白", "玉珍"),
        ("叶尔兰·哈力", "dotted", None, "叶尔兰"),
        ("叶尔兰哈力", "dotted", None, "叶尔兰"),
        ("某某某某某某", "dotted", None, "某某某某某某"),
        ("John A. Smith", "latin", "smith", "john"),
        ("Smith, John", "latin", "smith", "john"),
        ("Pelé", "latin", None, "pele"),
    ],
)
def test_a_name_is_split_by_its_structure(
    name: str, structure: str, surname: str | None, given: str
) -> None:
    keys = _keys(name)

    assert (keys["structure"], keys["surname"], keys["given"]) == (structure, surname, given)


def test_words_of_one_class_have_one_key() -> None:
    one, two = _keys("扎西才让"), _keys("札西·次仁")

    assert one["syllable_class"] == two["syllable_class"]
    assert one["tokens"] == two["tokens"]
    assert one["clean"] != two["clean"]


def test_surnames_are_read_as_surnames() -> None:
    assert [_keys(name)["pinyin"] for name in ("单小单", "查明", "万俟明")] == [
        "shan xiao dan",
        "zha ming",
        "mo qi ming",
    ]


def test_rows_keep_their_order_and_unknown_names_have_no_keys() -> None:
    keys = name_keys(pl.Series(["王军", None, "", "王军"]))

    assert keys["clean"].to_list() == ["王军", None, None, "王军"]
    assert keys.row(1) == keys.row(2) == (None,) * keys.width


def test_an_empty_column_has_no_rows_and_all_keys() -> None:
    assert name_keys(pl.Series([], dtype=pl.String)).shape == (0, 9)
