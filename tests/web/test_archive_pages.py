"""Archives in the browser: the page, the form, changes from proposal to approval, the sheet, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import attachments
from jingzhun_web.registry.errors import AttachmentError
from jingzhun_web.registry.models import Attachment, Change, Household

from .archives import JPEG, PDF, Office, again, home_of, member_of
from .people import PROVINCE, SignedIn, county_of, township_of

READERS = [role for role in Role if Right.SEE_ARCHIVES in RIGHTS[role]]
WAGE = "wage_other_yuan"


@pytest.fixture
def home(undone: None, villages: list[int], province: Workspace) -> Household:
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    return home_of(villages[0], province.latest_period)


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingzhun_web.kit.files.folder", lambda: tmp_path)
    monkeypatch.setattr("jingzhun_web.kit.files._path", lambda name: tmp_path / name[:2] / name)


def page_of(home: Household, *more: str) -> str:
    return "/".join(["/households", home.household_id, str(home.period), *more, ""])


def sent(client: Client, address: str, **given: object) -> dict[str, object]:
    """What a browser would send back of a form, with some fields changed."""
    text = client.get(address).content.decode()
    fields: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]+type=\"hidden\"[^>]*>", text):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            known = fields.get(name[1])
            found = value[1] if value else ""
            fields[name[1]] = (
                [*known, found]
                if isinstance(known, list)
                else (found if known is None else [known, found])
            )
    shown = {
        name.removeprefix("initial-"): value
        for name, value in fields.items()
        if name.startswith("initial-")
    }
    return {**shown, **fields, **given}


@pytest.mark.parametrize("role", READERS)
def test_everybody_who_may_see_archives_opens_page_and_sheet(
    role: Role, sign_in: SignedIn, home: Household
) -> None:
    client = sign_in(role, home.area)

    for address in (page_of(home), page_of(home, "sheet")):
        response = client.get(address)
        assert response.status_code == 200
        assert home.household_id in response.content.decode()


@pytest.mark.parametrize("role", READERS)
def test_names_are_shown_only_to_those_who_may_see_them(
    role: Role, sign_in: SignedIn, home: Household
) -> None:
    head = member_of(home)
    name = seals().open(bytes(getattr(head, "name")))  # noqa: B009
    number = seals().open(bytes(getattr(head, "document_number")))  # noqa: B009
    client = sign_in(role, home.area)

    for more in ((), ("sheet",)):
        text = client.get(page_of(home, *more)).content.decode()
        assert (name in text) == (Right.SEE_NAMES in RIGHTS[role])
        assert number not in text


def test_a_change_goes_from_the_village_over_the_township_to_the_county(
    sign_in: SignedIn, home: Household
) -> None:
    village = sign_in(Role.VILLAGE, home.area)
    township = sign_in(Role.TOWNSHIP, township_of(home.area))
    county = sign_in(Role.COUNTY, county_of(home.area))
    given = sent(village, page_of(home, "edit"), **{WAGE: "4321", "reason": "invented reason"})

    response = village.post(page_of(home, "edit"), given)
    change = Change.objects.get(household_id=home.household_id)
    assert (response.status_code, response["Location"]) == (302, f"/changes/{change.pk}/")
    assert [item.field for item in change.items.all()] == [WAGE]

    address = f"/changes/{change.pk}/"
    assert village.post(f"{address}accept/", {}).status_code == 403
    for client in (township, county):
        assert f"/changes/{change.pk}/" in client.get("/changes/").content.decode()
        answer = sent(client, address, note="")
        assert client.post(f"{address}accept/", answer).status_code == 302

    assert getattr(again(home), WAGE) == 4321
    text = county.get(page_of(home)).content.decode()
    assert "4,321" in text
    assert f'hx-get="{page_of(home, "timeline")}"' in text
    happened = county.get(page_of(home, "timeline")).content.decode()
    assert f'href="/changes/{change.pk}/"' in happened
    assert "4321" in happened


def test_what_can_not_be_taken_is_told_at_the_top_and_its_section_stands_open(
    sign_in: SignedIn, home: Household
) -> None:
    client = sign_in(Role.VILLAGE, home.area)
    address = page_of(home, "edit")
    given = sent(client, address, **{"debt_yuan": "-5", "reason": "invented"})

    refused = client.post(address, given, headers={"Accept-Language": "en"})

    text = refused.content.decode()
    assert refused.status_code == 422
    assert text.index("Nothing was sent yet") < text.index("<details")
    sections = re.findall(r"<details[^>]*>.*?</details>", text, re.DOTALL)
    (wrong,) = [section for section in sections if "text-danger" in section]
    assert re.match(r"<details[^>]* open>", wrong)
    assert 'value="-5"' in wrong


def test_the_timeline_is_a_page_of_its_own_for_who_opens_its_address(
    sign_in: SignedIn, home: Household
) -> None:
    client = sign_in(Role.VILLAGE, home.area)

    alone = client.get(page_of(home, "timeline")).content.decode()
    part = client.get(page_of(home, "timeline"), headers={"HX-Request": "true"}).content.decode()

    assert "<title>" in alone
    assert "<html" not in part
    assert part.strip() in alone


def test_of_two_editors_the_second_sees_the_firsts_change_and_sends_again(
    sign_in: SignedIn, home: Household
) -> None:
    one = sign_in(Role.VILLAGE, home.area, "one")
    two = sign_in(Role.TOWNSHIP, township_of(home.area), "two")
    address = page_of(home, "edit")
    first = sent(one, address, **{WAGE: "1111", "reason": "invented one"})
    second = sent(two, address, **{"debt_yuan": "2222", "reason": "invented two"})
    one.post(address, first)

    refused = two.post(address, second)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "1111" in text
    assert 'value="2222"' in text

    seen = re.search(r'name="seen" value="([^"]+)"', text)
    assert seen is not None
    assert two.post(address, {**second, "seen": seen[1]}).status_code == 302
    assert Change.objects.filter(household_id=home.household_id).count() == 2


def test_a_member_is_changed_on_a_page_of_its_own(sign_in: SignedIn, home: Household) -> None:
    head = member_of(home)
    client = sign_in(Role.VILLAGE, home.area)
    address = page_of(home, "edit", head.person_id)

    given = sent(client, address, work_months="7", reason="invented reason")
    assert client.post(address, given).status_code == 302

    item = Change.objects.get(household_id=home.household_id).items.get()
    assert (item.person_id, item.field, item.new) == (head.person_id, "work_months", 7)
    assert client.get(page_of(home, "edit", "nobody")).status_code == 404


def test_the_approver_decides_a_conflict_on_the_page(sign_in: SignedIn, home: Household) -> None:
    township = sign_in(Role.TOWNSHIP, township_of(home.area))
    county = sign_in(Role.COUNTY, county_of(home.area))
    address = page_of(home, "edit")
    township.post(address, sent(township, address, **{WAGE: "10", "reason": "invented"}))
    change = Change.objects.get(household_id=home.household_id)
    page = f"/changes/{change.pk}/"
    before = sent(county, page)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    Household.objects.filter(pk=home.pk).update(**{WAGE: 20})

    refused = county.post(f"{page}accept/", before)
    assert refused.status_code == 422
    assert 'name="keep" value="wage_other_yuan"' in refused.content.decode()

    assert county.post(f"{page}accept/", sent(county, page, keep=[WAGE])).status_code == 302
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    assert getattr(again(home), WAGE) == 20


def test_changes_and_files_of_another_county_are_not_there(
    sign_in: SignedIn, home: Household, villages: list[int]
) -> None:
    elsewhere = next(v for v in villages if county_of(v) != county_of(home.area))
    office = Office(home.area)
    file = attachments.attach(
        by=office.village,
        area=home.area,
        household_id=home.household_id,
        kind="household",
        object_id=home.household_id,
        name="house.jpg",
        data=JPEG,
    )
    village = sign_in(Role.VILLAGE, home.area)
    address = page_of(home, "edit")
    village.post(address, sent(village, address, **{WAGE: "10", "reason": "invented"}))
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    change = Change.objects.get(household_id=home.household_id)
    client = sign_in(Role.COUNTY, county_of(elsewhere))

    for there in (f"/attachments/{file.pk}/", f"/changes/{change.pk}/", address, page_of(home)):
        assert client.get(there).status_code == 404
    assert f"/changes/{change.pk}/" not in client.get("/changes/").content.decode()
    assert client.post(f"/changes/{change.pk}/accept/", {}).status_code == 404


def test_a_photo_is_attached_and_served_as_nothing_else(sign_in: SignedIn, home: Household) -> None:
    client = sign_in(Role.VILLAGE, home.area)
    photo = SimpleUploadedFile("../house\x07.exe", JPEG, content_type="text/html")

    assert client.post(page_of(home, "attach"), {"file": photo}).status_code == 302
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    file = Attachment.objects.get(household_id=home.household_id)
    response = client.get(f"/attachments/{file.pk}/")

    assert (file.name, file.media_type) == ("house.jpg", "image/jpeg")
    assert response.content == JPEG
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    acts = Entry.objects.filter(kind="household", object_id=home.household_id)
    assert [entry.act for entry in acts] == ["attach", "open_attachment"]


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><script>", b"\xff\xd8\xffcut short", b"%PDF-1.4", b"MZ" + JPEG, b"\x00" * 9],
    ids=["empty", "page", "photo cut short", "document cut short", "program", "nothing"],
)
def test_what_is_no_whole_photo_or_document_is_refused_by_its_content(
    sign_in: SignedIn, home: Household, data: bytes
) -> None:
    with pytest.raises(AttachmentError):
        attachments.media_type_of(data)
    client = sign_in(Role.VILLAGE, home.area)
    answer = client.post(page_of(home, "attach"), {"file": SimpleUploadedFile("a.jpg", data)})

    assert answer.status_code in (302, 409)
    assert not Attachment.objects.exists()


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(AttachmentError):
        attachments.media_type_of(PDF + b"\x00" * attachments.LARGEST)


def test_the_files_stand_encrypted_on_the_disk(home: Household, tmp_path: Path) -> None:
    attachments.attach(
        by=Office(home.area).village,
        area=home.area,
        household_id=home.household_id,
        kind="household",
        object_id=home.household_id,
        name="a.pdf",
        data=PDF,
    )
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    assert len(kept) == 1
    assert b"invented" not in kept[0]


def test_analysts_see_neither_photos_nor_their_content(sign_in: SignedIn, home: Household) -> None:
    file = attachments.attach(
        by=Office(home.area).village,
        area=home.area,
        household_id=home.household_id,
        kind="household",
        object_id=home.household_id,
        name="a.pdf",
        data=PDF,
    )
    client = sign_in(Role.ANALYST, county_of(home.area))

    assert client.get(f"/attachments/{file.pk}/").status_code == 403
