"""What waits for whom: the queue, its number, and what a finding's own page says are one."""

from __future__ import annotations

import re

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Role
from jingzhun_web.crosscheck import permitted, selectors, services
from jingzhun_web.crosscheck.models import Finding, HomeCheck, Run
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit import scope

from .findings import ON, PERIOD, Team, first
from .people import SignedIn, county_of
from .test_findings import judged
from .test_findings_pages import SHOWN, listed


def waiting(actor: Actor) -> set[int]:
    found = selectors.findings(selectors.Filters(PERIOD, waits_for=actor))
    return set(found.values_list("pk", flat=True))


def sent(team: Team, village: int) -> Finding:
    finding = first(village)
    services.dispatch_finding(by=team.county, pk=finding.pk, area=village)
    finding.refresh_from_db()
    return finding


def test_what_waits_for_somebody_is_what_they_may_do_next(team: Team, villages: list[int]) -> None:
    everyone = (team.cadre, team.second, team.township, team.county, team.colleague)
    judged(team, villages[0])
    rows = list(Finding.objects.filter(area=villages[0]))
    for row, state in zip(rows[1:], State, strict=False):
        for is_sampled in (False, True):
            verdict = "not_true" if is_sampled else "true"
            Finding.objects.filter(pk=row.pk).update(
                state=state,
                is_sampled=is_sampled,
                verdict=verdict,
                proposed_by=team.township.id,
                assigned_area=villages[0],
            )
            for actor in everyone:
                _same(actor)


def _same(actor: Actor) -> None:
    found = waiting(actor)
    for finding in Finding.objects.exclude(engine_state="withdrawn"):
        checks = list(HomeCheck.objects.filter(finding=finding))
        onward = permitted.next_act(finding, checks)
        may = onward in permitted.possible(actor, finding, checks)
        if onward in ("check", "sign"):
            assert may or finding.pk not in found, (finding.state, onward)
        else:
            assert (finding.pk in found) is may, (finding.state, onward, actor.name)


def test_a_home_check_waits_for_the_village_and_its_signature_for_another(
    team: Team, villages: list[int]
) -> None:
    finding = sent(team, villages[0])
    others = (team.township, team.county)

    assert finding.pk in waiting(team.cadre)
    assert not any(finding.pk in waiting(actor) for actor in others)

    services.record_home_check(
        by=team.cadre, pk=finding.pk, on=ON, note="invented", statement="invented"
    )

    assert finding.pk not in waiting(team.cadre)
    assert finding.pk in waiting(team.second)
    assert finding.pk not in waiting(team.county)


def test_what_was_sent_to_the_township_waits_there_and_not_in_the_village(
    team: Team, villages: list[int]
) -> None:
    finding = first(villages[0])
    services.dispatch_finding(by=team.county, pk=finding.pk, area=villages[0] // 1000 * 1000)

    assert finding.pk in waiting(team.township)
    assert finding.pk not in waiting(team.cadre)


def test_the_queue_begins_with_what_waits_and_its_number_is_the_list(
    team: Team, villages: list[int], sign_in: SignedIn
) -> None:
    finding = sent(team, villages[0])
    client = sign_in(Role.VILLAGE, villages[0])

    page = client.get("/findings/", headers={"Accept-Language": "en"}).content.decode()

    number = re.search(r'aria-current="true">Waits for me <span class="ms-1">(\d+)<', page)
    assert number is not None
    assert int(number[1]) == len(listed(client)) == len(listed(client, "?is_mine=on")) == 1
    assert SHOWN.findall(page) == [str(finding.pk)]


def test_who_only_looks_begins_with_all_that_is_not_closed(
    on_file: Run, villages: list[int], sign_in: SignedIn
) -> None:
    client = sign_in(Role.AUDITOR, county_of(villages[0]))

    page = client.get("/findings/", headers={"Accept-Language": "en"}).content.decode()

    assert "Waits for me <span" not in page
    assert len(listed(client)) == Finding.objects.exclude(state=State.CLOSED).count()


def test_the_village_home_page_says_that_a_finding_was_sent_down(
    team: Team, villages: list[int], sign_in: SignedIn
) -> None:
    client = sign_in(Role.VILLAGE, villages[0], "other.cadre")
    before = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    scope.apply(team.county.scope)
    sent(team, villages[0])

    page = client.get("/", headers={"Accept-Language": "en"}).content.decode()

    assert "wait for you" not in before
    assert "Findings that wait for you: 1" in page
    href = re.search(r'href="(/findings/\?[^"]*is_mine=on)"', page)
    assert href is not None
    assert len(SHOWN.findall(client.get(href[1].replace("&amp;", "&")).content.decode())) == 1
