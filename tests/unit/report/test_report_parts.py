"""Numbers, limits of colour classes, names and map drawing of the report."""

from __future__ import annotations

import pytest
from invented_summary import PACK_DIR, make_summary

from jingzhun.disclosure.marks import HIDDEN
from jingzhun.report.maps import read_drawing
from jingzhun.report.measures import limits, measures
from jingzhun.report.names import AreaNames
from jingzhun.report.numbers import big, count, day, percent
from jingzhun.report.public import public_summary
from jingzhun.report.texts import both
from jingzhun.report.views.quality import confidence


def test_headlines_count_in_wan_in_chinese_and_in_millions_in_english() -> None:
    assert (big(4_127_794).en, big(4_127_794).zh) == ("4.13 million", "412.8万")
    assert both(big(9_549)).zh == "9,549"


def test_small_rates_keep_a_second_digit() -> None:
    assert percent(0.0004) == "0.04%"
    assert percent(0.0) == "0.0%"


def test_hidden_and_unknown_figures_look_different() -> None:
    assert "·" in count(HIDDEN)
    assert "—" in count(None)
    assert count(1234) == "1,234"


def test_dates_are_written_as_people_write_them() -> None:
    assert (day("2019-12-31").en, day("2019-12-31").zh) == ("31 December 2019", "2019年12月31日")


def test_a_confidence_from_memory_is_said_in_words() -> None:
    assert confidence("M recall").en == "medium, from memory, unverified"


@pytest.mark.parametrize(
    "numbers",
    [[0.01, 0.05, 0.2, 0.5], [0.041, 0.042, 0.046, 0.047], [3.0], [0, 0, 0, 0, 0, 0, 0, 0.1]],
)
def test_limits_between_colours_rise_and_are_round(numbers: list[float]) -> None:
    found = limits(numbers)
    assert found
    assert list(found) == sorted(set(found))
    assert all(float(f"{limit:.1e}") == limit for limit in found)


def test_every_county_with_a_polygon_has_one_colour() -> None:
    public = public_summary(make_summary(20_000))
    measure = measures(public)[0]
    tones = {measure.class_of(row["code"]) for row in public["by_county"]}
    assert "qh" in tones
    assert len(tones) > 3
    assert len(measure.legend()) == len(measure.limits) + 2


def test_jiayuguan_has_its_polygon_and_the_new_area_of_lanzhou_none() -> None:
    drawing = read_drawing(PACK_DIR / "counties.geojson")
    assert drawing is not None
    assert drawing.shape_of("620201")
    assert drawing.shape_of("620171") is None
    assert len(drawing.shapes) == 87
    assert len(drawing.labels()) == 14


def test_english_names_come_from_the_pack_and_townships_keep_theirs() -> None:
    names = AreaNames.read(PACK_DIR)
    assert names.of("621124", "临洮县").en == "Lintao"
    assert names.of("621124100000", "洮阳镇").en == "洮阳镇"
    assert names.short("622900", "临夏回族自治州").zh == "临夏"
