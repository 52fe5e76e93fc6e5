"""What holds for all tables that are linked: order, one link a row, numbers as the standard reads them."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingzhun.linkage import Linked, Spec, link
from jingzhun.linkage.numbers import LATEST, Numbers
from jingzhun.standard import id_numbers

SPEC = Spec.model_validate(
    {
        "row_id": "id",
        "ids": [{"column": "number", "kind": "gb11643"}],
        "name": "name",
        "birth_date": "born",
        "sex": "sex",
        "one_to_one": True,
    }
)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

days = st.integers(0, 20).map(lambda n: date(1960, 1, 1) + timedelta(days=400 * n))
numbers = st.builds(id_numbers.make_id, st.just("620102"), days, st.integers(0, 3))
slips = st.builds(lambda text, n: text[:n] + "7" + text[n + 1 :], numbers, st.integers(0, 17))
rows = st.fixed_dictionaries(
    {
        "number": st.one_of(
            st.none(), numbers, slips, numbers.map(lambda text: text[:6] + text[8:17])
        ),
        "name": st.sampled_from(["马建国", "马建华", "卓玛", "周毛", "阿依·古丽", None]),
        "born": st.one_of(st.none(), days),
        "sex": st.sampled_from(["1", "2", None]),
    }
)
SCHEMA = {
    "id": pl.String,
    "number": pl.String,
    "name": pl.String,
    "born": pl.Date,
    "sex": pl.String,
}
tables = st.lists(rows, min_size=1, max_size=25).map(
    lambda found: pl.DataFrame(
        [{"id": f"{n:02}", **row} for n, row in enumerate(found)], schema=SCHEMA
    )
)


@FEW
@given(left=tables, right=tables)
def test_the_order_of_rows_changes_no_link_and_the_same_tables_give_the_same(
    left: pl.DataFrame, right: pl.DataFrame
) -> None:
    first, second = link(left, right, SPEC), link(left.reverse(), right.reverse(), SPEC)
    assert first.links.equals(second.links)
    assert first.model.version == second.model.version


@FEW
@given(left=tables, right=tables)
def test_no_row_has_two_sure_links_and_no_pair_stands_twice(
    left: pl.DataFrame, right: pl.DataFrame
) -> None:
    found: Linked = link(left, right, SPEC)
    sure = found.sure()
    assert sure["left_id"].is_unique().all()
    assert sure["right_id"].is_unique().all()
    assert not found.links.select("left_id", "right_id").is_duplicated().any()
    assert not found.links.join(found.conflicts, on=["left_id", "right_id"], how="semi").height


@FEW
@given(left=tables, right=tables)
def test_two_valid_numbers_of_18_characters_that_differ_are_never_linked(
    left: pl.DataFrame, right: pl.DataFrame
) -> None:
    found = link(left, right, SPEC).links
    ours, theirs = (
        dict(zip(side["id"], Numbers.of(side["number"]).key, strict=True)) for side in (left, right)
    )
    proven = [
        dict(zip(side["id"], Numbers.of(side["number"]).is_proven, strict=True))
        for side in (left, right)
    ]
    for one, two in found.select("left_id", "right_id").rows():
        if proven[0][one] and proven[1][two]:
            assert ours[one] == theirs[two]


texts = st.one_of(
    st.none(), numbers, slips, numbers.map(str.lower), numbers.map(lambda text: text + "43"),
    st.text(alphabet="0123456789X", min_size=14, max_size=20), st.text(max_size=20),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, min_size=1, max_size=30))
def test_numbers_are_valid_where_the_standard_says_so(given_: list[str | None]) -> None:
    column = pl.Series("number", given_, dtype=pl.String)
    found = Numbers.of(column)
    told = id_numbers.with_id_columns(nw.from_native(column.to_frame().lazy()), "number", on=LATEST)
    read: pl.DataFrame = told.to_native().collect()
    assert (found.key >= 0).tolist() == read["number_problem"].is_null().to_list()
    valid = read.filter(pl.col("number_problem").is_null())
    assert (
        found.text.filter(pl.Series(found.key >= 0)).to_list()
        == valid["number_normalised"].to_list()
    )
