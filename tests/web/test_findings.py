"""A finding from cross-check to close: who may do what when, and what a second cross-check leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied

from jingzhun_web.access.roles import Role
from jingzhun_web.areas.models import Level
from jingzhun_web.crosscheck import bulk, handling, packs, selectors, services
from jingzhun_web.crosscheck.models import Finding, HomeCheck
from jingzhun_web.crosscheck.permitted import MoveError, OwnEntryError, possible
from jingzhun_web.crosscheck.states import MOVES, State
from jingzhun_web.kit import environment, scope
from jingzhun_web.kit.scope import Scope
from jingzhun_web.registry import changes
from jingzhun_web.registry.models import Change, Household

from .findings import ON, PERIOD, Team, first, somebody
from .people import county_of, township_of


@pytest.fixture
def always_sampled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JINGZHUN_RECHECK_SHARE", "1")
    environment.environment.cache_clear()
    yield
    monkeypatch.undo()
    environment.environment.cache_clear()


@pytest.fixture
def never_sampled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JINGZHUN_RECHECK_SHARE", "0")
    environment.environment.cache_clear()
    yield
    monkeypatch.undo()
    environment.environment.cache_clear()


def checked(team: Team, village: int) -> Finding:
    """A finding that two persons looked into."""
    pk = first(village).pk
    services.dispatch_finding(by=team.county, pk=pk, area=township_of(village))
    services.dispatch_finding(by=team.township, pk=pk, area=village)
    services.record_home_check(
        by=team.cadre, pk=pk, on=ON, note="Seen in the home", statement="It was sold"
    )
    return services.sign_home_check(by=team.second, pk=pk)


def judged(team: Team, village: int, verdict: str = "true") -> Finding:
    pk = checked(team, village).pk
    services.propose_verdict(by=team.township, pk=pk, verdict=verdict)
    return services.confirm_verdict(by=team.county, pk=pk)


def test_from_found_to_closed(team: Team, villages: list[int], always_sampled: None) -> None:
    finding = judged(team, villages[0])
    handling.handle_finding(by=team.township, pk=finding.pk, handling="deliver", note="Done")
    services.recheck_finding(by=team.colleague, pk=finding.pk, holds=True, note="It is so")
    closed = services.close_finding(by=team.county, pk=finding.pk)

    assert closed.state == State.CLOSED
    moves = [(e.act, e.to_state) for e in reversed(selectors.events(closed))]
    assert moves == [
        ("opened", ""),
        ("dispatch", "dispatched"),
        ("dispatch", "dispatched"),
        ("check", ""),
        ("sign", "checked"),
        ("propose", "proposed"),
        ("confirm", "judged"),
        ("handle", "handled"),
        ("recheck", "rechecked"),
        ("close", "closed"),
    ]


def test_without_the_sample_it_is_closed_at_once(
    team: Team, villages: list[int], never_sampled: None
) -> None:
    finding = judged(team, villages[0], "not_true")

    assert services.close_finding(by=team.county, pk=finding.pk).state == State.CLOSED


def test_one_person_alone_is_no_home_check(team: Team, villages: list[int]) -> None:
    pk = first(villages[0]).pk
    services.dispatch_finding(by=team.county, pk=pk, area=villages[0])
    services.record_home_check(by=team.cadre, pk=pk, on=ON, note="Seen", statement="So it is")

    with pytest.raises(OwnEntryError):
        services.sign_home_check(by=team.cadre, pk=pk)

    assert Finding.objects.get(pk=pk).state == State.DISPATCHED


def test_nobody_confirms_what_they_proposed(team: Team, villages: list[int]) -> None:
    village = villages[0]
    both = somebody(Role.TOWNSHIP, township_of(village), "both")
    also = type(both)(both.id, both.name, (*both.held, *team.county.held))
    scope.apply(Scope.of_areas([str(county_of(village))]))
    pk = checked(team, village).pk
    services.propose_verdict(by=also, pk=pk, verdict="true")

    with pytest.raises(OwnEntryError):
        services.confirm_verdict(by=also, pk=pk)


@pytest.mark.parametrize("role", ["cadre", "township"])
def test_only_the_county_confirms(role: str, team: Team, villages: list[int]) -> None:
    pk = checked(team, villages[0]).pk
    services.propose_verdict(by=team.township, pk=pk, verdict="true")

    with pytest.raises(PermissionDenied):
        services.confirm_verdict(by=getattr(team, role), pk=pk)


def test_a_lawful_exception_names_one_of_the_lawful_explanations(
    team: Team, villages: list[int]
) -> None:
    finding = checked(team, villages[0])
    lawful = packs.explanations(finding.rule)[0].en

    with pytest.raises(MoveError):
        services.propose_verdict(
            by=team.township, pk=finding.pk, verdict="lawful_exception", explanation="a friend"
        )
    services.propose_verdict(
        by=team.township, pk=finding.pk, verdict="lawful_exception", explanation=lawful
    )
    told = services.confirm_verdict(by=team.county, pk=finding.pk)

    assert (told.verdict, told.explanation) == ("lawful_exception", lawful)


def test_taking_off_the_register_is_proposed_and_somebody_else_accepts_it(
    team: Team, villages: list[int]
) -> None:
    finding = judged(team, villages[0])
    homes = Household.objects.filter(household_id=finding.household_id, period=PERIOD)
    homes.update(is_registered=True)

    with pytest.raises(PermissionDenied):
        handling.handle_finding(by=team.cadre, pk=finding.pk, handling="remove", note="Because")
    handling.handle_finding(by=team.township, pk=finding.pk, handling="remove", note="Has a car")

    change = Change.objects.get(household_id=finding.household_id)
    assert homes.filter(is_registered=True).exists()
    changes.accept(by=team.county, change=change)
    assert homes.filter(is_registered=False).exists()


def test_taking_back_onto_the_register_is_the_countys_decision(
    team: Team, villages: list[int]
) -> None:
    finding = judged(team, villages[0])
    homes = Household.objects.filter(household_id=finding.household_id, period=PERIOD)
    homes.update(exit_status="exited")

    with pytest.raises(PermissionDenied):
        handling.handle_finding(
            by=team.township, pk=finding.pk, handling="reregister", note="Was wrong"
        )
    handling.handle_finding(by=team.county, pk=finding.pk, handling="reregister", note="Was wrong")

    assert homes.filter(exit_status="not_exited").exists()


def test_after_a_data_error_no_status_changes(team: Team, villages: list[int]) -> None:
    finding = judged(team, villages[0], "data_error")

    assert not {"remove", "add", "reregister"} & set(handling.open_to(team.county, finding))
    with pytest.raises(MoveError):
        handling.handle_finding(by=team.county, pk=finding.pk, handling="reregister", note="Why")


def test_who_took_part_does_not_check_again(
    team: Team, villages: list[int], always_sampled: None
) -> None:
    pk = judged(team, villages[0]).pk
    handling.handle_finding(by=team.county, pk=pk, handling="deliver", note="Done")

    for by in (team.second, team.township, team.county):
        with pytest.raises(OwnEntryError):
            services.recheck_finding(by=by, pk=pk, holds=True, note="Fine")
    with pytest.raises(MoveError):
        services.close_finding(by=team.county, pk=pk)


def test_what_does_not_hold_is_looked_at_again(
    team: Team, villages: list[int], always_sampled: None
) -> None:
    pk = judged(team, villages[0], "not_true").pk

    again = services.recheck_finding(by=team.colleague, pk=pk, holds=False, note="The car is there")

    assert (again.state, again.verdict, again.judged_on) == (State.DISPATCHED, "", None)


def test_an_objection_opens_a_closed_finding_and_the_old_visit_no_longer_counts(
    team: Team, villages: list[int], never_sampled: None
) -> None:
    pk = judged(team, villages[0], "not_true").pk
    services.close_finding(by=team.county, pk=pk)

    finding = services.take_objection(by=team.cadre, pk=pk, statement="It is true")

    assert (finding.state, finding.verdict) == (State.DISPATCHED, "")
    assert services.evidence_of(finding) == []
    assert HomeCheck.objects.filter(finding=finding).count() == 1
    assert "check" in possible(team.cadre, finding, [])


@pytest.mark.parametrize("before", list(State))
def test_no_act_leaves_the_moves_that_are_allowed(
    before: State, team: Team, villages: list[int]
) -> None:
    finding = first(villages[0])
    Finding.objects.filter(pk=finding.pk).update(state=before)
    acts: dict[State, Callable[[], object]] = {
        State.CHECKED: lambda: services.sign_home_check(by=team.second, pk=finding.pk),
        State.PROPOSED: lambda: services.propose_verdict(
            by=team.township, pk=finding.pk, verdict="true"
        ),
        State.JUDGED: lambda: services.confirm_verdict(by=team.county, pk=finding.pk),
        State.HANDLED: lambda: handling.handle_finding(
            by=team.county, pk=finding.pk, handling="correct", note="Done"
        ),
        State.RECHECKED: lambda: services.recheck_finding(
            by=team.colleague, pk=finding.pk, holds=True, note="Fine"
        ),
    }
    for target, act in acts.items():
        if target in MOVES[before]:
            continue
        with pytest.raises(MoveError):
            act()
    assert Finding.objects.get(pk=finding.pk).state == before


def test_all_findings_of_a_rule_are_sent_to_their_townships_once(
    team: Team, villages: list[int]
) -> None:
    county = county_of(villages[0])
    rule = first(villages[0]).rule
    new = Finding.objects.filter(rule=rule).count()

    sent = bulk.dispatch_all(
        by=team.county, area=county, rule=rule, period=PERIOD, level=Level.TOWNSHIP
    )
    again = bulk.dispatch_all(
        by=team.county, area=county, rule=rule, period=PERIOD, level=Level.TOWNSHIP
    )
    below = bulk.dispatch_all(
        by=team.township,
        area=township_of(villages[0]),
        rule=rule,
        period=PERIOD,
        level=Level.VILLAGE,
    )

    assert (sent, again) == (new, 0)
    assert below == Finding.objects.filter(assigned_area=villages[0]).count() > 0
    with pytest.raises(PermissionDenied):
        bulk.dispatch_all(
            by=team.cadre, area=villages[0], rule=rule, period=PERIOD, level=Level.VILLAGE
        )
