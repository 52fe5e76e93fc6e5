"""Lists of archives: every filter finds what it says, and a list as a file is whole, in all three forms."""

from __future__ import annotations

import io
import re

import polars as pl
import psycopg
import pytest
from django.db import connection
from openpyxl.reader.excel import load_workbook

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.kit import scope
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry.models import Household, SavedFilter, Verdict
from jingzhun_web.registry.narrowing import STRICTER

from .archives import home_of, member_of
from .findings import ON, PERIOD
from .people import PROVINCE, SignedIn, county_of, township_of

ON_FILE = re.compile(r'href="/households/([^/"]+)/\d{4}/"')


@pytest.fixture
def home(undone: None, villages: list[int], province: Workspace) -> Household:
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    return home_of(villages[0], province.latest_period)


def listed(client: object, query: str) -> set[str]:
    text = client.get(f"/households/?{query}").content.decode()  # type: ignore[attr-defined]
    return set(ON_FILE.findall(text))


def in_village(home: Household, **fields: object) -> set[str]:
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    rows = Household.objects.filter(area=home.area, period=home.period, **fields)
    return set(rows.values_list("household_id", flat=True))


def test_name_sound_and_number_find_the_household(sign_in: SignedIn, home: Household) -> None:
    head = member_of(home)
    name = seals().open(bytes(getattr(head, "name")))  # noqa: B009
    number = seals().open(bytes(getattr(head, "document_number")))  # noqa: B009
    client = sign_in(Role.VILLAGE, home.area)

    for text in (name, number, number.lower(), home.household_id):
        assert home.household_id in listed(client, f"text={text}")
    assert listed(client, "text=nobody here") == set()


def test_status_and_cause_narrow_exactly(sign_in: SignedIn, home: Household) -> None:
    client = sign_in(Role.VILLAGE, home.area)
    for name, field in (("status", "exit_status"), ("cause", "main_cause")):
        scope.apply(scope.Scope.of_areas([PROVINCE]))
        of_village = Household.objects.filter(area=home.area, period=home.period)
        value = of_village.exclude(**{field: None}).values_list(field, flat=True)[0]
        assert listed(client, f"{name}={value}") == in_village(home, **{field: value})


def fails(home: Household, *, profile: str) -> None:
    Verdict.objects.create(
        household_id=home.household_id,
        period=home.period,
        area=home.area,
        profile=profile,
        run_id="invented",
        outcome="failed",
        detail={},
    )


def test_an_outcome_of_a_profile_narrows_exactly(sign_in: SignedIn, home: Household) -> None:
    fails(home, profile="paper-weighted")
    client = sign_in(Role.VILLAGE, home.area)

    assert listed(client, "profile=paper-weighted&outcome=failed") == {home.household_id}
    assert listed(client, "profile=paper-weighted&outcome=passed") == set()
    # Without a profile the stricter one of those that count is meant, which has said nothing of anybody.
    assert listed(client, "outcome=failed") == set()
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    fails(home, profile=STRICTER)
    assert listed(client, "outcome=failed") == {home.household_id}


def test_a_finding_narrows_until_it_is_withdrawn(sign_in: SignedIn, home: Household) -> None:
    finding = found_at(home)
    client = sign_in(Role.VILLAGE, home.area)
    assert listed(client, "finding=open") == {home.household_id}
    assert listed(client, f"finding={finding.rule}") == {home.household_id}

    scope.apply(scope.Scope.of_areas([PROVINCE]))
    Finding.objects.filter(pk=finding.pk).update(engine_state="withdrawn")
    assert listed(client, "finding=open") == set()


def test_a_household_that_moved_is_still_found_by_its_finding(
    sign_in: SignedIn, home: Household, villages: list[int]
) -> None:
    """The sums that say where to look know the village of the finding, not where the household went."""
    finding = found_at(home)
    elsewhere = next(v for v in villages if v != home.area)
    Household.objects.filter(pk=home.pk).update(area=elsewhere)
    client = sign_in(Role.ANALYST, int(PROVINCE))

    assert listed(client, "finding=open") == {home.household_id}
    assert listed(client, f"finding={finding.rule}") == {home.household_id}


def test_where_a_household_moved_to_is_told_in_that_area_only(
    raw: psycopg.Connection, home: Household, villages: list[int]
) -> None:
    elsewhere = next(v for v in villages if county_of(v) != county_of(home.area))
    Household.objects.filter(pk=home.pk).update(area=elsewhere)
    with connection.cursor() as cursor:
        for area, told in ((elsewhere, [(elsewhere, home.household_id)]), (home.area, [])):
            scope.apply(scope.Scope.of_areas([str(area)]))
            cursor.execute("SELECT area, household_id FROM registry_moved")
            assert cursor.fetchall() == told
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("INSERT INTO registry_moved VALUES (2019, 1, 'x')")


def found_at(home: Household) -> Finding:
    return Finding.objects.create(
        finding_id="invented",
        period=PERIOD,
        area=home.area,
        rule="X01",
        kind="invented",
        severity="high",
        rank=1,
        household_id=home.household_id,
        subject_id=home.household_id,
        county_code=str(county_of(home.area)),
        record_ids=[],
        link_band="id",
        compared="{}",
        message_en="invented",
        message_zh="invented",
        verdict_path="",
        deadline=ON,
        evidence_hash="invented",
        parameter_date=ON,
        data_hash="invented",
        engine_version="0",
        pack_hash="invented",
        engine_state="open",
        first_on=ON,
        last_on=ON,
        due=ON,
        state="found",
    )


def test_a_filter_is_kept_for_its_owner_without_the_searched_text(
    sign_in: SignedIn, home: Household
) -> None:
    mine = sign_in(Role.VILLAGE, home.area, "mine")
    other = sign_in(Role.VILLAGE, home.area, "other")
    mine.post(
        "/saved-filters/", {"name": "invented filter", "query": "status=exited&text=invented"}
    )

    assert "invented filter" in mine.get("/households/").content.decode()
    assert "?status=exited" in mine.get("/households/").content.decode()
    assert "invented filter" not in other.get("/households/").content.decode()
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    assert not SavedFilter.objects.exists()


def test_a_kept_filter_can_be_dropped_by_its_owner_only(sign_in: SignedIn, home: Household) -> None:
    mine = sign_in(Role.VILLAGE, home.area, "mine")
    other = sign_in(Role.VILLAGE, home.area, "other")
    mine.post("/saved-filters/", {"name": "invented filter", "query": "status=exited"})
    drop = re.search(r"/saved-filters/\d+/drop/", mine.get("/households/").content.decode())
    assert drop is not None

    other.post(drop[0])
    assert "invented filter" in mine.get("/households/").content.decode()
    mine.post(drop[0])
    assert "invented filter" not in mine.get("/households/").content.decode()


@pytest.mark.parametrize("role", [r for r in Role if Right.EXPORT in RIGHTS[r]])
def test_all_three_forms_hold_the_whole_list_and_the_same_checksum(
    role: Role, sign_in: SignedIn, home: Household
) -> None:
    client = sign_in(role, county_of(home.area))
    data = {form: b"".join(client.get(f"/households/export.{form}")) for form in FORMS}
    scope.apply(scope.Scope.of_areas([f"{county_of(home.area):012d}"]))
    expected = Household.objects.filter(period=home.period).count()

    lines = data["csv"].decode("utf-8-sig").splitlines()
    count, checksum = re.fullmatch(r"# rows: (\d+),sha256: ([0-9a-f]{64})", lines[-1]).groups()  # type: ignore[union-attr]
    book = load_workbook(io.BytesIO(data["xlsx"]))  # type: ignore[no-untyped-call]
    table = pl.read_parquet(io.BytesIO(data["parquet"]))
    told = pl.read_parquet_metadata(io.BytesIO(data["parquet"]))
    last = dict(book["checksum"].values)

    assert int(count) == expected == len(lines) - 2 == table.height
    assert book.worksheets[0].max_row == expected + 1
    assert int(last["jingzhun.rows"]) == int(told["jingzhun.rows"]) == expected
    assert last["jingzhun.sha256"] == told["jingzhun.sha256"] == checksum
    assert ("head_name" in table.columns) == (Right.SEE_NAMES in RIGHTS[role])


FORMS = ("csv", "xlsx", "parquet")


def test_an_export_is_in_the_log_with_its_number_of_rows(
    sign_in: SignedIn, home: Household
) -> None:
    client = sign_in(Role.COUNTY, county_of(home.area))
    b"".join(client.get(f"/households/export.csv?area={home.area}"))
    entry = Entry.objects.filter(act="export_finished").latest("id")

    assert entry.detail["rows"] == len(in_village(home))
    assert client.get("/households/export.exe").status_code == 404


def test_who_sees_no_names_can_not_ask_for_them_either(sign_in: SignedIn, home: Household) -> None:
    head = member_of(home)
    name = seals().open(bytes(getattr(head, "name")))  # noqa: B009
    number = seals().open(bytes(getattr(head, "document_number")))  # noqa: B009
    for role in (Role.ANALYST, Role.AUDITOR):
        client = sign_in(role, int(PROVINCE))
        assert home.household_id in listed(client, f"text={home.household_id}")
        for text in (name, number):
            assert listed(client, f"text={text}") == set()


def test_an_export_holds_only_areas_where_exporting_is_allowed(
    sign_in: SignedIn, home: Household, villages: list[int]
) -> None:
    elsewhere = next(
        village for village in villages if township_of(village) != township_of(home.area)
    )
    client = sign_in(Role.VILLAGE, home.area, "two places")
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    user = User.objects.get(username="two places")
    Grant.objects.create(user=user, role=Role.TOWNSHIP, area=township_of(elsewhere), given_by=0)

    text = b"".join(client.get(f"/households/export.csv?period={home.period}")).decode("utf-8-sig")

    assert home.household_id in listed(client, f"text={home.household_id}")
    assert home.household_id not in text
    scope.apply(scope.Scope.of_areas([f"{township_of(elsewhere):012d}"]))
    assert f"# rows: {Household.objects.filter(period=home.period).count()}," in text
