from __future__ import annotations

from typing import Any

from jingzhun.identify.areas import Areas
from jingzhun.identify.comparison import compare_sums, comparison
from jingzhun.identify.rules import Rules
from jingzhun.identify.status import household_status
from jingzhun.identify.transitions import CHANGES, DRIVERS, columns_of, transitions
from jingzhun.standard.labels import Label

from .support import OTHER_COUNTY, Lazy, Row, household, register, rules

CONDITIONS = (("is_safe_house", "!is_dangerous_house"),)
LABELS = {"is_safe_house": Label(en="lives in a safe house", zh="住房安全")}


def test_every_household_has_exactly_one_change() -> None:
    old = [
        household("falls", income=9000),
        household("rises", income=1000),
        household("stays", income=1000),
        household("fine", income=9000),
        household("doubt", income=None),
        household("gone", income=1000),
    ]
    new = [
        household("falls", income=1000),
        household("rises", income=9000),
        household("stays", income=1000),
        household("fine", income=9000),
        household("doubt", income=1000),
        household("new", income=1000, size=3),
    ]

    rows = _changes(old, new)

    assert {name: row["change"] for name, row in rows.items()} == {
        "falls": "entered",
        "rises": "left",
        "stays": "stayed",
        "fine": "not_poor",
        "doubt": "unknown",
        "gone": "disappeared",
        "new": "appeared",
    }
    figures = _compared(old, new)
    assert {name: figures[name] for name in CHANGES} == dict.fromkeys(CHANGES, 1)
    assert figures["persons"]["appeared"] == 3
    assert (figures["appeared_poor"], figures["disappeared_poor"]) == (1, 1)


def test_the_parts_of_a_change_add_up_to_it() -> None:
    old = household("a", income=2000, size=2) | {"transfer_allowance_yuan": 1000}
    new = household("a", income=9000, size=3) | {"transfer_allowance_yuan": 400}

    row = _changes([old], [new], before=rules(3000), after=rules(3100))["a"]

    # Before 1500 per person, after 9400 / 3; three persons now share.
    assert row["effect_wage"] == 7000 / 3
    assert row["effect_transfer"] == -200
    assert row["effect_household_size"] == 1000 - 1500
    assert row["effect_line"] == -100
    distance = (9400 / 3 - 3100) - (1500 - 3000)
    assert abs(sum(row[f"effect_{name}"] for name in DRIVERS) - distance) < 1e-9
    assert row["driver"] == "wage"


def test_a_rising_line_alone_can_make_poor() -> None:
    home = household("a", income=3050)

    row = _changes([home], [home], before=rules(3000), after=rules(3100))["a"]

    assert row["change"] == "entered"
    assert row["driver"] == "line"


def test_an_unknown_group_leaves_the_driver_untold() -> None:
    used = rules(welfare="double(consumption_yuan)")
    old = household("a", income=None, consumption_yuan=1000)
    new = household("a", income=500, consumption_yuan=9000)

    row = _changes([old], [new], before=used, after=used)["a"]

    assert row["change"] == "left"
    assert row["effect_wage"] is None
    assert row["effect_other"] == 8000
    assert row["driver"] == "other"


def test_reasons_for_entering_are_cause_income_and_register() -> None:
    old = [household(i, income=9000, is_registered=i != "c") for i in "abc"]
    new = [
        household("a", income=10, main_cause="01"),
        household("b", income=10, main_cause="01", is_registered=False),
        household("c", income=10, main_cause=None),
    ]

    found = _reasons(_compared(old, new), "entered")

    assert found["cause"] == {"01": 2, "unknown": 1}
    assert found["driver"] == {"wage": 3}
    assert found["register"] == {
        "registered_dropped": 1,
        "registered_new": 1,
        "registered_still": 1,
    }


def test_reasons_for_leaving_are_income_exit_and_conditions() -> None:
    def poor(name: str, exit_status: str, dangerous: bool) -> dict[str, Any]:
        return household(
            name, income=10, exit_status=exit_status, is_dangerous_house=dangerous, size=2
        )

    old = [poor("a", "not_exited", True), poor("b", "exited", False), poor("c", "not_exited", True)]
    new = [
        household("a", income=9000, exit_status="exited", is_dangerous_house=False, size=2),
        household("b", income=10, exit_status="exited", is_dangerous_house=True, size=2)
        | {"transfer_allowance_yuan": 9000},
        household("c", income=9000, exit_status="not_exited", is_dangerous_house=None, size=2),
    ]

    figures = _compared(old, new)
    found = _reasons(figures, "left")

    assert found["driver"] == {"wage": 2, "transfer": 1}
    assert found["register"] == {"exit_earlier": 1, "exit_not_recorded": 1, "exit_recorded": 1}
    assert found["condition"] == {"is_safe_house:no": 1, "is_safe_house:yes": 1}
    assert figures["exit_statuses"] == {
        "rows": ["not_exited", "exited"],
        "columns": ["not_exited", "exited"],
        "households": [[1, 1], [0, 1]],
    }
    turned = [r for r in figures["reasons"] if r["code"] == "is_safe_house:yes"]
    assert turned[0]["label"] == {
        "en": "lives in a safe house: now yes",
        "zh": "住房安全：由否变为是",
    }
    assert turned[0]["persons"] == 2


def test_mean_effects_are_per_person() -> None:
    old = [household("a", income=2000, size=2), household("b", income=1000)]
    new = [household("a", income=8000, size=2), household("b", income=4000)]

    effects = _compared(old, new)["effects_per_person_yuan"]

    # 3000 each for the two of a, 3000 for b.
    assert effects["left"]["wage"] == 3000
    assert effects["left"]["transfer"] == 0
    assert effects["entered"]["wage"] is None


def test_counts_by_county_follow_the_later_village() -> None:
    old = [household("a", income=1000), household("b", income=1000)]
    new = [household("a", OTHER_COUNTY, income=9000), household("b", income=1000)]

    found = _compared(old, new)["by_county"]

    assert [(c["code"], c["left"], c["stayed"]) for c in found] == [
        ("622921", 1, 0),
        ("622926", 0, 1),
    ]


def test_nothing_to_compare_gives_zeros() -> None:
    figures = _compared([], [])

    assert figures["entered"] == figures["left"] == 0
    assert figures["reasons"] == []


def _status(homes: list[dict[str, Any]], used: Rules) -> Lazy:
    households, persons = register(*homes)
    return household_status(households, persons, None, used)


def _transitions(
    old: list[dict[str, Any]], new: list[dict[str, Any]], before: Rules | None, after: Rules | None
) -> tuple[Lazy, tuple[str, ...]]:
    first = before or rules(conditions=CONDITIONS)
    second = after or rules(conditions=CONDITIONS)
    names = second.condition_names
    return transitions(_status(old, first), _status(new, second), conditions=names), names


def _changes(
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    *,
    before: Rules | None = None,
    after: Rules | None = None,
) -> dict[str, Row]:
    rows, conditions = _transitions(old, new, before, after)
    table = rows.collect()
    assert table.columns == columns_of(conditions)
    return {row["household_id"]: row for row in table.rows(named=True)}


def _compared(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[str, Any]:
    rows, conditions = _transitions(old, new, None, None)
    return comparison(compare_sums(rows, conditions), Areas(), LABELS, 2018, 2019)


def _reasons(figures: dict[str, Any], change: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for reason in figures["reasons"]:
        if reason["change"] == change:
            found.setdefault(reason["kind"], {})[reason["code"]] = reason["households"]
    return found
