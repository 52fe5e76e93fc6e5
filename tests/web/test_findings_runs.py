"""A cross-check of a county: its findings on file, the same again, and what is no longer so."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun.frames.workspace import UNPLACED, Workspace
from jingzhun.run.job import Result
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.crosscheck import running, selectors
from jingzhun_web.crosscheck.models import Event, Finding, Run
from jingzhun_web.crosscheck.states import State
from jingzhun_web.jobs import services as jobs
from jingzhun_web.jobs.models import Job
from jingzhun_web.kit import scope
from jingzhun_web.kit.scope import Scope

from .findings import ON, PERIOD, Team, keep, somebody
from .people import PROVINCE, SignedIn, county_of
from .test_findings import checked, judged


def test_the_findings_on_file_are_those_of_the_engine_for_the_county(
    on_file: Run, computed: Result, villages: list[int]
) -> None:
    code = str(county_of(villages[0]))[:6]
    by_county = computed.summary["crosscheck"]["findings"]["by_county"]
    expected = next(row["n"] for row in by_county if row["code"] == code)

    assert (
        Finding.objects.count()
        == expected
        == on_file.counts["findings"]
        == on_file.counts["opened"]
    )
    assert Event.objects.filter(act="opened", by=0).count() == expected
    assert on_file.engine_run == computed.run_id
    assert "X01" in on_file.rules


def test_the_same_cross_check_again_changes_nothing(
    on_file: Run, team: Team, province: Workspace, computed: Result, villages: list[int]
) -> None:
    finding = judged(team, villages[0])
    events = Event.objects.count()

    again = keep(province, computed, county_of(villages[0]))

    assert again.counts["changed"] == again.counts["opened"] == again.counts["withdrawn"] == 0
    scope.apply(Scope.of_areas([str(county_of(villages[0]))]))
    assert Event.objects.count() == events
    assert Finding.objects.get(pk=finding.pk).state == State.JUDGED
    assert again.quality[0]["verdicts"]["true"] == 1


def test_what_is_no_longer_found_is_withdrawn_and_keeps_its_work(
    on_file: Run,
    team: Team,
    province: Workspace,
    computed: Result,
    villages: list[int],
    tmp_path: Path,
) -> None:
    finding = checked(team, villages[0])
    others = Finding.objects.count()
    empty = Result(computed.run_id, tmp_path, computed.summary)

    later = keep(province, empty, county_of(villages[0]), ON + timedelta(days=1))

    scope.apply(Scope.of_areas([str(county_of(villages[0]))]))
    gone = Finding.objects.get(pk=finding.pk)
    assert (gone.engine_state, gone.state) == (WITHDRAWN, State.CHECKED)
    assert later.counts["withdrawn"] == others
    assert selectors.findings(selectors.Filters(period=PERIOD)).count() == 0

    keep(province, computed, county_of(villages[0]), ON + timedelta(days=1))
    scope.apply(Scope.of_areas([str(county_of(villages[0]))]))
    assert Finding.objects.get(pk=finding.pk).engine_state == "open"


def test_findings_of_an_earlier_day_do_not_replace_later_ones(
    on_file: Run, province: Workspace, computed: Result, villages: list[int]
) -> None:
    with pytest.raises(running.CrosscheckError):
        keep(province, computed, county_of(villages[0]), date(2019, 12, 1))


def test_a_part_of_a_county_is_not_cross_checked(villages: list[int]) -> None:
    with pytest.raises(running.CrosscheckError):
        running.must_be_county(villages[0])


@pytest.mark.parametrize("is_whole", [False, True])
def test_findings_whose_records_tell_no_area_are_counted_and_given_to_nobody(
    is_whole: bool,
    on_file: Run,
    sign_in: SignedIn,
    province: Workspace,
    computed: Result,
    villages: list[int],
    tmp_path: Path,
) -> None:
    county = county_of(villages[0])
    area = int(PROVINCE) if is_whole else county
    results = tmp_path / "crosscheck"
    shutil.copytree(computed.path / "crosscheck", results)
    own = pl.read_parquet(results / f"{county // 10**6}.parquet").head(3)
    nobody = pl.lit(None, pl.String)
    own.with_columns(
        pl.concat_str("finding_id", pl.lit("-nowhere")).alias("finding_id"),
        household_id=nobody,
        person_id=nobody,
        village_code=nobody,
        county_code=pl.lit(UNPLACED),
    ).write_parquet(results / f"{UNPLACED}.parquet")
    stood = Finding.objects.count()

    made = keep(province, Result(computed.run_id, tmp_path, computed.summary), area)

    scope.apply(Scope.of_areas([PROVINCE]))
    assert (made.counts["not_placed"], on_file.counts["not_placed"]) == (3, 0)
    # Of a run that is not theirs a county learns nothing.
    page = sign_in(Role.COUNTY, county).get(
        f"/findings/rules/?period={PERIOD}", headers={"Accept-Language": "en"}
    )
    assert ("records tell no area" in page.content.decode()) is not is_whole
    scope.apply(Scope.of_areas([PROVINCE]))
    assert made.counts["withdrawn"] == 0
    assert not Finding.objects.filter(finding_id__endswith="-nowhere").exists()
    assert Finding.objects.filter(area__range=scope.span(str(county))).count() == stood


def test_the_job_keeps_the_findings_of_its_county(
    undone: None, filled_home: Path, villages: list[int]
) -> None:
    county = county_of(villages[0])
    officer = somebody(Role.COUNTY, county, "officer")
    scope.apply(officer.scope)
    job = jobs.start(
        by=officer,
        kind="crosscheck",
        right=Right.RUN_JOBS,
        area=county,
        arguments={"period": PERIOD, "on": ON.isoformat()},
        key=f"{county} {PERIOD}",
    )

    jobs.perform(job.pk, officer.id)

    scope.apply(officer.scope)
    done = Job.objects.get(pk=job.pk)
    assert done.error == ""
    assert done.result is not None
    assert done.result["findings"] == Finding.objects.count() > 0
