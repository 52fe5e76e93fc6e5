"""Programs read why a household passes or fails, and what may be done next; newcomers apply through them too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jingzhun.standard.id_numbers import make_id
from jingzhun_web.access.roles import Role
from jingzhun_web.dialogue.models import Case
from jingzhun_web.evaluate.models import AreaVerdict
from jingzhun_web.exchange.models import Import
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household, Verdict
from jingzhun_web.registry.narrowing import STRICTER

from .decided import PERIOD, judge, poor_household
from .people import PROVINCE, county_of, township_of
from .programs import is_problem, program, told

NUMBER = make_id("620102", date(1970, 1, 2), 993)


def test_a_household_is_told_its_outcomes_with_reasons_in_both_languages(
    undone: None, filled_home: Path
) -> None:
    home = poor_household()
    judge(home, "failed", vetoes=["income"])
    caller = program(Role.VILLAGE, home.area)

    found = told(caller.get(f"households/{home.household_id}/{PERIOD}/evaluation"))

    assert {row["profile"] for row in found["verdicts"]} == {"paper-weighted", STRICTER}
    run = Verdict.objects.filter(household_id=home.household_id)[0].run_id
    assert found["on"] == run[:10]
    paper = next(one for one in found["explained"] if one["profile"] == "paper-weighted")
    assert len(paper["indicators"]) == 6
    assert sum(item["weight"] for item in paper["indicators"]) == 100
    assert all(item["source"] and item["state"] for item in paper["indicators"])
    assert paper["text"]["zh"]
    assert paper["text"]["en"]


def test_nobody_is_told_of_a_household_outside(undone: None, villages: list[int]) -> None:
    home = poor_household()
    elsewhere = next(v for v in villages if v != home.area)
    caller = program(Role.VILLAGE, elsewhere)

    assert is_problem(caller.get(f"households/{home.household_id}/{PERIOD}/evaluation"), 404)


def test_an_exit_sheet_tells_value_threshold_and_source_of_each_indicator(
    undone: None, villages: list[int]
) -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    indicators = {"incidence": {"met": True, "value": 0.012}}
    for village in villages[:2]:
        AreaVerdict.objects.create(
            area=village,
            period=PERIOD,
            profile="gansu-2018-village",
            run_id="2019-12-31-invented",
            on=date(2019, 12, 31),
            outcome="passed",
            detail={"indicators": indicators},
        )
    caller = program(Role.TOWNSHIP, township_of(villages[0]))

    rows = told(caller.get("exit-sheets"))["items"]
    (sheet,) = told(caller.get(f"exit-sheets/{villages[0]:012d}/{PERIOD}"))

    assert [row["area"] for row in rows if row["area"] == f"{villages[0]:012d}"]
    assert all(int(row["area"]) // 1000 == villages[0] // 1000 for row in rows)
    (rate,) = sheet["indicators"]
    assert (rate["state"], rate["value"]) == ("met", 0.012)
    assert rate["threshold"] is not None
    assert rate["source"]
    assert is_problem(caller.get(f"exit-sheets/620000000000/{PERIOD}"), 404)


def test_a_newcomer_applies_and_is_put_on_file(undone: None, villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0], "first")
    colleague = program(Role.TOWNSHIP, township_of(villages[0]), "second")
    given = {
        "area": f"{villages[0]:012d}",
        "head_name": "虚构甲",
        "document_number": NUMBER,
        "persons": 3,
        "reason": "invented: came back after a flood",
    }

    made = told(village.post("applications", given), 201)
    again = told(village.post("applications", given), 201)

    assert (made["id"], made["household_id"]) == (again["id"], "")
    address = f"cases/{made['id']}"
    assert told(village.get(address))["possible"] == ["visit", "file", "refuse"]
    visit = {"note": "invented: seen", "statement": "invented: said"}
    told(village.post(f"{address}/visit", visit))
    assert "sign" not in told(village.get(address))["possible"]
    assert told(colleague.get(address))["possible"] == ["sign", "file", "refuse"]
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    home = Household.objects.filter(area=villages[0], period=made["period"])[0]
    filed = told(village.post(f"{address}/file", {"household_id": home.household_id}))
    assert filed["household_id"] == home.household_id
    assert "file" not in told(village.get(address))["possible"]
    elsewhere = f"{next(v for v in villages if v != villages[0]):012d}"
    assert is_problem(village.post("applications", {**given, "area": elsewhere}), 403)
    case = Case.objects.get(pk=made["id"])
    assert NUMBER not in str(vars(case))


def test_an_import_tells_what_may_be_done_by_whom(undone: None, villages: list[int]) -> None:
    officer = program(Role.COUNTY, county_of(villages[0]), "hands in")
    colleague = program(Role.COUNTY, county_of(villages[0]), "agrees")
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    own = told(officer.get("me"))["id"]
    batch = Import.objects.create(
        area=county_of(villages[0]),
        period=PERIOD,
        kind="register",
        mapping={},
        state="proposed",
        uploaded_by=own,
    )

    assert told(officer.get(f"imports/{batch.pk}"))["possible"] == ["withdraw"]
    assert told(colleague.get(f"imports/{batch.pk}"))["possible"] == ["approve", "refuse"]
