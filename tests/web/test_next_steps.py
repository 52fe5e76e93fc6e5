"""Whoever opens a case or a finding reads what comes next and whose turn it is."""

from __future__ import annotations

import pytest
from django.test import Client

from jingzhun_web.crosscheck.models import Finding, HomeCheck
from jingzhun_web.crosscheck.permitted import ACTS, next_act
from jingzhun_web.crosscheck.states import State
from jingzhun_web.dialogue.models import Case

from .decided import in_publicity, judge, office, other_household, poor_household, see_everything
from .people import SignedIn

NOT_SIGNED = [HomeCheck(first_by=1)]
SIGNED = [HomeCheck(first_by=1, second_by=2)]
TURNS = [
    (State.FOUND, {}, [], "dispatch"),
    (State.FOUND, {"engine_state": "withdrawn"}, [], "close"),
    (State.DISPATCHED, {}, [], "check"),
    (State.DISPATCHED, {}, NOT_SIGNED, "sign"),
    (State.CHECKED, {}, SIGNED, "propose"),
    (State.PROPOSED, {}, SIGNED, "confirm"),
    (State.JUDGED, {"verdict": "true"}, SIGNED, "handle"),
    (State.JUDGED, {"verdict": "true", "is_sampled": True}, SIGNED, "handle"),
    (State.JUDGED, {"verdict": "not_true"}, SIGNED, "close"),
    (State.JUDGED, {"verdict": "not_true", "is_sampled": True}, SIGNED, "recheck"),
    (State.HANDLED, {"verdict": "true"}, SIGNED, "close"),
    (State.HANDLED, {"verdict": "true", "is_sampled": True}, SIGNED, "recheck"),
    (State.RECHECKED, {"verdict": "true", "is_sampled": True}, SIGNED, "close"),
    (State.CLOSED, {"verdict": "true"}, SIGNED, ""),
]


@pytest.mark.parametrize(("state", "given", "checks", "expected"), TURNS)
def test_the_next_act_of_a_finding_is_one_that_may_be_done_then(
    state: State, given: dict[str, object], checks: list[HomeCheck], expected: str
) -> None:
    finding = Finding(state=state, is_sampled=False, verdict="", engine_state="open")
    for name, value in given.items():
        setattr(finding, name, value)

    onward = next_act(finding, checks)

    assert onward == expected
    if onward:
        assert state in ACTS[onward].states


def told(client: Client, case: Case) -> str:
    return client.get(f"/decisions/cases/{case.pk}/").content.decode()


def test_a_case_says_what_comes_next_and_who_does_it(sign_in: SignedIn) -> None:
    home = other_household()
    people = office(sign_in, home.area)
    given = {"household_id": home.household_id, "reason": "生病"}
    people.village.post("/decisions/apply/", given)
    see_everything()
    case = Case.objects.get()

    before = told(people.township, case)
    people.village.post(f"/decisions/cases/{case.pk}/visit/", {"note": "漏雨", "statement": "欠债"})
    own, others = told(people.village, case), told(people.neighbour, case)

    assert "下一步: 登记入户核实" in before
    assert "村级" in before
    assert "须由同事用其本人账号办理" in own
    assert "须由同事用其本人账号办理" not in others
    assert f"/decisions/cases/{case.pk}/sign/" in others


def test_an_objection_waits_for_the_county_that_answers_it(sign_in: SignedIn) -> None:
    home = poor_household()
    judge(home, "passed")
    people = office(sign_in, home.area)
    case = in_publicity(people, home)
    link = f"/decisions/cases/{case.pk}/"
    waiting = [client.get("/decisions/") for client in (people.county, people.township)]
    line = case.entries.get()
    address = f"/public/lists/{line.publicity_id}/{line.pk}/"
    Client(SERVER_NAME="localhost").post(address, {"reason": "他家有车", "contact": ""})

    objected = people.county.get("/decisions/").content.decode()

    first, *_ = objected.split('id="hanging"')
    assert link in first
    assert [link in page.content.decode().split('id="hanging"')[0] for page in waiting] == [
        False,
        False,
    ]
    assert "下一步: 答复异议" in told(people.township, case)


def test_an_application_that_can_not_be_entered_stays_filled_in(sign_in: SignedIn) -> None:
    home = other_household()
    people = office(sign_in, home.area)

    page = people.village.post(
        "/decisions/apply/", {"household_id": "no such number", "reason": "家中有病人"}
    )

    words = page.content.decode()
    assert page.status_code == 422
    assert "no such number" in words
    assert "家中有病人" in words
    assert f'<option value="{home.area}"' in words
