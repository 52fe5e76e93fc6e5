"""Members who come and go, for the tests of archives; all invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from jingzhun.standard.id_numbers import make_id
from jingzhun_web.access.actors import Actor
from jingzhun_web.kit import scope
from jingzhun_web.registry import changes
from jingzhun_web.registry.models import Change, Household, Person

from .archives import Office
from .people import PROVINCE

EVERYWHERE = scope.Scope.of_areas([PROVINCE])
WHY = "invented: seen in the household book"
NUMBER = make_id("620102", date(2016, 3, 9), 998)
COUNT = "persons_year_end"
CHILD: dict[str, Any] = {
    "name": "虚构娃",
    "sex": "2",
    "document_type": "identity",
    "document_number": NUMBER,
    "relation": "04",
    "change_reason": "newborn",
    "change_date": "2016-03-09",
}


def large_home(village: int, period: int) -> Household:
    """A household of three and more, all current, whose number of persons is right."""
    for found in Household.objects.filter(area=village, period=period).order_by("household_id"):
        rows = members(found)
        states = {getattr(row, "record_state") for row in rows}  # noqa: B009
        heads = [row for row in rows if getattr(row, "relation") == "01"]  # noqa: B009
        is_right = getattr(found, COUNT) == len(rows)
        if len(rows) >= 3 and states == {"1"} and len(heads) == 1 and is_right:
            return found
    raise AssertionError("no such household")


def members(home: Household) -> list[Person]:
    found = Person.objects.filter(household_id=home.household_id, period=home.period)
    return list(found.order_by("relation", "person_id"))


def others_of(home: Household) -> list[Person]:
    return [row for row in members(home) if getattr(row, "relation") != "01"]  # noqa: B009


def field(row: Any, name: str) -> Any:
    return getattr(row, name)


def joining(**more: object) -> dict[str, object]:
    return {f"+1/{name}": value for name, value in {**CHILD, **more}.items()}


def leaving(person: Person, **more: object) -> dict[str, object]:
    given = {"record_state": "2", "change_reason": "married_out", "change_date": "2017-05-01"}
    return {f"{person.person_id}/{name}": value for name, value in {**given, **more}.items()}


def propose(home: Household, by: Actor, fields: dict[str, object]) -> Change:
    key = {"household_id": home.household_id, "period": home.period}
    return changes.propose(by=by, fields=fields, reason=WHY, **key)  # type: ignore[arg-type]


def applied(home: Household, office: Office, fields: dict[str, object]) -> Change:
    return changes.accept(by=office.county, change=propose(home, office.township, fields))


def back(person: Person) -> dict[str, object]:
    given = {"record_state": "1", "change_reason": None, "change_date": None}
    return {f"{person.person_id}/{name}": value for name, value in given.items()}
