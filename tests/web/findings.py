"""Findings of the invented province on file, and people who work on them, for the tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date

import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun.run.job import Result
from jingzhun.run.job import run as run_engine
from jingzhun_web.access.actors import Actor, actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Role
from jingzhun_web.crosscheck import running
from jingzhun_web.crosscheck.models import Finding, Run
from jingzhun_web.kit import scope

from .people import PROVINCE, county_of, township_of

PERIOD = 2019
ON = date(2020, 1, 31)


def nowhere(step: str, done: int, total: int) -> None:
    """Nobody listens."""


def keep(workspace: Workspace, result: Result, area: int, on: date = ON) -> Run:
    """The findings of an area on file, as the job keeps them."""
    asked = running.Asked(area, PERIOD, on, workspace, "snapshot of the tests")
    with scope.entered(scope.Scope.of_areas([f"{area:012d}"])):
        return running.kept(asked, result, by=0, job_id=0, tell=nowhere)


def somebody(role: Role, area: int, name: str) -> Actor:
    """An account with a role."""
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.create(username=name, display_name=name, area=area)
    Grant.objects.create(user=user, role=role, area=area, given_by=0)
    return actor_of(user, on=ON)


@dataclass(frozen=True)
class Team:
    """People of one county."""

    cadre: Actor
    second: Actor
    township: Actor
    county: Actor
    colleague: Actor


def make_team(village: int) -> Team:
    """A cadre and a reviewer's colleague who visit, a reviewer, and two county officers."""
    county, township = county_of(village), township_of(village)
    made = Team(
        somebody(Role.VILLAGE, village, "cadre"),
        somebody(Role.TOWNSHIP, township, "visitor"),
        somebody(Role.TOWNSHIP, township, "reviewer"),
        somebody(Role.COUNTY, county, "county"),
        somebody(Role.COUNTY, county, "colleague"),
    )
    scope.apply(scope.Scope.of_areas([str(county)]))
    return made


def first(village: int) -> Finding:
    """The most urgent finding of a village."""
    found = Finding.objects.filter(area=village, household_id__gt="").order_by("rank", "id").first()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def computed(province: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The engine's cross-check of the whole province, on a copy of it."""
    copy = tmp_path_factory.mktemp("crosscheck") / "province"
    shutil.copytree(province.path, copy)
    return run_engine(Workspace.open(copy), on=ON, period=PERIOD, parts=running.PARTS)


@pytest.fixture
def on_file(undone: None, province: Workspace, computed: Result, villages: list[int]) -> Run:
    """The findings of the county of the first village, on file."""
    made = keep(province, computed, county_of(villages[0]))
    scope.apply(scope.Scope.of_areas([str(county_of(villages[0]))]))
    return made


@pytest.fixture
def team(on_file: Run, villages: list[int]) -> Team:
    """People who work on the findings of the first village."""
    return make_team(villages[0])
