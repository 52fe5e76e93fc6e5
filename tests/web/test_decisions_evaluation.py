"""An evaluation judges the archives of an area once, and says of each household why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.actors import Actor, Held
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Role
from jingzhun_web.evaluate import explaining, selectors
from jingzhun_web.evaluate import services as evaluating
from jingzhun_web.evaluate.models import AreaVerdict, EvaluationRun
from jingzhun_web.exchange import store
from jingzhun_web.jobs import services as jobs
from jingzhun_web.jobs.models import Job, State
from jingzhun_web.kit import scope
from jingzhun_web.kit.environment import environment
from jingzhun_web.registry.models import Household, Verdict
from jingzhun_web.registry.narrowing import STRICTER

from .people import PROVINCE, SignedIn, county_of

ON = date(2019, 12, 31)
PERIOD = 2019


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, province: Workspace) -> Path:
    """A home of the platform of this test's own, with what other departments delivered."""
    here = environment().model_copy(update={"home": tmp_path})
    monkeypatch.setattr(store, "environment", lambda: here)
    store.fill_from(province, on=ON)
    return tmp_path


@pytest.fixture
def officer(undone: None, villages: list[int]) -> Actor:
    county = county_of(villages[0])
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.create(username="evaluates", display_name="invented", area=county)
    Grant.objects.create(user=user, role=Role.COUNTY, area=county, given_by=0)
    actor = Actor(user.pk, "invented", (Held(Role.COUNTY, f"{county:012d}"),))
    scope.apply(actor.scope)
    return actor


def evaluated(officer: Actor, area: int) -> Job:
    job = evaluating.start_evaluation(by=officer, area=area, period=PERIOD, on=ON)
    jobs.perform(job.pk, officer.id)
    scope.apply(officer.scope)
    job.refresh_from_db()
    return job


def test_every_household_gets_a_verdict_by_each_profile_and_the_stricter_one(
    home: Path, officer: Actor, villages: list[int]
) -> None:
    county = county_of(villages[0])

    job = evaluated(officer, county)

    assert job.state == State.DONE, job.error
    households = set(Household.objects.values_list("household_id", flat=True))
    for profile in ("paper-weighted", "gansu-2018", STRICTER):
        judged = Verdict.objects.filter(profile=profile).values_list("household_id", flat=True)
        assert sorted(judged) == sorted(households)
    run = EvaluationRun.objects.get()
    assert run.snapshot_id
    assert run.pack_version
    assert run.engine_version


def test_the_stricter_outcome_is_the_worst_of_those_that_count(
    home: Path, officer: Actor, villages: list[int]
) -> None:
    evaluated(officer, county_of(villages[0]))

    order = ["failed", "not_assessable", "passed"]
    for verdict in Verdict.objects.filter(profile=STRICTER):
        outcomes = Verdict.objects.filter(
            household_id=verdict.household_id, profile__in=("paper-weighted", "gansu-2018")
        ).values_list("outcome", flat=True)
        assert verdict.outcome == min(outcomes, key=order.index)


def test_the_same_evaluation_again_changes_nothing(
    home: Path, officer: Actor, villages: list[int]
) -> None:
    county = county_of(villages[0])
    evaluated(officer, county)
    before = list(Verdict.objects.order_by("pk").values_list("pk", "outcome", "run_id"))

    evaluated(officer, county)

    assert list(Verdict.objects.order_by("pk").values_list("pk", "outcome", "run_id")) == before
    assert EvaluationRun.objects.count() == 1


def test_a_county_sees_the_run_of_the_province_that_judged_it_with_its_own_counts_only(
    home: Path, undone: None, villages: list[int], sign_in: SignedIn
) -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.create(username="above", display_name="invented", area=int(PROVINCE))
    Grant.objects.create(user=user, role=Role.ANALYST, area=int(PROVINCE), given_by=0)
    analyst = Actor(user.pk, "invented", (Held(Role.ANALYST, PROVINCE),))
    scope.apply(analyst.scope)
    job = evaluated(analyst, int(PROVINCE))
    assert job.state == State.DONE, job.error
    (whole,) = selectors.runs()
    county = county_of(villages[0])

    scope.apply(scope.Scope.of_areas([f"{county:012d}"]))
    (own,) = selectors.runs()
    judged = Verdict.objects.filter(profile=STRICTER)
    expected: dict[str, int] = {}
    for verdict in judged:
        expected[verdict.outcome] = expected.get(verdict.outcome, 0) + 1
    client = sign_in(Role.COUNTY, county)
    page = client.get("/decisions/runs/").content.decode()

    assert (own.area, own.run_id, own.on) == (county, whole.run_id, whole.on)
    assert own.counts[STRICTER] == expected
    assert sum(expected.values()) < sum(whole.counts[STRICTER].values())
    assert f"/decisions/runs/{own.pk}/" in page
    assert client.get(f"/decisions/runs/{whole.pk}/").status_code == 404


def test_a_village_is_judged_with_its_county_but_a_county_never_by_a_village(
    home: Path, officer: Actor, villages: list[int]
) -> None:
    evaluated(officer, villages[0])

    assert set(AreaVerdict.objects.values_list("area", flat=True)) == {villages[0]}

    evaluated(officer, county_of(villages[0]))

    assert AreaVerdict.objects.filter(profile="gansu-2018-county").count() == 1


def test_the_explanation_agrees_with_the_verdict_and_says_what_would_change_it(
    home: Path, officer: Actor, villages: list[int]
) -> None:
    evaluated(officer, county_of(villages[0]))

    for row in Household.objects.all()[:10]:
        outcomes = {v.profile: v.outcome for v in selectors.verdicts(row.household_id, PERIOD)}
        for told in explaining.explained(row, on=ON):
            assert told.data["outcome"] == outcomes[told.profile]
            assert told.data["text"]["en"]
            assert told.data["text"]["zh"]


def test_pages_show_the_run_the_household_with_its_reasons_and_the_exit_sheets(
    home: Path, officer: Actor, villages: list[int], sign_in: SignedIn
) -> None:
    county = county_of(villages[0])
    evaluated(officer, county)
    run, row = EvaluationRun.objects.get(), Household.objects.order_by("household_id").first()
    assert row is not None
    client = sign_in(Role.COUNTY, county)

    pages = {
        name: client.get(f"/decisions/{name}")
        for name in (
            "runs/",
            f"runs/{run.pk}/",
            f"households/{row.household_id}/{PERIOD}/",
            "sheets/",
            f"sheets/{county}/{PERIOD}/",
            f"sheets/{villages[0]}/{PERIOD}/",
        )
    }

    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)
    words = pages[f"households/{row.household_id}/{PERIOD}/"].content.decode()
    assert "农户可以提出异议" in words
    assert "默认值" in words


def test_whoever_may_starts_an_evaluation_of_their_own_area_only(
    home: Path, villages: list[int], sign_in: SignedIn
) -> None:
    county = county_of(villages[0])
    elsewhere = next(v for v in villages if county_of(v) != county)
    client = sign_in(Role.COUNTY, county)
    given = {"period": PERIOD, "on": ON.isoformat()}

    started = client.post("/decisions/runs/", {**given, "area": county})
    refused = client.post("/decisions/runs/", {**given, "area": elsewhere})
    unclear = client.post("/decisions/runs/", {**given, "area": "somewhere"})

    assert started.status_code == 302
    assert started["Location"].startswith("/jobs/")
    assert refused.status_code == 422
    assert unclear.status_code == 422


def test_a_household_of_another_area_has_no_evaluation_page(
    home: Path, villages: list[int], sign_in: SignedIn
) -> None:
    elsewhere = next(v for v in villages if v // 10**6 != villages[0] // 10**6)
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    stranger = Household.objects.filter(area=elsewhere).first()
    assert stranger is not None
    client = sign_in(Role.VILLAGE, villages[0])

    address = f"/decisions/households/{stranger.household_id}/{PERIOD}/"

    assert client.get(address).status_code == 404
    assert client.post(f"{address}exit/", {"reason": "invented"}).status_code == 404
