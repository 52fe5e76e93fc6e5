"""Who walks through every address: every role in four areas, and nobody; with what must not be told to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from jingzhun_web.access.actors import actor_of
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import RIGHTS, Role
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household, Person
from jingzhun_web.tokens.services import make_token

from .people import county_of
from .walking import PERIOD, Place, everywhere, settle


def is_in(village: int, area: int) -> bool:
    low, high = scope.span(f"{area:012d}")
    return low <= village <= high


@dataclass(frozen=True)
class Answer:
    """What came back, read to the end; `raised` where it is an error of ours."""

    status: int
    content: bytes
    raised: str


@dataclass(frozen=True)
class Viewer:
    """Somebody with a role in an area, with a session and a token; None: nobody."""

    role: Role | None
    relation: str
    area: int
    client: Client
    bearer: str = ""

    def contains(self, village: int) -> bool:
        return self.role is not None and is_in(village, self.area)

    def ask(self, address: str, method: str, url: str, given: Mapping[str, Any]) -> Answer:
        """The answer of one address, its content read to the end."""
        is_api = address.startswith("api:")
        headers = {"Authorization": f"Bearer {self.bearer}"} if is_api and self.bearer else {}
        send = self.client.get if method == "GET" else self.client.post
        more: dict[str, Any] = {"headers": headers}
        if is_api and method == "POST":
            more["content_type"] = "application/json"
        found: Any = send(url, given, **more)
        content = b"".join(found) if getattr(found, "streaming", False) else found.content
        raised = getattr(found, "exc_info", None)
        return Answer(found.status_code, content, repr(raised[1]) if raised else "")


@dataclass(frozen=True)
class World:
    """Three places and everybody who walks."""

    here: Place
    beside: Place
    elsewhere: Place
    viewers: tuple[Viewer, ...]
    secrets: Mapping[int, frozenset[bytes]]
    """Village -> words that tell of it."""
    names: Mapping[int, str]
    """Village with households -> its name."""

    def inside(self, viewer: Viewer) -> Place | None:
        return next((place for place in self.places if viewer.contains(place.village)), None)

    def outside(self, viewer: Viewer) -> Place:
        return next(place for place in self.places if not viewer.contains(place.village))

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.here, self.beside, self.elsewhere)


def made(villages: list[int]) -> World:
    here, beside, elsewhere = (settle(household) for household in _chosen(villages))
    areas = {
        "own": county_of(here.village),
        "child": here.village,
        "parent": here.village // 10**8 * 10**8,
        "sibling": county_of(beside.village),
    }
    viewers = [_viewer(role, relation, areas[relation]) for relation in areas for role in Role]
    viewers.append(Viewer(None, "nobody", 0, a_client()))
    everywhere()
    places = (here, beside, elsewhere)
    return World(*places, tuple(viewers), _secrets(places), _names(villages))


def _chosen(villages: list[int]) -> tuple[Household, Household, Household]:
    """Households of two counties of one prefecture, and of another prefecture."""
    for here in villages:
        beside = [
            v for v in villages if v // 10**8 == here // 10**8 and v // 10**6 != here // 10**6
        ]
        elsewhere = [v for v in villages if v // 10**8 != here // 10**8]
        if beside and elsewhere:
            one, two, three = (
                Household.objects.filter(area=village, period=PERIOD).order_by("pk")[0]
                for village in (here, beside[0], elsewhere[0])
            )
            return one, two, three
    raise AssertionError("the sample has no prefecture with two counties")


def a_client() -> Client:
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


def _viewer(role: Role, relation: str, area: int) -> Viewer:
    everywhere()
    user = User.objects.create(username=f"{role}.{relation}", display_name="walks", area=area)
    Grant.objects.create(user=user, role=role, area=area, given_by=0)
    client = a_client()
    client.force_login(user)
    everywhere(actor=user.pk)
    actor = actor_of(user, on=timezone.localdate())
    token = make_token(by=actor, name="walk", rights=RIGHTS[role], areas=[area], days=1)
    return Viewer(role, relation, area, client, token.secret)


def _secrets(places: tuple[Place, ...]) -> dict[int, frozenset[bytes]]:
    told: dict[int, set[bytes]] = {}
    homes = Household.objects.values_list("area", "household_id")
    people = Person.objects.values_list("area", "person_id")
    for area, word in [*homes, *people]:
        told.setdefault(area, {f"{area:012d}".encode()}).add(str(word).encode())
    for place in places:
        told[place.village].add(place.mark.encode())
    return {area: frozenset(words) for area, words in told.items()}


def _names(villages: list[int]) -> dict[int, str]:
    found = Area.objects.filter(pk__in=villages, level=Level.VILLAGE)
    return {area.code: area.name for area in found}
