"""Pages of imports: from the file to the archive in the browser, and nothing for those who may not."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Role
from jingzhun_web.exchange.models import Import, State
from jingzhun_web.jobs.models import Job
from jingzhun_web.jobs.services import perform
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .intake_support import PERIOD, csv, home
from .people import PROVINCE, SignedIn, county_of

pytestmark = pytest.mark.usefixtures("filled_home")


def everywhere() -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))


def handed_in(client: Client, area: int, data: bytes) -> int:
    answer = client.post(
        "/intake/new/",
        {
            "handed_in": SimpleUploadedFile("h.csv", data),
            "table": "",
            "period": PERIOD,
            "area": area,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return int(re.findall(r"\d+", answer["Location"])[0])


def step(client: Client, import_id: int, act: str) -> None:
    """A step, with the job it starts done."""
    answer = client.post(f"/intake/{import_id}/act/{act}/")
    assert answer.status_code == 302, answer.content.decode()
    if "/jobs/" in answer["Location"]:
        everywhere()
        job = Job.objects.get(pk=int(re.findall(r"\d+", answer["Location"])[0]))
        perform(job.pk, job.started_by)


def test_from_the_file_to_the_archive(sign_in: SignedIn, villages: list[int]) -> None:
    county = county_of(villages[0])
    one, two = sign_in(Role.COUNTY, county, "one"), sign_in(Role.COUNTY, county, "two")
    everywhere()
    known = Household.objects.filter(area=villages[0]).order_by("household_id")[0]
    rows = [
        home("T900", villages[0], debt_yuan=5, phone="13900000000"),
        home(known.household_id, villages[0], debt_yuan=77),
        home("T901", county_of(villages[-1])),
    ]

    number = handed_in(one, county, csv(rows))
    page = one.get(f"/intake/{number}/mapping/").content.decode()
    assert 'name="0-debt_yuan-from" value="debt_yuan"' in page
    step(one, number, "check")
    page = one.get(f"/intake/{number}/").content.decode()
    assert f"/intake/{number}/difference/households/new/" in page
    changed = one.get(f"/intake/{number}/difference/households/changed/").content.decode()
    assert "<ins>77</ins>" in changed
    added = one.get(f"/intake/{number}/difference/households/new/").content.decode()
    assert "T900" in added
    assert "13900000000" not in added
    rejected = one.get(f"/intake/{number}/rejects/households.csv")
    assert "T901" in rejected.content.decode()
    step(one, number, "propose")
    assert one.post(f"/intake/{number}/act/approve/").status_code == 409
    step(two, number, "approve")

    everywhere()
    assert Import.objects.get(pk=number).state == State.APPLIED
    assert Household.objects.filter(household_id="T900").exists()
    origin = one.get(f"/intake/origin/households/T900/{PERIOD}/").content.decode()
    assert "h.csv" in origin
    assert "debt_yuan" in origin
    assert one.get("/intake/").status_code == 200


def test_a_mapping_is_changed_in_the_form(sign_in: SignedIn, villages: list[int]) -> None:
    county = county_of(villages[0])
    one = sign_in(Role.COUNTY, county)
    number = handed_in(one, county, csv([home("T900", villages[0], debt_yuan=1)]))

    one.post(
        f"/intake/{number}/mapping/",
        {
            "0-household_id-from": "household_id",
            "0-period-from": f"={PERIOD}",
            "0-village_code-from": "village_code",
            "0-debt_yuan-from": "debt_yuan",
            "0-debt_yuan-unit": "万元",
        },
    )

    everywhere()
    part = Import.objects.get(pk=number).mapping["tables"][0]
    assert part["columns"]["debt_yuan"] == {"from": "debt_yuan", "unit": "万元"}
    assert part["columns"]["period"] == {"constant": str(PERIOD)}


def test_a_wrong_mapping_is_told_on_the_page_and_not_kept(
    sign_in: SignedIn, villages: list[int]
) -> None:
    county = county_of(villages[0])
    one = sign_in(Role.COUNTY, county)
    number = handed_in(one, county, csv([home("T900", villages[0])]))
    everywhere()
    before = Import.objects.get(pk=number).mapping

    answer = one.post(f"/intake/{number}/mapping/", {"0-household_id-from": ""})

    assert "household_id" in answer.content.decode()
    everywhere()
    assert Import.objects.get(pk=number).mapping == before


def test_a_file_that_cannot_be_read_is_told_at_the_form(
    sign_in: SignedIn, villages: list[int]
) -> None:
    county = county_of(villages[0])
    one = sign_in(Role.COUNTY, county)

    answer = one.post(
        "/intake/new/",
        {
            "handed_in": SimpleUploadedFile("h.csv", b"%PDF-1.7"),
            "table": "",
            "period": PERIOD,
            "area": county,
        },
    )

    assert answer.status_code == 200
    assert "PDF" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.VILLAGE, Role.TOWNSHIP, Role.ANALYST, Role.AUDITOR])
def test_who_may_not_import_sees_nothing_of_it(
    sign_in: SignedIn, villages: list[int], role: Role
) -> None:
    client = sign_in(role, county_of(villages[0]))

    for path in (
        "/intake/",
        "/intake/new/",
        "/agreements/",
        f"/intake/origin/households/x/{PERIOD}/",
    ):
        assert client.get(path).status_code == 403


def test_a_sibling_county_finds_nothing(sign_in: SignedIn, villages: list[int]) -> None:
    county = county_of(villages[0])
    elsewhere = county_of(next(v for v in villages if county_of(v) != county))
    one, other = sign_in(Role.COUNTY, county), sign_in(Role.COUNTY, elsewhere)
    number = handed_in(one, county, csv([home("T900", villages[0])]))

    for path in ("", "mapping/", "difference/households/new/", "rejects/households.csv"):
        assert other.get(f"/intake/{number}/{path}").status_code == 404
    assert other.post(f"/intake/{number}/act/check/").status_code == 404
    assert f"/intake/{number}/" not in other.get("/intake/").content.decode()


def test_an_agreement_is_recorded_and_ended(sign_in: SignedIn, villages: list[int]) -> None:
    county = county_of(villages[0])
    one = sign_in(Role.COUNTY, county)
    given = {
        "department": "invented",
        "tables": ["vehicles"],
        "may_deliver": "on",
        "purpose": "cross-check",
        "legal_basis": "invented",
        "valid_from": "2019-01-01",
        "valid_until": "2100-01-01",
        "area": county,
    }

    assert one.post("/agreements/", given).status_code == 302
    page = one.get("/agreements/").content.decode()
    number = int(re.findall(r"/agreements/(\d+)/end/", page)[0])
    one.post(f"/agreements/{number}/end/")

    assert f"/agreements/{number}/end/" not in one.get("/agreements/").content.decode()
    everywhere()
    assert User.objects.filter(area=county).exists()
