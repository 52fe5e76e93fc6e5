"""Putting members on file and taking them off in the browser; where the values of an archive come from."""

from __future__ import annotations

import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.kit import scope
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry.models import Change, Household, Person

from .archives import again, member_of
from .members import CHILD, COUNT, EVERYWHERE, field, large_home, members, others_of
from .people import PROVINCE, SignedIn, county_of, township_of
from .programs import is_problem, program, told
from .test_archive_pages import page_of, sent

REASON = {"reason": "invented: seen in the household book"}
READERS = [role for role in Role if Right.SEE_ARCHIVES in RIGHTS[role]]


@pytest.fixture
def home(undone: None, villages: list[int], province: Workspace) -> Household:
    scope.apply(EVERYWHERE)
    return large_home(villages[0], province.latest_period)


def name_of(person: Person) -> str:
    return seals().open(bytes(field(person, "name")))


def approved(sign_in: SignedIn, home: Household) -> None:
    """The latest change of a village goes through the township and the county."""
    scope.apply(EVERYWHERE)
    change = Change.objects.filter(household_id=home.household_id).latest("pk")
    page = f"/changes/{change.pk}/"
    for role, area in (
        (Role.TOWNSHIP, township_of(home.area)),
        (Role.COUNTY, county_of(home.area)),
    ):
        client = sign_in(role, area, f"{role.value} {change.pk}")
        assert client.post(f"{page}accept/", sent(client, page, note="")).status_code == 302
    scope.apply(EVERYWHERE)


def test_a_village_puts_a_member_on_file_and_everybody_sees_what_will_change(
    sign_in: SignedIn, home: Household
) -> None:
    village, before = sign_in(Role.VILLAGE, home.area), field(home, COUNT)
    address = page_of(home, "add-member")
    assert f'href="{address}"' in village.get(page_of(home)).content.decode()

    answer = village.post(address, sent(village, address, **CHILD, **REASON))

    assert answer.status_code == 302
    text = village.get(answer["Location"]).content.decode()
    assert "虚构娃" in text
    assert f"<td>{before}</td><td><strong>{before + 1}</strong></td>" in text
    approved(sign_in, home)
    assert "虚构娃" in village.get(page_of(home)).content.decode()
    assert "虚构娃" in village.get(page_of(home, "sheet")).content.decode()


def test_what_is_missing_or_taken_is_told_at_the_form_which_stays_filled_in(
    sign_in: SignedIn, home: Household
) -> None:
    number = seals().open(bytes(field(member_of(home), "document_number")))
    village, address = sign_in(Role.VILLAGE, home.area), page_of(home, "add-member")

    missing = village.post(address, sent(village, address, **{**CHILD, "sex": ""}, **REASON))
    taken = village.post(
        address, sent(village, address, **{**CHILD, "document_number": number}, **REASON)
    )

    assert (missing.status_code, taken.status_code) == (422, 422)
    for answer in (missing, taken):
        assert "虚构娃" in answer.content.decode()
    assert 'role="alert"' in taken.content.decode()
    scope.apply(EVERYWHERE)
    assert not Change.objects.exists()


def test_whoever_is_taken_off_is_marked_on_the_page_and_not_on_the_sheet(
    sign_in: SignedIn, home: Household
) -> None:
    leaver, before = others_of(home)[0], field(home, COUNT)
    village = sign_in(Role.VILLAGE, home.area)
    address = page_of(home, "take-off", leaver.person_id)
    assert f'href="{address}"' in village.get(page_of(home)).content.decode()

    given = {"change_reason": "married_out", "change_date": "2017-05-01", **REASON}
    assert village.post(address, sent(village, address, **given)).status_code == 302
    approved(sign_in, home)

    assert field(again(home), COUNT) == before - 1
    page = village.get(page_of(home)).content.decode()
    assert "2017-05-01" in page
    assert f'href="{address}"' not in page
    assert village.get(address).status_code == 404
    sheet = village.get(page_of(home, "sheet")).content.decode()
    assert sheet.count("<tr><td>") == before - 1


def test_when_the_head_leaves_another_is_named_and_the_others_relations_follow(
    sign_in: SignedIn, home: Household
) -> None:
    head, heir, *others = members(home)
    village = sign_in(Role.VILLAGE, home.area)
    address = page_of(home, "take-off", head.person_id)
    given = {"change_reason": "death", "change_date": "2017-05-01", **REASON}

    assert village.post(address, sent(village, address, **given)).status_code == 422
    relations = {f"relation-{place + 1}": "03" for place in range(len(others))}
    answer = village.post(
        address, sent(village, address, head=heir.person_id, **relations, **given)
    )
    assert answer.status_code == 302
    approved(sign_in, home)

    assert field(Person.objects.get(pk=heir.pk), "relation") == "01"
    told = {field(Person.objects.get(pk=row.pk), "relation") for row in others}
    assert told == set(relations.values())
    assert seals().open(bytes(again(home).head_name or b"")) == name_of(heir)


def test_the_last_member_goes_with_the_household(sign_in: SignedIn, home: Household) -> None:
    Household.objects.filter(pk=home.pk).update(is_registered=True)
    head, *others = members(home)
    Person.objects.filter(pk__in=[row.pk for row in others]).update(
        record_state="2", change_reason="other_out", change_date="2017-01-01"
    )
    village = sign_in(Role.VILLAGE, home.area)
    address = page_of(home, "take-off", head.person_id)
    given = {"change_reason": "death", "change_date": "2017-05-01", **REASON}

    assert village.post(address, sent(village, address, **given)).status_code == 422
    assert village.post(address, sent(village, address, close="on", **given)).status_code == 302
    approved(sign_in, home)

    assert field(again(home), "is_registered") is False
    assert field(again(home), COUNT) == 0


@pytest.mark.parametrize("role", READERS)
def test_only_those_who_propose_changes_see_the_forms(
    role: Role, sign_in: SignedIn, home: Household
) -> None:
    may = Right.PROPOSE_CHANGES in RIGHTS[role]
    client = sign_in(role, home.area)
    page = client.get(page_of(home)).content.decode()
    person = others_of(home)[0].person_id

    for address in (page_of(home, "add-member"), page_of(home, "take-off", person)):
        assert (f'href="{address}"' in page) == may
        assert client.get(address).status_code == (200 if may else 403)


def test_somebody_of_another_county_finds_neither_form(
    sign_in: SignedIn, home: Household, villages: list[int]
) -> None:
    elsewhere = next(area for area in villages if county_of(area) != county_of(home.area))
    person = others_of(home)[0].person_id
    client = sign_in(Role.COUNTY, county_of(elsewhere))

    for address in (page_of(home, "add-member"), page_of(home, "take-off", person)):
        assert client.get(address).status_code == 404
        assert client.post(address, {**CHILD, **REASON}).status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_an_archive_leads_to_where_its_values_come_from_for_those_who_import(
    role: Role, sign_in: SignedIn, home: Household
) -> None:
    head = member_of(home)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    Household.objects.filter(pk=home.pk).update(source="import 7", debt_yuan=77)
    Person.objects.filter(pk=head.pk).update(source="import 7", work_months=8)
    client = sign_in(role, home.area if role == Role.VILLAGE else county_of(home.area))
    may = Right.IMPORT in RIGHTS[role]

    beside, happened = (
        client.get(page_of(home, *part)).content.decode() for part in ((), ("timeline",))
    )

    for table, key in (("households", home.household_id), ("persons", head.person_id)):
        address = f"/intake/origin/{table}/{key}/{home.period}/"
        assert (f'href="{address}"' in beside) == may
        assert (f'href="{address}"' in happened) == may
        assert client.get(address).status_code == (200 if may else 403)


def test_programs_put_members_on_file_and_take_them_off_by_the_same_chain(home: Household) -> None:
    before, leaver = field(home, COUNT), others_of(home)[0]
    village = program(Role.VILLAGE, home.area)
    township = program(Role.TOWNSHIP, township_of(home.area))
    officer = program(Role.COUNTY, county_of(home.area))
    fields = {f"+1/{name}": value for name, value in CHILD.items()}
    gone = {"record_state": "2", "change_reason": "married_out", "change_date": "2017-05-01"}
    fields |= {f"{leaver.person_id}/{name}": value for name, value in gone.items()}
    address = f"households/{home.household_id}/{home.period}"
    reason = {"reason": "invented: one came, one left"}

    missing = {name: value for name, value in fields.items() if name != "+1/sex"}
    assert is_problem(village.post(f"{address}/changes", {"fields": missing, **reason}), 409)
    made = told(village.post(f"{address}/changes", {"fields": fields, **reason}), 201)
    shown = told(township.get(f"changes/{made['id']}"))["fields"]
    assert {one["key"]: one["new"] for one in shown}[COUNT] == before
    told(township.post(f"changes/{made['id']}/accept"))
    assert told(officer.post(f"changes/{made['id']}/accept"))["standing"] == "applied"

    states = [one["record_state"] for one in told(village.get(address))["members"]]
    assert (states.count("1"), states.count("2")) == (before, 1)


def test_a_key_of_the_api_that_names_nobody_is_a_refusal(home: Household) -> None:
    village = program(Role.VILLAGE, home.area)
    for key in ("+/name", "+1/", "+1/no_such", "+", "/sex", "++/sex", "a/b/sex", "+1/person_id"):
        content = {"fields": {key: "1"}, "reason": "invented reason"}
        answer = village.post(f"households/{home.household_id}/{home.period}/changes", content)
        assert is_problem(answer, 409)
