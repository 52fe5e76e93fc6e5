"""The Alkire-Foster index by hand, and its specification."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from jingzhun.errors import InputError, UserError
from jingzhun.identify.measures import (
    Columns,
    MpiResult,
    MpiSpec,
    columns_needed,
    deprivation_flags,
    estimate_mpi,
    mpi_table,
    read_spec,
)

# The example of Alkire & Foster (2011): four persons, four dimensions, cutoff two.
_FOUR = pl.DataFrame({"a": [0, 1, 1, 0], "b": [0, 0, 1, 1], "c": [0, 0, 1, 0], "d": [0, 1, 1, 0]})


def _spec(**changes: object) -> MpiSpec:
    data: dict[str, object] = {
        "cutoff": 0.5,
        "indicators": [{"name": name, "column": name} for name in "abcd"],
    }
    return MpiSpec.model_validate(data | changes)


def _index(frame: pl.DataFrame, spec: MpiSpec, columns: Columns | None = None) -> MpiResult:
    flags = deprivation_flags(frame, spec)
    return estimate_mpi(mpi_table(frame, columns or Columns()), flags, spec)


def _values(result: MpiResult) -> dict[tuple[str, str | None], float | None]:
    return {(row.measure, row.indicator): row.value for row in result.estimates if row.by is None}


def test_the_example_of_alkire_and_foster() -> None:
    values = _values(_index(_FOUR, _spec()))

    assert values["H", None] == pytest.approx(2 / 4)
    assert values["A", None] == pytest.approx(6 / 8)
    assert values["M0", None] == pytest.approx(6 / 16)
    assert values["uncensored", "b"] == pytest.approx(2 / 4)
    assert values["censored", "b"] == pytest.approx(1 / 4)
    assert values["contribution", "a"] == pytest.approx(2 / 6)


def test_contributions_add_up_to_one() -> None:
    values = _values(_index(_FOUR, _spec()))

    total = sum(v or 0 for (measure, _), v in values.items() if measure == "contribution")
    assert total == pytest.approx(1)


def test_weights_that_only_nearly_add_up_to_the_cutoff_reach_it() -> None:
    frame = pl.DataFrame({name: [1 if name in "abc" else 0, 0] for name in "abcdefghij"})
    spec = _spec(cutoff=0.3, indicators=[{"name": n, "weight": 0.1} for n in "abcdefghij"])

    assert _values(_index(frame, spec))["H", None] == 0.5


@pytest.mark.parametrize("cutoff", [50, "50%", "1/2", 0.5])
def test_the_cutoff_may_be_a_share_a_percentage_or_a_fraction(cutoff: object) -> None:
    assert _spec(cutoff=cutoff).cutoff == 0.5


def test_dimensions_share_the_weight_equally() -> None:
    spec = _spec(
        indicators=[
            {"name": "a", "dimension": "x"},
            {"name": "b", "dimension": "x"},
            {"name": "c", "dimension": "y"},
        ]
    )

    assert spec.weights() == pytest.approx([0.25, 0.25, 0.5])


def test_an_expression_of_cel_gives_the_deprivation() -> None:
    frame = pl.DataFrame({"years": [3, 9, None, 6], "roof": ["straw", "tile", "tile", None]})
    spec = _spec(
        cutoff=0.5,
        indicators=[
            {"name": "school", "deprived": "years < 6"},
            {"name": "house", "deprived": "roof == 'straw'"},
        ],
    )

    result = _index(frame, spec)

    assert _values(result)["H", None] == 0.5
    assert result.setting.rows_left_out["indicator_missing"] == 2
    assert result.missing == {"school": 1, "house": 1}
    assert columns_needed(spec, frame.columns) == {"years": "any", "roof": "any"}


def test_a_row_with_an_unknown_indicator_is_left_out_and_counted() -> None:
    frame = _FOUR.with_columns(pl.Series("d", [0, None, 1, 0]))

    result = _index(frame, _spec())

    assert _values(result)["H", None] == pytest.approx(1 / 3)
    assert result.setting.n == 3


def test_an_indicator_with_unknown_values_can_be_left_out_instead() -> None:
    frame = _FOUR.with_columns(pl.Series("d", [0, None, 1, 0]))

    result = _index(frame, _spec(missing="drop_indicator"))

    assert result.setting.n == 4
    assert result.weights == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3, "d": 0})
    assert ("censored", "d") not in _values(result)


def test_without_poor_persons_intensity_and_contributions_are_undefined_with_a_note() -> None:
    frame = pl.DataFrame({name: [0, 0] for name in "abcd"})

    result = _index(frame, _spec())

    values = _values(result)
    assert values["H", None] == 0
    assert values["A", None] is None
    assert {note.measure for note in result.notes} >= {"A", "contribution a"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cutoff: 0.3\nindicators: [", ["YAML"]),
        ("- 1", ["no mapping"]),
        ("cutoff: 0\nindicators: [{name: a}]", ["cutoff"]),
        ("cutoff: lots\nindicators: [{name: a}]", ["cutoff"]),
        ("cutoff: 0.3", ["indicators"]),
        ("cutoff: 0.3\nindicators: [{name: a, weight: -1}]", ["weight"]),
        ("cutoff: 0.3\nindicators: [{name: a}, {name: a}]", ["listed twice"]),
        ("cutoff: 0.3\nindicators: [{name: a, column: b, deprived: c}]", ["not both"]),
        ("cutoff: 0.3\nindicators: [{name: a, dimension: x}, {name: b}]", ["dimension"]),
        ("cutoff: 0.3\nindicators: [{name: a, wieght: 1}]", ["wieght"]),
    ],
)
def test_a_wrong_specification_is_refused_with_its_place(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(InputError) as raised:
        read_spec(path)

    assert "spec.yaml" in raised.value.sentence
    for word in words:
        assert word in raised.value.sentence


def test_indicators_may_be_a_mapping_from_name_to_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(
        "k: 33\nindicators:\n  a: {weight: 1/3, column: x}\n  b: {weight: 2/3}\n", "utf-8"
    )

    spec = read_spec(path)

    assert spec.cutoff == 0.33
    assert spec.weights() == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ({"name": "x", "column": "nowhere"}, "no column 'nowhere'"),
        ({"name": "x", "deprived": "nowhere < 6"}, "nowhere"),
        ({"name": "x", "deprived": "a +"}, "indicator x"),
        ({"name": "x", "deprived": "a + 1"}, "not true or false"),
        ({"name": "x", "column": "many"}, "neither 0 nor 1"),
        ({"name": "x", "column": "text"}, "holds no numbers"),
    ],
)
def test_a_wrong_deprivation_is_refused(indicator: dict[str, str], words: str) -> None:
    frame = _FOUR.with_columns(many=pl.Series([0, 1, 2, 0]), text=pl.Series(list("wxyz")))

    with pytest.raises(UserError) as raised:
        _index(frame, _spec(indicators=[indicator]))

    assert words in raised.value.sentence
