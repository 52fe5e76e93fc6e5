"""One household explained: what is missing, the smallest changes that flip it, and the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from jingzhun.evaluate.explain import ExplainedItem, Explanation
from jingzhun.evaluate.wording import as_data, lines
from jingzhun.policy.pack import load_pack
from register_support import Row, household, person

from .support import FIELDS, explained, pack_with, profile

CHILD, SECOND = date(2009, 3, 1), date(2010, 4, 2)


def _told(
    home: Row, members: Sequence[Row], name: str = "gansu-2018"
) -> tuple[Explanation, dict[str, ExplainedItem]]:
    told = explained(load_pack("gansu"), name, home, members)
    return told, {item.item.id: item for item in told.items}


def _family(*children: Row) -> list[Row]:
    parents = [person("H1"), person("H1", 2)]
    own = [
        person(
            "H1", number, **{"birth_date": CHILD, "labour_ability": "04", "work_months": 0} | fields
        )
        for number, fields in enumerate(children, start=3)
    ]
    return parents + own


def _changed(item: ExplainedItem) -> list[list[tuple[str, tuple[str, ...], Any]]]:
    return [[(c.column, c.persons, c.after) for c in changes] for changes in item.changes]


def test_two_children_out_of_school_have_to_go_back_and_nobody_else() -> None:
    family = _family({"student_status": "01"}, {"student_status": "01", "birth_date": SECOND})

    _, items = _told(household("H1", wage=90_000), family)

    assert items["education"].value == 2
    for changes in _changed(items["education"]):
        assert {persons for _, persons, _ in changes} == {("H1-3", "H1-4")}


def test_only_members_on_whom_the_answer_hangs_are_named_as_missing() -> None:
    family = _family({"student_status": "03"}, {"student_status": None})

    told, items = _told(household("H1", wage=90_000), family)

    gaps = {(gap.column, gap.persons) for gap in items["education"].missing}
    assert told.outcome == "not_assessable"
    assert ("student_status", ("H1-4",)) in gaps
    assert {persons for _, persons in gaps} == {("H1-4",)}


def test_what_is_not_known_is_to_be_found_out_and_nothing_that_is_known_to_be_changed() -> None:
    _, items = _told(household("H1", wage=90_000), _family({"student_status": None}))

    assert items["education"].changes
    for changes in items["education"].changes:
        assert all(change.before == (None,) for change in changes)


def test_a_recorded_reason_is_no_change_to_suggest() -> None:
    child = {"student_status": "01", "not_in_school_reason": "aversion"}

    _, items = _told(household("H1", wage=90_000), _family(child))

    assert items["education"].state == "not_met"
    columns = {c.column for changes in items["education"].changes for c in changes}
    assert columns == {"student_status"}


def test_the_nearest_grade_of_the_house_is_named_and_not_the_best() -> None:
    _, items = _told(household("H1", wage=90_000, housing_grade="C"), _family())

    assert [("housing_grade", (), "B")] in _changed(items["housing"])
    assert [("housing_grade", (), "A")] not in _changed(items["housing"])


def test_money_that_lacks_is_said_for_one_person_and_for_the_household() -> None:
    told, items = _told(household("H1", wage=6_000), _family({"student_status": "03"}))

    assert items["income"].shortfall == 1_500
    text = "\n".join(lines(told, "en"))
    assert "Net income per person: 2,000 yuan a person and year" in text
    assert "short by 1,500 yuan a person and year, 4,500 yuan a year for 3 persons" in text
    assert "差1,500元/人·年，3人合计差4,500元/年" in "\n".join(lines(told, "zh"))


def test_each_indicator_has_its_source_and_the_sources_are_written_out() -> None:
    told, items = _told(household("H1", wage=90_000), _family())

    for language, word in (("en", "    Source: "), ("zh", "    指标来源：")):
        text = lines(told, language)
        assert len([line for line in text if line.startswith(word)]) == len(items)
        assert any(line.startswith("    [S12] ") for line in text)


def test_one_is_a_person_and_two_are_persons() -> None:
    family = _family({"student_status": "01"})

    one, _ = _told(household("H1", wage=90_000), family)
    two, _ = _told(household("H1", wage=90_000), [*family, *_family({"student_status": "01"})])

    assert "    Children out of compulsory school: 1 person" in lines(one, "en")
    assert "    Children out of compulsory school: 2 persons" in lines(two, "en")
    assert "    义务教育阶段失学辍学人数：1人" in lines(one, "zh")


def test_who_passes_whatever_is_missing_is_told_so() -> None:
    asked = profile(pass_mark=80, a=(80, "veto"), b=20)
    row = {"household_id": "H1", "village_code": "622926100200", FIELDS["a"]: True}

    told = explained(pack_with(asked), asked.id, row)

    assert told.outcome == "not_assessable"
    assert as_data(told)["would_pass_once_known"] is True
    assert "Would pass as soon as what is missing is known, whatever it is." in lines(told, "en")


ASKED = profile(pass_mark=60, a=(35, "veto"), b=30, c=20, d=15)


@pytest.mark.parametrize("answers", [f"{number:04b}" for number in range(15)])
def test_no_smaller_set_of_indicators_would_let_the_household_pass(answers: str) -> None:
    given = dict(zip("abcd", (digit == "1" for digit in answers), strict=True))

    def outcome(met: Mapping[str, bool]) -> Explanation:
        row = {"household_id": "H1", "village_code": "622926100200"}
        return explained(pack_with(ASKED), ASKED.id, row | {FIELDS[k]: v for k, v in met.items()})

    told = outcome(given)
    unmet = [key for key, met in given.items() if not met]
    passing = [
        chosen
        for size in range(1, len(unmet) + 1)
        for chosen in combinations(unmet, size)
        if outcome({**given, **dict.fromkeys(chosen, True)}).outcome == "passed"
    ]
    least = min((len(chosen) for chosen in passing), default=0)
    wanted = {chosen for chosen in passing if len(chosen) == least}
    assert set(told.ways) == (set() if told.outcome == "passed" else wanted)
