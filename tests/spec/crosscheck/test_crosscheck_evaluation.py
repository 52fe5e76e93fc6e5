"""Rules asked of small registers with linked records: who is hit, on what evidence, how sure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from jingzhun.crosscheck import evaluation
from jingzhun.crosscheck.evaluation import Evaluation, Register
from jingzhun.crosscheck.records import Linked
from jingzhun.policy.cel import Program, standard_scope
from jingzhun.policy.cel.check import check_bool
from jingzhun.policy.cel.scope import FieldInfo
from jingzhun.policy.cel.tree import Kind, Type
from jingzhun.policy.crosschecks import CrossCheck, RuleGroup
from jingzhun.policy.pack import Pack
from jingzhun.standard.labels import Label

from .support import ON, VILLAGE

CARS = {
    "kind": FieldInfo(Type(Kind.STRING)),
    "value_yuan": FieldInfo(Type(Kind.INT, True, 0, 10**9)),
}
WORDS = Label(en="invented", zh="虚构")


def _rule(rule_id: str, level: str, when: str, show: Sequence[str] = ()) -> CrossCheck:
    return CrossCheck(
        id=rule_id,
        group="assets",
        level=cast(Any, level),
        needs=("cars",),
        label=WORDS,
        finding="wrongly_included",
        severity="high",
        when=when,
        show=tuple(show),
        message=WORDS,
        explanations=(WORDS,),
        verdict_path=("remove",),
        deadline_days=20,
        source="ours",
        confidence="L",
        default=True,
    )


OWNS = _rule(
    "X01", "person", 'm.cars.exists(c, c.kind == "car")', ["cars.value_yuan", "m.age", "period"]
)
WITHOUT = _rule("X10", "person", "!m.cars.exists(c, true)")
HOME = _rule(
    "X07", "household", "members.exists(m, m.cars.exists(c, c.value_yuan > 100))", ["cars.kind"]
)


def _groups(*rules: CrossCheck) -> list[RuleGroup]:
    groups = []
    for level in ("household", "person"):
        own = tuple(rule for rule in rules if rule.level == level)
        scope = replace(standard_scope(ON, level=level), records={"cars": CARS})
        if own:
            outputs = {rule.id: check_bool(rule.when, scope) for rule in own}
            groups.append(RuleGroup(level, None, own, Program(scope, outputs)))
    return groups


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The rules made ready, as if a pack had them."""

    def ready(*rules: CrossCheck, covered: Mapping[str, Sequence[str]] | None = None) -> Evaluation:
        monkeypatch.setattr(evaluation, "crosscheck_programs", lambda *_: _groups(*rules))
        pack = cast(Pack, SimpleNamespace(parameters={}))
        return Evaluation(pack, ON, ["cars"], covered)

    return ready


def _register(homes: Mapping[str, Sequence[str]], village: str = VILLAGE) -> Register:
    """Households with the numbers of their people."""
    households = [
        {"household_key": i, "household_id": home, "village_code": village, "period": 2019}
        for i, home in enumerate(homes)
    ]
    persons = [
        {"household_key": i, "household_id": home, "person_id": person}
        for i, (home, people) in enumerate(homes.items())
        for person in people
    ]
    born = pl.lit("1980-06-01").str.to_date()
    return Register(
        pl.LazyFrame(households), pl.LazyFrame(persons).with_columns(birth_date=born), None
    )


def _records(*rows: tuple[str, str, str, str, str, int]) -> Linked:
    """Cars as (record, household, person, band, kind, value)."""
    schema = {
        "record_id": pl.String,
        "household_id": pl.String,
        "person_id": pl.String,
        "link_band": pl.String,
        "kind": pl.String,
        "value_yuan": pl.Int64,
    }
    return Linked({"cars": pl.DataFrame(list(rows), schema=schema, orient="row")})


TWO = {"H1": ["P1", "P2"], "H2": ["P3"]}


def _told(hits: pl.DataFrame) -> list[tuple[Any, ...]]:
    rows = hits.select("rule", "household_id", "person_id", "record_ids", "link_band")
    return sorted(rows.rows())


def test_a_hit_names_person_household_and_record(asked: Any) -> None:
    hits = asked(OWNS).hits(
        _register(TWO), _records(("v1", "H1", "P2", "certain", "car", 50), ("v2", "H2", "P3", "certain", "van", 9))
    )  # fmt: skip

    assert _told(hits) == [("X01", "H1", "P2", ["cars:v1"], "certain")]


def test_the_facts_compared_are_shown(asked: Any) -> None:
    records = _records(
        ("v1", "H1", "P2", "certain", "car", 50), ("v2", "H1", "P2", "certain", "car", 70)
    )

    hits = asked(OWNS).hits(_register(TWO), records)

    shown = json.loads(hits["values"][0])
    assert shown == {"period": 2019, "m.age": 39, "cars.value_yuan": [50, 70]}


def test_a_finding_is_as_sure_as_its_weakest_record(asked: Any) -> None:
    records = _records(
        ("v1", "H1", "P1", "certain", "car", 5), ("v2", "H1", "P1", "probable", "car", 5)
    )

    hits = asked(OWNS).hits(_register(TWO), records)

    assert _told(hits) == [("X01", "H1", "P1", ["cars:v1", "cars:v2"], "probable")]


def test_a_record_by_a_doubtful_link_makes_a_finding_to_be_reviewed(asked: Any) -> None:
    hits = asked(OWNS).hits(_register(TWO), _records(("v1", "H1", "P1", "review", "car", 5)))

    assert _told(hits) == [("X01", "H1", "P1", ["cars:v1"], "review")]


def test_a_doubtful_link_beside_a_certain_one_does_not_blur_it(asked: Any) -> None:
    records = _records(
        ("v1", "H1", "P1", "certain", "car", 5), ("v2", "H1", "P1", "review", "car", 5)
    )

    hits = asked(OWNS).hits(_register(TWO), records)

    assert _told(hits) == [("X01", "H1", "P1", ["cars:v1"], "certain")]


def test_what_a_doubtful_link_would_make_untrue_is_to_be_reviewed(asked: Any) -> None:
    hits = asked(WITHOUT).hits(_register(TWO), _records(("v1", "H1", "P1", "review", "car", 5)))

    assert _told(hits) == [
        ("X10", "H1", "P1", [], "review"),
        ("X10", "H1", "P2", [], "register"),
        ("X10", "H2", "P3", [], "register"),
    ]


def test_a_rule_about_the_household_has_the_records_of_its_members(asked: Any) -> None:
    records = _records(
        ("v1", "H1", "P1", "certain", "car", 150), ("v2", "H1", "P2", "probable", "van", 20)
    )

    hits = asked(HOME).hits(_register(TWO), records)

    assert _told(hits) == [("X07", "H1", None, ["cars:v1"], "certain")]
    assert json.loads(hits["values"][0]) == {"cars.kind": ["car"]}


def test_where_nothing_was_delivered_nothing_is_known_and_nothing_found(asked: Any) -> None:
    ready = asked(OWNS, WITHOUT, covered={"cars": ["6229"]})

    hits = ready.hits(_register(TWO), _records(("v1", "H1", "P1", "certain", "car", 5)))

    assert hits.height == 0


def test_rules_of_both_levels_are_asked_together(asked: Any) -> None:
    records = _records(("v1", "H2", "P3", "certain", "car", 500))

    hits = asked(OWNS, HOME).hits(_register(TWO), records)

    assert [row[:3] for row in _told(hits)] == [("X01", "H2", "P3"), ("X07", "H2", None)]


def test_only_columns_that_are_needed_are_read(asked: Any) -> None:
    ready = asked(OWNS)

    assert ready.record_columns == {"cars": ["kind", "value_yuan"]}
    assert ready.columns("member") == ["household_key", "household_id", "person_id", "birth_date"]
    assert "period" in ready.columns("household")
