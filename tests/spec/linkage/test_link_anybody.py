"""Linking other people's data by a spec that only names columns; nobody in it is real."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.linkage import (
    Deduplicated,
    Linked,
    Spec,
    dedupe,
    dedupe_delta,
    link,
    link_delta,
    read_model,
    read_spec,
)

from .invented_latin import people, written_down

SPEC = Spec.model_validate(
    {
        "row_id": "id",
        "given_name": "first",
        "surname": "last",
        "birth_date": "born",
        "fields": ["town", "zip", "mail"],
        "one_to_one": True,
    }
)
KNOWN = people(1500)
LEFT, RIGHT = written_down(KNOWN[:1200], seed=1), written_down(KNOWN[300:], seed=2)
TRUTH = LEFT.join(RIGHT, on="person").select(left_id="id", right_id="id_right")


@pytest.fixture(scope="module")
def linked() -> Linked:
    return link(LEFT, RIGHT, SPEC)


@pytest.fixture(scope="module")
def both() -> pl.DataFrame:
    return pl.concat([LEFT, RIGHT])


@pytest.fixture(scope="module")
def deduplicated(both: pl.DataFrame) -> Deduplicated:
    return dedupe(both, SPEC)


def f1(found: pl.DataFrame, truth: pl.DataFrame) -> float:
    right = found.join(truth, on=["left_id", "right_id"]).height
    return 2 * right / (found.height + truth.height)


def test_nearly_everybody_is_found_at_the_threshold_that_was_fixed_beforehand(
    linked: Linked,
) -> None:
    assert f1(linked.sure(), TRUTH) > 0.985


def test_no_row_has_two_sure_links(linked: Linked) -> None:
    sure = linked.sure()
    assert sure["left_id"].is_unique().all()
    assert sure["right_id"].is_unique().all()


def test_the_order_of_rows_changes_nothing(linked: Linked) -> None:
    again = link(LEFT.reverse(), RIGHT.sample(fraction=1.0, shuffle=True, seed=5), SPEC)
    assert again.links.equals(linked.links)
    assert again.model == linked.model


def test_a_saved_model_gives_the_same_links_to_a_delivery_alone(
    linked: Linked, tmp_path: Path
) -> None:
    linked.model.save(tmp_path / "model.json")
    model = read_model(tmp_path / "model.json")
    assert model.version == linked.model.version
    assert link(LEFT, RIGHT, SPEC, model=model).links.equals(linked.links)


def test_comparing_only_changed_rows_comes_to_the_same(linked: Linked) -> None:
    changed = RIGHT["id"][:40]
    other = RIGHT[40:80].with_columns(id=changed)
    later = pl.concat([other, RIGHT[40:1150]]).unique("person", keep="first", maintain_order=True)
    told = set(changed) & set(later["id"])
    step = link_delta(linked, LEFT, later, SPEC, told)
    whole = link(LEFT, later, SPEC, model=linked.model)
    assert step.links.equals(whole.links)
    assert step.counts["pairs"] < whole.counts["pairs"] / 5


def test_rows_of_one_person_are_found_in_one_table(
    deduplicated: Deduplicated, both: pl.DataFrame
) -> None:
    rows = both.select("person", row_id="id").sort("row_id")
    pairs = rows.join(rows, on="person", suffix="_2").filter(pl.col("row_id") < pl.col("row_id_2"))
    truth = pairs.select(left_id="row_id", right_id="row_id_2")
    assert f1(deduplicated.pairs(), truth) > 0.96


def test_after_a_change_the_same_pairs_are_found_and_the_same_clusters(
    deduplicated: Deduplicated, both: pl.DataFrame
) -> None:
    changed = both["id"][:30]
    later = pl.concat([both[30:60].with_columns(id=changed), both[60:]])
    step = dedupe_delta(deduplicated, later, SPEC, changed)
    whole = dedupe(later, SPEC, model=deduplicated.model)
    pair = ["left_id", "right_id"]
    assert step.links.select(pair).equals(whole.links.select(pair))
    # How common values are is measured again for new pairs only: a pair in doubt may fall otherwise.
    assert (step.clusters["cluster"] == whole.clusters["cluster"]).sum() >= later.height - 4


def test_a_spec_is_read_from_yaml(tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(
        "row_id: id\ngiven_name: first\nsurname: {left: last, right: family}\nfields: [town]\n"
    )
    spec = read_spec(file)
    assert spec.surname is not None
    assert (spec.surname.left, spec.surname.right) == ("last", "family")
    assert spec.fields[0].left == "town"


@pytest.mark.parametrize(
    ("text", "told"),
    [("row_id: id\n", "no column"), ("name: a\nsurnam: b\n", "surnam"), ("- a\n", "spec is wrong")],
)
def test_a_wrong_spec_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=told):
        read_spec(file)


def test_given_name_and_surname_in_the_wrong_columns_are_still_one_person() -> None:
    swapped = LEFT.with_columns(id=pl.concat_str("id", pl.lit("s")), first="last", last="first")
    rows = LEFT.join(swapped, on="person").select(left_id="id", right_id="id_right")
    found = link(
        LEFT,
        pl.concat(
            [
                swapped[:100],
                RIGHT.filter(~pl.col("person").is_in(swapped[:100]["person"].implode())),
            ]
        ),
        SPEC,
    )
    assert found.sure().join(rows, on=["left_id", "right_id"]).height >= 97
