"""The pages of findings: what each role is offered, what it sees, and that numbers are those of the lists."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingzhun_web.access.roles import Role
from jingzhun_web.crosscheck import packs, selectors
from jingzhun_web.crosscheck.models import Event, Finding, HomeCheck, Run
from jingzhun_web.crosscheck.states import State
from jingzhun_web.jobs.models import Job
from jingzhun_web.kit import scope
from jingzhun_web.kit.scope import Scope

from .findings import ON, PERIOD, Team, first, keep
from .people import PROVINCE, SignedIn, county_of, township_of

SHOWN = re.compile(r'href="/findings/(\d+)/"')


def listed(client: Client, query: str = "") -> list[str]:
    """Every finding of a list, page by page."""
    found: list[str] = []
    address: str | None = f"/findings/{query}"
    while address:
        page = client.get(address).content.decode()
        found += SHOWN.findall(page)
        more = re.search(r'hx-get="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else None
    return found


def see(area: int) -> None:
    scope.apply(Scope.of_areas([f"{area:012d}"]))


@pytest.fixture
def both_counties(on_file: Run, province: object, computed: object, villages: list[int]) -> int:
    """A village of another county that has findings on file too."""
    other = next(v for v in villages if county_of(v) != county_of(villages[0]))
    keep(province, computed, county_of(other))  # type: ignore[arg-type]
    return other


def test_the_whole_work_in_the_browser(
    on_file: Run, sign_in: SignedIn, villages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    village = villages[0]
    monkeypatch.setattr("jingzhun_web.crosscheck.services.is_drawn", lambda _: True)
    people = {
        "cadre": sign_in(Role.VILLAGE, village),
        "reviewer": sign_in(Role.TOWNSHIP, township_of(village)),
        "visitor": sign_in(Role.TOWNSHIP, township_of(village), "visitor"),
        "county": sign_in(Role.COUNTY, county_of(village)),
        "colleague": sign_in(Role.COUNTY, county_of(village), "colleague"),
    }
    see(county_of(village))
    finding = first(village)
    lawful = packs.explanations(finding.rule)[0].en
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("county", "dispatch", {"area": township_of(village)}),
        ("reviewer", "dispatch", {"area": village}),
        ("cadre", "take_on", {}),
        ("cadre", "check", {"on": ON, "note": "Seen at home", "statement": "It was sold"}),
        ("visitor", "sign", {}),
        ("reviewer", "propose", {"verdict": "lawful_exception", "explanation": lawful}),
        ("county", "confirm", {}),
        ("colleague", "recheck", {"holds": "yes", "note": "It is so"}),
        ("county", "close", {}),
    ]
    for who, act, given in steps:
        page = people[who].get(f"/findings/{finding.pk}/").content.decode()
        assert f"/findings/{finding.pk}/{act}/" in page, (who, act)
        answer = people[who].post(f"/findings/{finding.pk}/{act}/", given)
        assert answer.status_code == 302, (who, act)

    see(county_of(village))
    assert Finding.objects.get(pk=finding.pk).state == State.CLOSED
    assert "It was sold" in people["county"].get(f"/findings/{finding.pk}/").content.decode()


def test_a_photo_is_evidence_that_those_who_may_see_names_open(
    on_file: Run,
    sign_in: SignedIn,
    villages: list[int],
    home_folder: Path,
) -> None:
    finding = first(villages[0])
    cadre = sign_in(Role.VILLAGE, villages[0])
    county = sign_in(Role.COUNTY, county_of(villages[0]))
    auditor = sign_in(Role.AUDITOR, county_of(villages[0]))
    county.post(f"/findings/{finding.pk}/dispatch/", {"area": villages[0]})
    photo = SimpleUploadedFile("yard.jpg", b"\xff\xd8\xff invented \xff\xd9")
    given = {"on": ON, "note": "Seen at home", "statement": "It was sold", "photo": photo}

    answer = cadre.post(f"/findings/{finding.pk}/check/", given)
    page = cadre.get(f"/findings/{finding.pk}/").content.decode()
    hidden = auditor.get(f"/findings/{finding.pk}/").content.decode()

    assert answer.status_code == 302
    assert "yard.jpg" in page
    assert "yard.jpg" not in hidden


def test_a_form_that_is_filled_in_wrongly_comes_back(
    on_file: Run, sign_in: SignedIn, villages: list[int]
) -> None:
    finding = first(villages[0])
    client = sign_in(Role.COUNTY, county_of(villages[0]))
    client.post(f"/findings/{finding.pk}/dispatch/", {"area": villages[0]})

    answer = client.post(f"/findings/{finding.pk}/check/", {"note": ""})

    assert answer.status_code == 422
    assert HomeCheck.objects.count() == 0


def test_an_act_at_the_wrong_time_is_refused_in_a_sentence(
    on_file: Run, sign_in: SignedIn, villages: list[int]
) -> None:
    finding = first(villages[0])
    client = sign_in(Role.COUNTY, county_of(villages[0]))

    answer = client.post(f"/findings/{finding.pk}/confirm/", {})

    assert answer.status_code == 409
    see(county_of(villages[0]))
    assert Finding.objects.get(pk=finding.pk).state == State.FOUND


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST])
def test_who_does_not_work_on_findings_is_offered_nothing_and_reads_no_notes(
    role: Role, on_file: Run, sign_in: SignedIn, villages: list[int]
) -> None:
    finding = first(villages[0])
    HomeCheck.objects.create(
        finding=finding, area=finding.area, on=ON, first_by=1, note="SECRET1", statement="SECRET2"
    )
    Event.objects.create(finding=finding, area=finding.area, by=1, act="close", note="SECRET3")
    client = sign_in(role, county_of(villages[0]))

    page = client.get(f"/findings/{finding.pk}/").content.decode()

    assert f"/findings/{finding.pk}/" not in re.findall(r'action="([^"]+)"', page)
    assert "SECRET" not in page
    assert client.post(f"/findings/{finding.pk}/dispatch/", {}).status_code == 403


@pytest.mark.parametrize("role", [Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.AUDITOR])
def test_lists_pages_and_numbers_show_the_own_area_only(
    role: Role, both_counties: int, sign_in: SignedIn, villages: list[int]
) -> None:
    place = {Role.VILLAGE: villages[0], Role.TOWNSHIP: township_of(villages[0])}
    area = place.get(role, county_of(villages[0]))
    client = sign_in(role, area)
    see(int(PROVINCE))
    low, high = scope.span(f"{area:012d}")
    own = {str(f.pk) for f in Finding.objects.filter(area__range=(low, high))}
    stranger = first(both_counties)

    shown = listed(client, f"?period={PERIOD}")

    assert set(shown) == own
    assert len(shown) == len(own) > 0
    assert client.get(f"/findings/{stranger.pk}/").status_code == 404
    assert listed(client, f"?household_id={stranger.household_id}") == []
    assert listed(client, f"?area={county_of(both_counties)}") == []
    assert client.post(f"/findings/{stranger.pk}/take_on/").status_code in (403, 404)
    assert client.get("/findings/rules/").status_code == 200


def test_each_number_is_that_of_the_list_behind_it(
    on_file: Run, sign_in: SignedIn, villages: list[int]
) -> None:
    some = list(Finding.objects.order_by("id").values_list("pk", flat=True))
    Finding.objects.filter(pk__in=some[::3]).update(state=State.CLOSED, due="2030-01-01")
    Finding.objects.filter(pk__in=some[::4]).update(state=State.DISPATCHED)
    Finding.objects.filter(pk=some[1]).update(engine_state="withdrawn")
    client = sign_in(Role.COUNTY, county_of(villages[0]))
    page = client.get("/findings/").content.decode()

    tabs = re.findall(r'href="(\?period=[^"]+)"[^>]*>[^<]*<span class="ms-1">([\d,]+)</span>', page)

    assert len(tabs) == 4 + len(State)
    for query, number in tabs:
        assert len(listed(client, query.replace("&amp;", "&"))) == int(number.replace(",", ""))


def test_sums_are_the_numbers_of_the_lists_whatever_happened_to_the_findings(
    on_file: Run, team: Team, villages: list[int]
) -> None:
    some = list(Finding.objects.order_by("id").values_list("pk", flat=True))
    Finding.objects.filter(pk__in=some[::2]).update(state=State.JUDGED, verdict="true")
    Finding.objects.filter(pk__in=some[::5]).update(state=State.CLOSED, verdict="not_true")
    Finding.objects.filter(pk__in=some[1::5]).update(engine_state="withdrawn")
    Finding.objects.filter(pk__in=some[2::5]).update(due="2030-01-01", severity="low")
    sums_are_the_lists()


WANTED: list[dict[str, object]] = [
    {},
    {"rule": "X10"},
    {"severity": "high"},
    {"kind": "not_delivered"},
    {"state": State.CLOSED.value},
    {"state": State.FOUND.value},
    {"state": State.CLOSED.value, "is_open": True},
    {"is_open": True},
    {"is_withdrawn": True},
    {"is_withdrawn": True, "state": State.FOUND.value},
    {"is_withdrawn": True, "is_overdue": True},
    {"is_overdue": True},
    {"is_overdue": True, "severity": "low"},
    {"is_overdue": True, "state": State.FOUND.value},
    {"is_overdue": True, "is_open": True, "rule": "X10"},
]


def sums_are_the_lists(area: str = "") -> None:
    """Every number that sums give, of one's scope or an area in it, is the length of its list."""
    day = date(2029, 1, 1)
    for given in WANTED:
        filters = selectors.Filters(period=PERIOD, area=area, on=day, **given)  # type: ignore[arg-type]
        found = selectors.findings(filters)
        counts = selectors.counts(filters)
        assert selectors.total(filters) == counts["all"] == found.count(), given
        assert counts["overdue"] == found.filter(selectors.overdue(day)).count(), given
        for state in State:
            assert counts[state.value] == found.filter(state=state).count(), given
        for name in ("high", "medium", "low"):
            assert counts[f"severity_{name}"] == found.filter(severity=name).count(), given
    rows = selectors.figures(selectors.Filters(period=PERIOD, area=area, on=day))
    low, high = scope.span(area) if area else (0, 10**12)
    everything = Finding.objects.filter(period=PERIOD, area__range=(low, high))
    assert {row["rule"] for row in rows} == set(everything.values_list("rule", flat=True))
    for row in rows:
        own = everything.filter(rule=row["rule"])
        standing = own.exclude(engine_state="withdrawn")
        assert row["found"] == own.count()
        assert row["withdrawn"] == own.filter(engine_state="withdrawn").count()
        assert row["open"] == standing.exclude(state=State.CLOSED).count()
        assert row["true"] == own.filter(verdict="true").count()
        assert row["overdue"] == standing.filter(selectors.overdue(day)).count()


@pytest.mark.parametrize("size", [2, 6, 9, 12])
def test_sums_are_the_lists_for_every_level_that_looks_or_is_asked_for(
    size: int, both_counties: int, villages: list[int]
) -> None:
    areas = [str(villages[0])[:digits].ljust(12, "0") for digits in (2, 6, 9, 12)]
    scope.apply(Scope.of_areas([str(villages[0])[:size], f"{both_counties:012d}"]))

    sums_are_the_lists()
    for area in areas:
        sums_are_the_lists(area)
    scope.apply(Scope.of_areas([str(villages[0])[:size]]))
    sums_are_the_lists()


def test_sums_follow_findings_to_another_place_and_back_from_withdrawal(
    both_counties: int, province: object, computed: object, villages: list[int]
) -> None:
    see(int(PROVINCE))
    some = list(Finding.objects.order_by("id").values_list("pk", flat=True))
    Finding.objects.filter(pk__in=some[::3]).update(area=both_counties)
    Finding.objects.filter(pk__in=some[1::3]).update(engine_state="withdrawn", period=PERIOD)
    sums_are_the_lists()
    sums_are_the_lists(f"{both_counties:012d}")

    keep(province, computed, county_of(villages[0]))  # type: ignore[arg-type]

    see(int(PROVINCE))
    sums_are_the_lists()
    sums_are_the_lists(f"{villages[0]:012d}")


def test_sums_follow_findings_that_the_owner_deletes(
    owner: psycopg.Connection, on_file: Run, villages: list[int]
) -> None:
    columns = "finding_id, period, area, rule, kind, severity, rank, subject_id, household_id,"
    day = date(2019, 12, 31)
    owner.execute(
        f"INSERT INTO crosscheck_finding ({columns} person_id, county_code, village_code,"  # noqa: S608
        " record_ids, link_band, compared, message_en, message_zh, verdict_path, evidence_hash,"
        " data_hash, engine_version, pack_hash, engine_state, deadline, parameter_date, first_on,"
        " last_on, due)"
        " VALUES ('invented', 1999, %s, 'X1', 'vehicle', 'high', 1, '', '', '', '', '', '{}', '',"
        " '{}', '', '', '', '', '', '', '', 'open', %s, %s, %s, %s, %s)",
        [villages[0], *[day] * 5],
    )
    sums = "SELECT sum(state_found) FROM crosscheck_township_figures WHERE period = 1999"
    late = "SELECT sum(n) FROM crosscheck_village_due WHERE period = 1999"
    assert [owner.execute(q).fetchone() for q in (sums, late)] == [(1,), (1,)]

    owner.execute("DELETE FROM crosscheck_finding WHERE period = 1999")

    assert [owner.execute(q).fetchone() for q in (sums, late)] == [(0,), (0,)]


@pytest.mark.parametrize("table", ["village_figures", "village_due", "township_figures"])
def test_the_application_can_write_no_sum_of_findings(raw: psycopg.Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(f"UPDATE crosscheck_{table} SET period = 1")  # noqa: S608


def test_all_of_a_rule_are_sent_by_one_form(
    on_file: Run, sign_in: SignedIn, villages: list[int]
) -> None:
    rule = first(villages[0]).rule
    client = sign_in(Role.COUNTY, county_of(villages[0]))

    client.post(
        "/findings/dispatch/",
        {"area": county_of(villages[0]), "rule": rule, "level": 9, "period": PERIOD},
    )

    see(county_of(villages[0]))
    assert not Finding.objects.filter(rule=rule, state=State.FOUND).exists()


def test_a_cross_check_is_started_once_and_by_those_who_may(
    on_file: Run, sign_in: SignedIn, villages: list[int]
) -> None:
    county = county_of(villages[0])
    given = {"area": county, "period": PERIOD, "on": ON.isoformat()}
    officer = sign_in(Role.COUNTY, county)
    before = Job.objects.count()

    assert officer.get("/findings/start/").status_code == 200
    assert officer.post("/findings/start/", given).status_code == 302
    assert officer.post("/findings/start/", given).status_code == 302

    see(county)
    assert Job.objects.count() == before + 1
    cadre = sign_in(Role.VILLAGE, villages[0])
    assert cadre.post("/findings/start/", given).status_code == 403


def test_somebody_without_a_role_sees_no_findings(sign_in: SignedIn, villages: list[int]) -> None:
    client = sign_in(Role.ADMINISTRATOR, villages[0])

    for address in ("/findings/", "/findings/1/", "/findings/rules/", "/findings/start/"):
        assert client.get(address).status_code == 403


def test_before_the_first_cross_check_the_queue_says_where_findings_come_from(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.COUNTY, county_of(villages[0]))

    for language, words in (("en", "a cross-check makes them"), ("zh-CN", "数据比对后才会产生")):
        page = client.get("/findings/", HTTP_ACCEPT_LANGUAGE=language)
        assert words in page.content.decode()
