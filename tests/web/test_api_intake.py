"""Programs hand in, check, compare and decide imports, keep agreements, and answer objections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jingzhun_web.access.roles import Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.states import State
from jingzhun_web.dialogue.models import Case
from jingzhun_web.jobs.models import Job
from jingzhun_web.jobs.services import perform
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .intake_support import PERIOD, csv, home
from .people import PROVINCE, county_of
from .programs import Program, a_household, is_problem, program, told
from .walking import Place, everywhere, settle

pytestmark = pytest.mark.usefixtures("undone", "filled_home")


def handed_in(caller: Program, area: int, data: bytes) -> dict[str, Any]:
    content = {
        "area": f"{area:012d}",
        "period": PERIOD,
        "files": SimpleUploadedFile("h.csv", data),
    }
    answer = caller.client.post("/api/imports", content, headers=caller.headers)
    return dict(told(answer, 201))


def done(answer: Any) -> None:
    """The job that was begun, done."""
    number = told(answer)["id"]
    everywhere()
    perform(number, Job.objects.get(pk=number).started_by)


def test_from_the_file_to_the_archive_as_on_the_pages(villages: list[int]) -> None:
    county = county_of(villages[0])
    one, two = program(Role.COUNTY, county, "one"), program(Role.COUNTY, county, "two")
    elsewhere = next(village for village in villages if county_of(village) != county)
    everywhere()
    known = Household.objects.filter(area=villages[0], period=PERIOD).order_by("household_id")[0]
    rows = [
        home("T900", villages[0], debt_yuan=5, phone="13900000000"),
        home("T902", villages[0], debt_yuan=6),
        home(known.household_id, villages[0], debt_yuan=77),
        home("T901", elsewhere),
    ]

    address = f"imports/{handed_in(one, county, csv(rows))['id']}"
    (table,) = told(one.get(f"{address}/columns"))["tables"]
    lines = {line["name"]: line for line in table["columns"]}
    assert "debt_yuan" in table["headers"]
    assert lines["debt_yuan"]["source"] == "debt_yuan"
    assert is_problem(one.get(f"{address}/differences/households/new"), 404)
    done(one.post(f"{address}/check"))
    report = told(one.get(address))["report"]["difference"]["households"]
    assert (report["new"], report["changed"]) == (2, 1)

    first = told(one.get(f"{address}/differences/households/new?size=1"))
    second = told(one.client.get(first["next"], headers=one.headers))
    (changed,) = told(one.get(f"{address}/differences/households/changed"))["items"]
    assert [row["key"] for row in first["items"] + second["items"]] == ["T900", "T902"]
    assert second["next"] is None
    fields = {field["field"]: field for field in first["items"][0]["fields"]}
    assert fields["debt_yuan"]["new"] == 5
    assert fields["phone"]["new"] == "***"
    assert {"field": "debt_yuan", "old": known.debt_yuan, "new": 77} in changed["fields"]  # type: ignore[attr-defined]

    rejected = one.get(f"{address}/rejects/households")
    assert b"T901" in rejected.content
    assert rejected.headers["Content-Type"].startswith("text/csv")
    assert is_problem(one.get(f"{address}/rejects/persons"), 404)
    told(one.post(f"{address}/propose"))
    assert is_problem(one.post(f"{address}/approve"), 409)
    done(two.post(f"{address}/approve"))

    origins = told(one.get(f"households/T900/{PERIOD}/origins"))
    debt = next(origin for origin in origins if origin["field"] == "debt_yuan")
    assert (debt["file"], debt["column"]) == ("h.csv", "debt_yuan")
    assert debt["row"] is not None
    everywhere()
    assert Entry.objects.filter(act="download_rejects").count() == 1


def test_nobody_reads_an_import_of_another_county(villages: list[int]) -> None:
    county = county_of(villages[0])
    elsewhere = next(village for village in villages if county_of(village) != county)
    one, other = program(Role.COUNTY, county), program(Role.COUNTY, county_of(elsewhere))
    number = handed_in(one, county, csv([home("T900", villages[0], debt_yuan=5)]))["id"]
    known = a_household(villages[0])

    for address in ("", "/columns", "/rejects/households", "/differences/households/new"):
        assert is_problem(other.get(f"imports/{number}{address}"), 404)
    assert is_problem(other.get(f"households/{known.household_id}/{known.period}/origins"), 404)


def agreement(area: int, **more: object) -> dict[str, object]:
    today = timezone.localdate()
    facts: dict[str, object] = {
        "area": f"{area:012d}",
        "department": "invented",
        "tables": ["vehicles"],
        "purpose": "invented",
        "legal_basis": "invented",
        "valid_from": f"{today}",
        "valid_until": f"{today + timedelta(days=30)}",
    }
    return {**facts, **more}


def test_an_agreement_is_made_listed_and_ended(villages: list[int]) -> None:
    county = county_of(villages[0])
    elsewhere = next(village for village in villages if county_of(village) != county)
    caller = program(Role.COUNTY, county)

    made = told(caller.post("agreements", agreement(county)), 201)

    assert made["holds"]
    assert told(caller.get("agreements"))["items"] == [made]
    assert is_problem(caller.post("agreements", agreement(elsewhere)), 403)
    endless = agreement(county, valid_until=f"{timezone.localdate()}")
    assert is_problem(caller.post("agreements", endless), 409)
    assert is_problem(caller.post("agreements", agreement(county, tables=["invented"])), 422)
    ended = told(caller.post(f"agreements/{made['id']}/end"))
    assert not ended["holds"]
    assert ended["ended_at"]


@pytest.fixture
def place(villages: list[int], home_folder: object) -> Place:
    """A village with an objection."""
    return settle(a_household(villages[0]))


def test_an_objection_is_read_and_answered_by_the_county(place: Place) -> None:
    officer = program(Role.COUNTY, county_of(place.village))
    township = program(Role.TOWNSHIP, place.village // 1000 * 1000)
    address = f"cases/{place.case}/objections"

    (listed,) = told(officer.get("objections"))["items"]
    (opened,) = told(officer.get(address))
    answer = {"outcome": "upheld", "text": "invented: it is so"}

    assert (listed["id"], listed["state"]) == (place.objection, "open")
    assert "reason" not in listed
    assert (opened["reason"], opened["contact"]) == (place.mark, place.mark)
    assert is_problem(township.get(address), 403)
    assert is_problem(township.post(f"objections/{place.objection}/answer", answer), 403)
    assert told(officer.post(f"objections/{place.objection}/answer", answer))["state"] == "upheld"
    assert is_problem(officer.post(f"objections/{place.objection}/answer", answer), 409)
    assert told(officer.get("objections"))["items"] == []
    assert len(told(officer.get("objections?which=all"))["items"]) == 1
    everywhere()
    assert Case.objects.get(pk=place.case).state == "refused"
    assert Entry.objects.filter(act="read_objections").count() == 1


def test_papers_go_with_an_objection_and_a_finding(place: Place) -> None:
    officer = program(Role.COUNTY, county_of(place.village))
    pdf = b"%PDF-1.7 invented %%EOF"
    everywhere()
    Finding.objects.filter(pk=place.finding).update(
        state=State.DISPATCHED, assigned_area=place.village
    )

    for kind in ("objection", "finding"):
        address = f"/api/{kind}s/{getattr(place, kind)}/attachments"
        content = {"file": SimpleUploadedFile("paper.pdf", pdf)}
        made = told(officer.client.post(address, content, headers=officer.headers), 201)
        assert (made["kind"], made["media_type"]) == (kind, "application/pdf")
        assert told(officer.client.get(address, headers=officer.headers)) == [made]
        assert officer.get(f"attachments/{made['id']}").content == pdf

    scope.apply(scope.Scope.of_areas([PROVINCE]))
    assert Entry.objects.filter(act="open_attachment").count() == 2
