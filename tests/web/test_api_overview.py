"""Programs read what the pages of figures, rules and the log show: the same numbers, in their own areas."""

from __future__ import annotations

import pytest

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.access.roles import Role
from jingzhun_web.audit import services as audit
from jingzhun_web.audit.models import Entry
from jingzhun_web.crosscheck.models import Finding, Run
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .findings import PERIOD, first
from .people import PROVINCE, county_of, township_of
from .programs import account, is_problem, program, told


def test_figures_of_a_county_are_the_sums_of_its_townships(
    undone: None, villages: list[int]
) -> None:
    county = county_of(villages[0])
    caller = program(Role.COUNTY, county)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    homes = Household.objects.filter(area__range=(county, county + 999_999), period=PERIOD)
    poor = homes.exclude(is_registered=False)
    illness = poor.filter(main_cause="01").count()

    found = told(caller.get(f"figures/{county:012d}/{PERIOD}"))
    years = told(caller.get(f"figures/{county:012d}"))["years"]

    assert found["sums"]["cause_01"] == illness > 0
    assert found["sums"]["registered"] == poor.count()
    assert sum(row["sums"]["registered"] for row in found["rows"]) == poor.count()
    assert {row["area"][:6] for row in found["rows"]} == {f"{county:012d}"[:6]}
    assert years[-1]["period"] == PERIOD
    assert years[-1]["sums"]["on_file"] == homes.count()


@pytest.mark.parametrize("part", ["", f"/{PERIOD}", f"/{PERIOD}/work"])
def test_nobody_asks_for_figures_of_an_area_outside(
    part: str, undone: None, villages: list[int]
) -> None:
    here = county_of(villages[0])
    elsewhere = next(county_of(v) for v in villages if county_of(v) != here)
    caller = program(Role.COUNTY, here)

    assert is_problem(caller.get(f"figures/{elsewhere:012d}{part}"), 404)
    assert is_problem(caller.get(f"figures/{PROVINCE}{part}"), 404)


def test_work_counts_the_findings_of_the_queue(on_file: Run, villages: list[int]) -> None:
    county = county_of(villages[0])
    caller = program(Role.COUNTY, county)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    standing = Finding.objects.exclude(engine_state="withdrawn").count()

    counts = told(caller.get(f"figures/{county:012d}/{PERIOD}/work"))["findings"]

    assert counts["all"] == counts["found"] == standing > 0
    assert counts["all"] == sum(counts[f"severity_{name}"] for name in ("high", "medium", "low"))


def test_rules_tell_their_findings_and_all_of_one_are_sent_down(
    on_file: Run, villages: list[int]
) -> None:
    county, township = county_of(villages[0]), township_of(villages[0])
    rule = first(villages[0]).rule
    officer = program(Role.COUNTY, county)
    given = {"area": f"{county:012d}", "rule": rule, "period": PERIOD, "level": "township"}

    row = next(row for row in told(officer.get("rules")) if row["rule"] == rule)
    sent = told(officer.post("dispatches", given))["findings"]

    assert row["found"] == row["standing"] + row["withdrawn"] > 0
    assert set(row["verdicts"]) == set(VERDICTS)
    assert (row["decided"], row["share"], row["interval"]) == (0, None, None)
    assert sent == row["standing"]
    assert told(officer.post("dispatches", given))["findings"] == 0
    below = program(Role.VILLAGE, villages[0])
    assert is_problem(below.post("dispatches", {**given, "area": f"{township:012d}"}), 403)


def test_the_log_is_narrowed_by_group_account_thing_and_day(
    undone: None, villages: list[int]
) -> None:
    county = county_of(villages[0])
    auditor = program(Role.AUDITOR, county)
    one = account(Role.COUNTY, county, "somebody who exports")
    for by, act, thing in ((one.pk, "export", "invented-1"), (one.pk, "apply_change", "H-2")):
        audit.record(by=by, act=act, kind="household", object_id=thing, area=county)
    audit.record(by=0, act="export", kind="household", object_id="invented-1", area=county)

    def read(query: str) -> list[tuple[str, str]]:
        rows = told(auditor.get(f"log?actor={one.pk}&{query}"))["items"]
        return [(row["act"], row["object_id"]) for row in rows]

    assert read("group=out") == [("export", "invented-1")]
    assert read("about=H-2") == [("apply_change", "H-2")]
    assert read("since=2999-01-01") == read("until=2000-01-01") == []
    assert is_problem(auditor.get("log?group=invented"), 422)


def test_a_program_checks_the_chain_and_the_check_is_in_the_log(
    undone: None, villages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = program(Role.AUDITOR, int(PROVINCE))

    assert told(auditor.post("log/verification")) == {"is_whole": True, "first_break": None}
    monkeypatch.setattr("jingzhun_web.audit.services.first_break", lambda: 7)
    assert told(auditor.post("log/verification")) == {"is_whole": False, "first_break": 7}

    found = (
        Entry.objects.filter(act="verify_log").order_by("id").values_list("object_id", flat=True)
    )
    assert list(found)[-2:] == ["whole", "broken at 7"]
    assert is_problem(program(Role.COUNTY, county_of(villages[0])).post("log/verification"), 403)
