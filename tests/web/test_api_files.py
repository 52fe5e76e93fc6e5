"""Programs get and hand in files: exports, photos and documents; and keep filters."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jingzhun_web.access.roles import Right, Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household, SavedFilter

from .people import PROVINCE, county_of
from .programs import Program, a_household, account, is_problem, program, secret_of, told

PNG = b"\x89PNG\r\n\x1a\n" + b"invented" + b"IEND\xaeB`\x82"


pytestmark = pytest.mark.usefixtures("undone", "home_folder")


def sent(caller: Program, address: str, data: bytes = PNG, name: str = "home.png") -> Any:
    """A file handed in as forms do."""
    file = SimpleUploadedFile(name, data)
    return caller.client.post(f"/api/{address}", {"file": file}, headers=caller.headers)


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer) if answer.streaming else bytes(answer.content)


def acts_logged(act: str, actor: int = 0) -> list[Entry]:
    scope.apply(scope.Scope.of_areas([PROVINCE], actor=actor))
    return list(Entry.objects.filter(act=act))


def test_an_export_ends_with_its_rows_and_a_checksum_over_them(villages: list[int]) -> None:
    user = account(Role.TOWNSHIP, villages[0] // 1000 * 1000)
    caller, home = Program(secret_of(user)), a_household(villages[0])

    answer = caller.get(f"exports/households/csv?period={home.period}&area={villages[0]}")
    lines = content(answer).decode("utf-8-sig").splitlines(keepends=True)

    scope.apply(scope.Scope.of_areas([PROVINCE]))
    expected = Household.objects.filter(area=villages[0], period=home.period).count()
    data = "".join(lines[1:-1]).encode()
    last = next(csv.reader(io.StringIO(lines[-1])))
    assert last == [f"# rows: {expected}", f"sha256: {hashlib.sha256(data).hexdigest()}"]
    assert expected == len(lines) - 2 > 0
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [one.detail["rows"] for one in acts_logged("export_finished", user.pk)] == [expected]


def test_a_list_goes_out_as_a_workbook_and_as_parquet_too(villages: list[int]) -> None:
    caller = program(Role.ANALYST, county_of(villages[0]))

    workbook = content(caller.get("exports/households/xlsx"))
    table = pl.read_parquet(io.BytesIO(content(caller.get("exports/households/parquet"))))

    assert workbook.startswith(b"PK")
    assert table.height > 0
    assert "head_name" not in table.columns, "analysts see no names"


def test_nobody_exports_without_the_right_or_in_another_form(villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0])
    officer = program(Role.COUNTY, county_of(villages[0]))

    assert is_problem(village.get("exports/households/csv"), 403)
    assert is_problem(officer.get("exports/households/exe"), 422)


def test_a_photo_is_attached_once_and_its_reading_is_logged(villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0])
    other = program(Role.VILLAGE, villages[-1])
    home = a_household(villages[0])
    address = f"households/{home.household_id}/{home.period}/attachments"

    made = told(sent(village, address), 201)
    again = told(sent(village, address, name="other.png"), 201)
    answer = village.get(f"attachments/{made['id']}")

    assert again["id"] == made["id"]
    assert told(village.get(address)) == [made]
    assert content(answer) == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert is_problem(other.get(f"attachments/{made['id']}"), 404)
    assert is_problem(other.get(address), 404)
    assert is_problem(sent(other, address), 404)
    assert len(acts_logged("open_attachment")) == 1


def test_what_is_no_photo_and_no_document_is_refused(villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0])
    home = a_household(villages[0])
    address = f"households/{home.household_id}/{home.period}/attachments"

    assert is_problem(sent(village, address, b"MZ invented", "photo.png"), 409)
    assert is_problem(sent(village, address, PNG + b" " * (10 << 20)), 409)
    assert is_problem(village.post(address), 422)
    assert told(village.get(address)) == []


def test_who_sees_no_names_sees_no_photos(villages: list[int]) -> None:
    home = a_household(villages[0])
    village = program(Role.VILLAGE, villages[0])
    analyst = program(Role.ANALYST, county_of(villages[0]))
    address = f"households/{home.household_id}/{home.period}/attachments"
    made = told(sent(village, address), 201)

    assert is_problem(analyst.get(address), 403)
    assert is_problem(analyst.get(f"attachments/{made['id']}"), 403)


def test_a_filter_is_kept_by_its_name_and_seen_by_its_owner_only(villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0])
    other = program(Role.VILLAGE, villages[0], "another")
    query = {"period": 2019, "cause": "illness", "finding": "open", "text": "a name"}

    made = told(village.post("saved-filters", {"name": "ill", "query": query}))
    again = told(village.post("saved-filters", {"name": "ill", "query": {"cause": "illness"}}))

    assert made["query"] == {"period": "2019", "cause": "illness", "finding": "open"}
    assert again == {**made, "query": {"cause": "illness"}}
    assert told(village.get("saved-filters")) == [again]
    assert told(other.get("saved-filters")) == []
    assert other.post(f"saved-filters/{made['id']}/drop").status_code == 204
    assert told(village.get("saved-filters")) == [again]
    assert village.post(f"saved-filters/{made['id']}/drop").status_code == 204
    assert told(village.get("saved-filters")) == []


def test_a_kept_filter_narrows_the_list_as_it_did(villages: list[int]) -> None:
    village = program(Role.VILLAGE, villages[0])
    kept = {"period": 2019, "status": "exited"}
    query = told(village.post("saved-filters", {"name": "gone", "query": kept}))["query"]

    found = told(village.get(f"households?{urlencode(query)}"))["items"]
    everybody = told(village.get("households?period=2019"))["items"]

    assert found == [row for row in everybody if row["exit_status"] == "exited"] != []


def test_a_token_without_the_right_to_export_exports_nothing(villages: list[int]) -> None:
    user = account(Role.COUNTY, county_of(villages[0]))
    caller = Program(secret_of(user, rights=[Right.SEE_ARCHIVES]))

    assert is_problem(caller.get("exports/households/csv"), 403)
    assert SavedFilter.objects.count() == 0
