"""Profiles and households written out by hand, judged by columns and explained one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from jingzhun.evaluate.explain import Explanation, Subject, explain
from jingzhun.evaluate.households import HouseholdEvaluation, Judgement
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.policy.profiles import Profile
from register_support import ON, VILLAGE, Row, keyed, lazy

TEXT = {"en": "trial", "zh": "试验"}
FIELDS = {
    "a": "has_safe_water",
    "b": "has_food_and_clothing",
    "c": "has_sanitary_toilet",
    "d": "has_phone_tv_internet",
}
"""Indicator -> the yes or no that it asks; `s` asks for a share of 0 to 100 (the housing area)."""


def profile(
    name: str = "trial",
    *,
    pass_mark: float | None = None,
    valid_from: str = "2013-01-01",
    **asked: Any,
) -> Profile:
    """A profile whose indicators are given as weight (None without pass mark) or (weight, "veto")."""
    indicators = []
    for key, given in asked.items():
        weight, veto = given if isinstance(given, tuple) else (given, "")
        question = {"score": "housing_area_m2"} if key == "s" else {"met": FIELDS[key]}
        common = {"source": "invented", "confidence": "L", "default": True}
        indicators.append(
            {"id": key, "label": TEXT, "weight": weight, "veto": veto == "veto", "advice": TEXT}
            | common
            | question
        )
    return Profile.model_validate(
        {
            "profile": name,
            "level": "household",
            "label": TEXT,
            "description": TEXT,
            "source": "invented",
            "confidence": "L",
            "default": True,
            "valid_from": date.fromisoformat(valid_from),
            "pass_mark": pass_mark,
            "indicators": indicators,
        }
    )


def pack_with(*profiles: Profile, counting: Sequence[str] = ()) -> Pack:
    """The pack of Gansu with other household profiles; those of `counting` decide the stricter outcome."""
    gansu = load_pack("gansu")
    areas = {p.id: p for p in gansu.profiles.values() if p.level != "household"}
    info = gansu.info.model_copy(update={"profiles_that_count": tuple(counting)})
    own = {p.id: p for p in profiles}
    return replace(gansu, info=info, profiles=MappingProxyType({**own, **areas}))


def judged(
    pack: Pack,
    names: Sequence[str],
    households: Sequence[Row],
    persons: Sequence[Row] = (),
    villages: Sequence[Row] = (),
    *,
    on: date = ON,
) -> tuple[HouseholdEvaluation, Judgement]:
    """Households judged by some profiles, as a run does it."""
    evaluation = HouseholdEvaluation(pack, names, on)
    homes, people = keyed(households, persons)
    return evaluation, evaluation.judge(
        lazy("households", homes),
        lazy("persons", people) if evaluation.person_columns else None,
        lazy("villages", villages) if evaluation.village_columns else None,
    )


def explained(
    pack: Pack,
    name: str,
    household: Row,
    persons: Sequence[Row] = (),
    village: Row | None = None,
    *,
    on: date = ON,
) -> Explanation:
    """One household explained."""
    evaluation = HouseholdEvaluation(pack, [name], on)
    subject = Subject(household, persons, village, str(household["village_code"]))
    return explain(pack, evaluation.sticks[0], subject, backend=pl)


@dataclass(frozen=True)
class Verdict:
    """What an evaluation says of one household."""

    outcome: str
    score: float | None
    vetoes: str
    missing: str


def verdict(asked: Profile, answers: Mapping[str, bool | float | None]) -> Verdict:
    """The verdict on a household that answers so; indicators left out are met in full."""
    row: Row = {"household_id": "H1", "village_code": VILLAGE}
    for indicator in asked.indicators:
        given = answers.get(indicator.id, 100.0 if indicator.id == "s" else True)
        row["housing_area_m2" if indicator.id == "s" else FIELDS[indicator.id]] = given
    pack = pack_with(asked)
    _, found = judged(pack, [asked.id], [row])
    table = found.tables[asked.id].rows(named=True)[0]
    told = explained(pack, asked.id, row)
    # Columns and explanation are two ways to the same verdict.
    assert told.outcome == table["outcome"]
    assert (told.score is None) == (table["score"] is None)
    assert abs((told.score or 0.0) - (table["score"] or 0.0)) < 1e-9
    return Verdict(
        table["outcome"],
        None if table["score"] is None else round(table["score"], 6),
        table["veto_failed"],
        table["missing"],
    )
