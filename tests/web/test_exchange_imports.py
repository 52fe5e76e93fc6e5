"""Imports: nothing outside one's areas, nothing without a second person, all or nothing, and once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.exchange import checking, services, staging, taking_over
from jingzhun_web.exchange.models import Import, State
from jingzhun_web.jobs.models import State as JobState
from jingzhun_web.kit import environment, files, scope
from jingzhun_web.registry.models import Household, Person
from jingzhun_web.registry.selectors import opened

from .intake_support import PERIOD, checked, csv, done, home, officer, report, uploaded
from .people import county_of

ON = date(2019, 12, 31)


pytestmark = pytest.mark.usefixtures("filled_home")


@pytest.fixture
def county(villages: list[int]) -> int:
    return county_of(villages[0])


@pytest.fixture
def one(undone: None, county: int) -> Actor:
    return officer("first", county)


@pytest.fixture
def two(one: Actor, county: int) -> Actor:
    made = officer("second", county)
    scope.apply(one.scope)
    return made


def first_of(village: int) -> Household:
    return Household.objects.filter(area=village).order_by("household_id")[0]


def debt(found: Household) -> Any:
    return getattr(found, "debt_yuan")  # noqa: B009


def test_new_changed_and_missing_rows_are_told_before_anything_happens(
    one: Actor, county: int, villages: list[int]
) -> None:
    known = first_of(villages[0])
    rows = [
        home("T900", villages[0], debt_yuan=5),
        home(known.household_id, villages[0], debt_yuan=77),
    ]

    batch = checked(one, uploaded(one, county, ("h.csv", csv(rows))))

    assert batch.state == State.CHECKED
    households = report(batch)["difference"]["households"]
    others = Household.objects.count() - 1
    assert households == {"new": 1, "changed": 1, "missing": others}
    assert not Household.objects.filter(household_id="T900").exists()
    change = next(d for d in checking.read_differences(batch) if d.table == "households")
    assert change.changed["debt_yuan"].to_list() == [77]
    assert change.old["debt_yuan"].to_list() == [debt(known)]


def test_a_second_person_approves_and_the_rows_are_in_the_archive_with_their_source(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    known = first_of(villages[0])
    batch = checked(
        one,
        uploaded(
            one,
            county,
            (
                "h.csv",
                csv(
                    [home("T900", villages[0]), home(known.household_id, villages[0], debt_yuan=77)]
                ),
            ),
            ("p.csv", csv([_person("TP1", "T900", "样例甲", "户主")])),
        ),
    )
    services.propose_import(by=one, batch=batch)
    scope.apply(two.scope)

    done(two, services.approve_import(by=two, batch=batch))

    batch.refresh_from_db()
    assert batch.state == State.APPLIED
    after = Household.objects.get(household_id=known.household_id)
    assert (debt(after), after.version) == (77, known.version + 1)
    assert after.source == f"import {batch.pk}"
    added = Household.objects.get(household_id="T900")
    assert opened([added.head_name]) == ["样例甲"]
    person = Person.objects.get(person_id="TP1")
    assert person.area == villages[0]
    assert not (environment.environment().home / "imports" / str(batch.pk)).exists()


def _person(number: str, household: str, name: str, relation: str) -> dict[str, object]:
    return {
        "person_id": number,
        "household_id": household,
        "period": PERIOD,
        "name": name,
        "relation": relation,
    }


def test_nobody_approves_their_own_import(one: Actor, county: int, villages: list[int]) -> None:
    batch = checked(one, uploaded(one, county, ("h.csv", csv([home("T900", villages[0])]))))
    services.propose_import(by=one, batch=batch)

    with pytest.raises(services.IntakeError):
        services.approve_import(by=one, batch=batch)


def test_the_second_person_may_not_prepare_what_they_approve(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    batch = uploaded(one, county, ("h.csv", csv([home("T900", villages[0])])))

    with pytest.raises(services.IntakeError):
        services.map_import(by=two, batch=batch, mapping=batch.mapping)


def test_rows_outside_the_importers_area_are_rejected_counted_and_can_be_downloaded(
    one: Actor, county: int, villages: list[int]
) -> None:
    elsewhere = next(village for village in villages if county_of(village) != county)
    rows = [home("T900", villages[0]), home("T901", elsewhere)]

    batch = checked(one, uploaded(one, county, ("h.csv", csv(rows))))

    reasons = report(batch)["tables"]["households"]["reasons"]
    assert reasons == [{"field": "village_code", "reason": "outside_area", "rows": 1}]
    text = files.opened(batch.parts["rejects-households"]).decode("utf-8-sig")
    assert "T901" in text
    assert "outside_area" in text


def test_the_same_file_again_changes_nothing(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    data = csv([home("T900", villages[0], debt_yuan=5)])
    _applied(one, two, uploaded(one, county, ("h.csv", data)))

    again = checked(one, uploaded(one, county, ("h.csv", data)))

    assert report(again)["difference"]["households"]["new"] == 0
    assert report(again)["difference"]["households"]["changed"] == 0
    with pytest.raises(services.IntakeError):
        services.propose_import(by=one, batch=again)


def _applied(one: Actor, two: Actor, batch: Import) -> Import:
    batch = checked(one, batch)
    services.propose_import(by=one, batch=batch)
    scope.apply(two.scope)
    done(two, services.approve_import(by=two, batch=batch))
    scope.apply(one.scope)
    batch.refresh_from_db()
    assert batch.state == State.APPLIED
    return batch


def test_the_same_files_handed_in_twice_are_one_import(
    one: Actor, county: int, villages: list[int]
) -> None:
    data = csv([home("T900", villages[0])])

    assert uploaded(one, county, ("a.csv", data)).pk == uploaded(one, county, ("b.csv", data)).pk


def test_an_archive_changed_since_the_check_asks_for_another_check(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    known = first_of(villages[0])
    rows = [home(known.household_id, villages[0], debt_yuan=77), home("T900", villages[0])]
    batch = checked(one, uploaded(one, county, ("h.csv", csv(rows))))
    services.propose_import(by=one, batch=batch)
    Household.objects.filter(pk=known.pk).update(consumption_yuan=1)
    scope.apply(two.scope)

    job = done(two, services.approve_import(by=two, batch=batch))

    batch.refresh_from_db()
    assert (job.state, batch.state) == (JobState.FAILED, State.UPLOADED)
    assert batch.note
    assert not Household.objects.filter(household_id="T900").exists()


def test_an_import_is_applied_once_however_often_its_job_runs(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    batch = checked(one, uploaded(one, county, ("h.csv", csv([home("T900", villages[0])]))))
    services.propose_import(by=one, batch=batch)
    scope.apply(two.scope)
    job = services.approve_import(by=two, batch=batch)
    done(two, job)
    job.state = JobState.WAITING
    job.save()

    done(two, job)

    assert Household.objects.filter(household_id="T900").count() == 1
    assert Household.objects.get(household_id="T900").version == 1


def test_a_household_that_moves_takes_its_members_along(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    known = first_of(villages[0])
    target = villages[0] + 1

    _applied(one, two, uploaded(one, county, ("h.csv", csv([home(known.household_id, target)]))))

    members = Person.objects.filter(household_id=known.household_id)
    assert set(members.values_list("area", flat=True)) == {target}


def test_a_file_in_gb18030_with_chinese_headers_is_understood(
    one: Actor, county: int, villages: list[int]
) -> None:
    text = f"户编号,年度,村代码,负债\nT900,{PERIOD},{villages[0]:012d},5\n"

    batch = checked(one, uploaded(one, county, ("名单.csv", text.encode("gb18030"))))

    assert report(batch)["difference"]["households"]["new"] == 1


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_parquet_and_workbooks_are_understood(
    one: Actor, county: int, villages: list[int], tmp_path: Path, kind: str
) -> None:
    rows = pl.DataFrame([home("T900", villages[0])])
    path = tmp_path / f"h.{kind}"
    if kind == "parquet":
        rows.write_parquet(path)
    else:
        rows.write_excel(path)

    batch = checked(one, uploaded(one, county, (path.name, path.read_bytes())))

    assert report(batch)["difference"]["households"]["new"] == 1


def test_a_file_that_is_no_table_is_refused_with_a_sentence(one: Actor, county: int) -> None:
    with pytest.raises(UserError):
        uploaded(one, county, ("h.csv", b"%PDF-1.7 not a table"))

    assert not Import.objects.exists()


def test_rows_of_another_year_are_refused(one: Actor, county: int, villages: list[int]) -> None:
    rows = [{**home("T900", villages[0]), "period": 2018}]
    batch = uploaded(one, county, ("h.csv", csv(rows)))

    job = done(one, services.check_import(by=one, batch=batch))

    batch.refresh_from_db()
    assert (job.state, batch.state) == (JobState.FAILED, State.UPLOADED)
    assert "2018" in batch.note


def test_an_import_is_not_seen_from_a_sibling_area(
    one: Actor, county: int, villages: list[int]
) -> None:
    uploaded(one, county, ("h.csv", csv([home("T900", villages[0])])))
    elsewhere = next(village for village in villages if county_of(village) != county)

    scope.apply(scope.Scope.of_areas([f"{county_of(elsewhere):012d}"]))

    assert not Import.objects.exists()


def test_lineage_keeps_the_row_of_the_file(one: Actor, county: int, villages: list[int]) -> None:
    batch = checked(
        one,
        uploaded(one, county, ("h.csv", csv([home("T9", villages[0]), home("T8", villages[0])]))),
    )

    rows = pl.read_parquet(files.opened(batch.parts["lineage"]))

    assert rows.filter(key="T8").to_dicts() == [
        {"table": "households", "key": "T8", "file": 0, "row": 3}
    ]


def test_the_scratch_folder_is_closed_to_others(
    one: Actor, county: int, villages: list[int]
) -> None:
    batch = checked(one, uploaded(one, county, ("h.csv", csv([home("T9", villages[0])]))))

    assert staging.folder_of(batch).stat().st_mode & 0o077 == 0
    assert taking_over.source_of(batch) == f"import {batch.pk}"
