"""Whatever a name is, comparing it is symmetric, and nothing is written over the name."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.linkage.names import (
    Level,
    NameTable,
    clean,
    display,
    levels,
    name_keys,
    similarity,
)

CHARACTERS = (
    "王马李欧阳单扎西札才让次仁措草叶尔兰哈力古丽建军未末劉麗"
    " ·•.-。'?,JjohnSsmithéß\u3000\u0387\ue000\u0f56"
)
LISTS = st.lists(
    st.none() | st.text(CHARACTERS, max_size=8) | st.text(max_size=6), min_size=1, max_size=12
)


@given(LISTS, LISTS)
@settings(max_examples=60, deadline=None)
def test_levels_and_likeness_are_symmetric(one: list[str | None], two: list[str | None]) -> None:
    length = min(len(one), len(two))
    left, right = (pl.Series(names[:length], dtype=pl.String) for names in (one, two))

    assert levels(left, right).to_list() == levels(right, left).to_list()
    assert similarity(left, right).to_list() == similarity(right, left).to_list()


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_a_known_name_agrees_with_itself_exactly(names: list[str | None]) -> None:
    column = pl.Series(names, dtype=pl.String)

    found = levels(column, column)

    assert found.drop_nulls().unique().to_list() in ([], [Level.EXACT])
    assert found.is_null().to_list() == clean(column).is_null().to_list()


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_clean_and_display_are_the_same_done_twice(names: list[str | None]) -> None:
    column = pl.Series(names, dtype=pl.String)

    assert clean(clean(column)).to_list() == clean(column).to_list()
    assert display(display(column)).to_list() == display(column).to_list()


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_no_function_changes_the_names_it_is_given(names: list[str | None]) -> None:
    column = pl.Series(names, dtype=pl.String)

    name_keys(column), levels(column, column), similarity(column, column), clean(column)
    display(column)

    assert column.to_list() == names


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_keys_made_once_are_the_keys_of_each_row(names: list[str | None]) -> None:
    column = pl.Series(names, dtype=pl.String)

    assert name_keys(column).equals(NameTable(column).keys)
