"""A walk through every address of the platform, in every role and from several areas: nothing of outside is told.

Who walks sits in a county (own), in a village of it (child), in the prefecture around it (parent), or in the
next county (sibling). What must not be seen: numbers of households and persons, villages, and the marks that
stand in every free text of a place. Places: `walking`; people: `walkers`; the table of addresses: `walked`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.actors import actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.areas.models import Area
from jingzhun_web.kit import environment as kit_environment
from jingzhun_web.kit import scope
from jingzhun_web.registry import figures
from jingzhun_web.registry.models import Household

from .people import PROVINCE
from .walked import RULES, Address, Rule, addresses, filled
from .walkers import Answer, Viewer, World, a_client, is_in, made
from .walking import PERIOD, Place, everywhere, settle

WORD = re.compile(rb"[\w-]{5,}")
# What differs between two answers to the same question.
VARYING = re.compile(rb'(csrfmiddlewaretoken" value=|after=|cursor": ?)"?[^"&]+')
MISSING = (403, 404)
COUNTED = ("home", "households", "export", "findings", "decisions", "changes", "jobs")


@pytest.fixture(scope="module")
def world(
    province: Workspace, villages: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patched, transaction.atomic():
        patched.setenv("JINGZHUN_HOME", str(tmp_path_factory.mktemp("walk")))
        kit_environment.environment.cache_clear()
        # The walk tells of each fault itself.
        patched.setattr(logging.getLogger("django.request"), "disabled", True)
        everywhere()
        yield made(villages)
        transaction.set_rollback(True)
    kit_environment.environment.cache_clear()


# -- the walk -------------------------------------------------------------------------------------


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    known = {found.name: found for found in addresses()}

    without = [found for name, found in known.items() if name not in RULES]
    wrong = [
        name
        for name, rule in RULES.items()
        if name in known and not rule.skip and set(rule.arguments) != known[name].parameters
    ]

    assert without == [], "add a line to RULES in tests/web/walked.py for each of these"
    assert wrong == [], "the parameters of these addresses differ from their line in RULES"
    assert sorted(set(RULES) - set(known)) == [], "these lines of RULES have no address any more"


def test_no_answer_tells_of_what_lies_outside(world: World) -> None:
    faults: list[str] = []
    for viewer in world.viewers:
        leaking = _words_outside(world, viewer)
        for address, rule in _walkable():
            for method, url, sent, must in _questions(world, viewer, address, rule):
                answer = viewer.ask(address.name, method, url, sent)
                fault = _fault(answer, must) or _leak(answer, url, sent, leaking, rule)
                if fault:
                    who = f"{viewer.role or 'nobody'} {viewer.relation}"
                    faults.append(f"{who}: {method} {address.name} {sent or ''}: {fault}")

    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


def _walkable() -> list[tuple[Address, Rule]]:
    found = [(address, RULES.get(address.name, Rule(skip="no rule"))) for address in addresses()]
    return [(address, rule) for address, rule in found if not rule.skip]


Question = tuple[str, str, dict[str, Any], tuple[int, ...]]


def _questions(world: World, viewer: Viewer, address: Address, rule: Rule) -> Iterator[Question]:
    """Method, address, what is sent, and the statuses that are right (empty: any that is no error of ours)."""
    inside, outside = world.inside(viewer), world.outside(viewer)
    foreign = reverse(address.name, kwargs=filled(rule.arguments, outside))
    is_foreign = foreign != reverse(address.name, kwargs=filled(rule.arguments, inside or outside))
    is_told, needed = not (rule.is_public or rule.is_silent), filled(rule.needed, outside)
    must = MISSING if viewer.role and is_foreign and is_told else ()
    if inside is not None and is_foreign:
        yield "GET", reverse(address.name, kwargs=filled(rule.arguments, inside)), needed, ()
    # An address that takes no GET says so before it looks for anything.
    yield "GET", foreign, needed, (*must, 405) if must else ()
    if rule.asked:
        yield "GET", foreign, filled(rule.asked, outside), ()
    if is_foreign or rule.posted:
        # Programs are told what is wrong with a body before anything is looked for.
        right = (*must, 405, 422) if address.name.startswith("api:") else (*must, 405)
        yield "POST", foreign, filled(rule.posted, outside), right if must else ()


def _fault(answer: Answer, must: tuple[int, ...]) -> str:
    if answer.status >= 500 or (must and answer.status not in must):
        return f"status {answer.status} {answer.raised}"
    return ""


def _words_outside(world: World, viewer: Viewer) -> tuple[frozenset[bytes], list[bytes]]:
    """Words that tell of villages outside, and names of these that no village inside bears."""
    out = [area for area in world.secrets if not viewer.contains(area)]
    words = frozenset(word for area in out for word in world.secrets[area])
    everywhere()
    known = Area.objects.values_list("code", "name")
    own = {name for code, name in known if viewer.contains(code)}
    names = {world.names[area] for area in out if area in world.names} - own
    return words, [name.encode() for name in names]


def _leak(
    answer: Answer,
    url: str,
    sent: dict[str, Any],
    leaking: tuple[frozenset[bytes], list[bytes]],
    rule: Rule,
) -> str:
    """What an answer tells of outside. What was asked for may be repeated, but not as a link to it."""
    content, asked = answer.content, f"{url} {sent}".encode()
    words, names = leaking
    told = (set(WORD.findall(content)) & words) - set(WORD.findall(asked))
    # A page may repeat what was asked for, but not lead to it.
    named = words & set(WORD.findall(asked)) - set(WORD.findall(url.encode()))
    told |= {word for word in named if b"/" + word + b"/" in content}
    if rule.is_public:
        told = {word for word in told if not (word.isdigit() and len(word) == scope.DIGITS)}
    else:
        told |= {name for name in names if name in content}
    return f"tells {sorted(word.decode() for word in told)[:3]}" if told else ""


# -- counts ---------------------------------------------------------------------------------------


def test_no_answer_depends_on_what_lies_outside(world: World) -> None:
    """Counts, totals, charts: asked again after much was added outside, every address answers the same."""
    walkers = [
        viewer
        for viewer in world.viewers
        if viewer.relation in ("own", "child") and viewer.role in (Role.COUNTY, Role.ANALYST)
    ]
    first, second = (_answers(world, walkers) for _ in range(2))
    with transaction.atomic():
        everywhere()
        _grow(world.beside)
        _grow(world.elsewhere)
        third = _answers(world, walkers)
        transaction.set_rollback(True)

    last = _answers(world, walkers)
    # Some answers never are the same: they tell the time, or what the walk itself did.
    steady = {found for found in first if first[found] == second[found] == last[found]}
    assert {question[2] for question in steady} >= set(COUNTED)
    assert [question for question in sorted(steady) if third[question] != first[question]] == []


def _answers(world: World, walkers: list[Viewer]) -> dict[tuple[str, str, str], bytes]:
    found = {}
    for viewer in walkers:
        inside = world.inside(viewer)
        assert inside is not None
        for address, rule in _walkable():
            if not rule.is_public:
                url = reverse(address.name, kwargs=filled(rule.arguments, inside))
                sent = filled(rule.needed, inside)
                content = viewer.ask(address.name, "GET", url, sent).content
                key = (str(viewer.role), viewer.relation, address.name)
                found[key] = VARYING.sub(b"", content)
    return found


def _grow(place: Place) -> None:
    """Many more households in a place, each with one of everything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_household (household_id, period, village_code, area, version, source,"
            " exit_status, main_cause) SELECT household_id || '-' || n, period, village_code, area, 1, '',"
            " exit_status, main_cause FROM registry_household, generate_series(1, 60) n WHERE area = %s",
            [place.village],
        )
        cursor.execute(
            "INSERT INTO registry_person (person_id, household_id, period, area, source)"
            " SELECT person_id || '-' || n, household_id || '-' || n, period, area, ''"
            " FROM registry_person, generate_series(1, 60) n WHERE area = %s",
            [place.village],
        )
    for number in (1, 2):
        more = Household.objects.get(household_id=f"{place.household_id}-{number}", period=PERIOD)
        settle(more, mark=f"more{number}")


@pytest.fixture(scope="module")
def analyst(world: World) -> tuple[User, Client]:
    everywhere()
    user = User.objects.create(username="counts", display_name="counts", area=int(PROVINCE))
    client = a_client()
    client.force_login(user)
    return user, client


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_any_scope_list_export_figures_and_raw_sql_count_the_same(
    data: st.DataObject, world: World, villages: list[int], analyst: tuple[User, Client]
) -> None:
    user, client = analyst
    levels = st.sampled_from([10**10, 10**8, 10**6, 10**3, 1])
    places = st.builds(lambda v, unit: v // unit * unit, st.sampled_from(villages), levels)
    granted = data.draw(st.sets(places, max_size=4))
    everywhere()
    Grant.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    # A role in a village without households: its holder opens the pages, and finds nobody.
    for area in granted | {620000000001}:
        Grant.objects.create(user=user, role=Role.ANALYST, area=area, given_by=0)
    expected = sum(any(is_in(v, area) for area in granted) for v in _homes())

    assert len(_listed(client)) == expected
    assert _exported(client) == expected
    scope.apply(actor_of(user, on=timezone.localdate()).scope)
    assert _raw_count() == expected
    sums = figures.sums_below(PROVINCE, PERIOD, 12)
    assert sum(found["on_file"] for found in sums.values()) == expected


def _homes() -> list[int]:
    everywhere()
    return list(Household.objects.filter(period=PERIOD).values_list("area", flat=True))


def _raw_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_household WHERE period = %s", [PERIOD])
        return int(cursor.fetchone()[0])


def _listed(client: Client) -> set[str]:
    """Every household of the list, page after page."""
    found: set[str] = set()
    address = "/households/"
    while address:
        page = client.get(address).content.decode()
        found |= set(re.findall(r'href="/households/([^/"]+)/\d{4}/"', page))
        more = re.search(r'hx-get="([^"]*after=[^"]+)"|href="([^"]*after=[^"]+)"', page)
        query = (more[1] or more[2]).split("?")[1].replace("&amp;", "&") if more else ""
        address = f"/households/?{query}" if query else ""
    return found


def _exported(client: Client) -> int:
    lines = b"".join(client.get("/households/export.csv")).decode("utf-8-sig").splitlines()
    told = re.match(r"# rows: (\d+)", lines[-1])
    assert told is not None
    assert len(lines) - 2 == int(told[1])
    return int(told[1])


def test_the_walk_knows_every_role() -> None:
    assert {role for role in Role if RIGHTS[role]} == set(Role)
    assert {right for role in Role for right in RIGHTS[role]} == set(Right)
