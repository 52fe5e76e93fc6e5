"""Reads of archives. Which rows there are, the database's row security decides; none is filtered here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jingzhun.standard import schema
from jingzhun_web.kit.keys import seals
from jingzhun_web.kit.scope import span
from jingzhun_web.registry import figures, identifiers
from jingzhun_web.registry.models import Household, Person, Verdict
from jingzhun_web.registry.narrowing import STRICTER, condition

LIST_ORDER = ("area", "household_id")
LISTED = (
    *("household_id", "period", "area", "village_code", "head_name", "version"),
    *("exit_status", "main_cause", "persons_year_end", "exit_year", "is_registered"),
)
"""What lists show of a household: reading all of its columns takes longer than finding the rows."""


@dataclass(frozen=True)
class Filters:
    """What a list of households is narrowed to; everything left out does not narrow."""

    period: int
    text: str = ""
    by_person: bool = False
    """Whether the text may be a person's name or document number. Only for those who see names: others could
    learn by it whether somebody they know is on file."""
    area: str = ""
    status: str = ""
    cause: str = ""
    profile: str = ""
    outcome: str = ""
    group: str = ""
    """A group that figures count, as in `narrowing.GROUPS`."""
    known: str = ""
    unknown: str = ""
    """A key field or income group that is known, or is not."""


def periods() -> list[int]:
    """Years for which there are archives in one's areas, latest first."""
    return figures.periods()


def as_listed(rows: QuerySet[Household]) -> QuerySet[Household, Any]:
    """Households as lists show them: named tuples of LISTED, read in a fraction of a model's time."""
    return rows.values_list(*LISTED, named=True)


def households(filters: Filters) -> QuerySet[Household]:
    """Households of a period that match; a text is a household number or, `by_person`, a name, its sound or a
    document number."""
    found = Household.objects.filter(
        condition(
            period=filters.period,
            group=filters.group,
            known=filters.known,
            unknown=filters.unknown,
        ),
        period=filters.period,
    )
    if filters.area:
        low, high = span(filters.area)
        found = found.filter(area__gte=low, area__lte=high)
    if filters.status:
        found = found.filter(exit_status=filters.status)
    if filters.cause:
        found = found.filter(main_cause=filters.cause)
    if filters.outcome:
        told = Verdict.objects.filter(
            household_id=OuterRef("household_id"),
            # A household that has moved has no outcome in its new village before it is evaluated anew;
            # and PostgreSQL can walk both tables in the list's order.
            area=OuterRef("area"),
            period=filters.period,
            profile=filters.profile or STRICTER,
            outcome=filters.outcome,
        )
        found = found.filter(Exists(told))
    return found.filter(household_id__in=_named(filters)) if filters.text.strip() else found


def _named(filters: Filters) -> QuerySet[Any, Any]:
    """Numbers of households that a text may mean: one set, so that PostgreSQL starts from these few rows."""
    text = filters.text.strip()
    numbered = Household.objects.filter(household_id=text, period=filters.period)
    found = numbered.order_by().values("household_id")
    if not filters.by_person:
        return found
    of_person = Q()
    for name, index in identifiers.search_indexes(text).items():
        of_person |= Q(**{name: index})
    if not of_person:
        return found
    named = Person.objects.filter(of_person, period=filters.period)
    return found.union(named.order_by().values("household_id"))


@dataclass(frozen=True)
class Archive:
    """Everything about one household in one period."""

    household: Household
    members: Sequence[Person]
    years: Sequence[int]


def archive(household_id: str, period: int) -> Archive:
    """The archive of a household. Household.DoesNotExist when there is none, or none in the scope."""
    home = Household.objects.get(household_id=household_id, period=period)
    years = Household.objects.filter(household_id=household_id).order_by("period")
    members = Person.objects.filter(household_id=household_id, period=period)
    return Archive(
        home,
        list(members.order_by("relation", "person_id")),
        list(years.values_list("period", flat=True)),
    )


def incomes(household_id: str) -> dict[int, dict[str, int | None]]:
    """Period -> income or expense item -> yuan a year (None: not known), for all years on file."""
    items = [c.name for c in schema.table("households").columns if c.income_group]
    rows = Household.objects.filter(household_id=household_id).order_by("period")
    return {row["period"]: {i: row[i] for i in items} for row in rows.values("period", *items)}


def opened(values: Iterable[Any]) -> list[str | None]:
    """Sealed values as texts."""
    open_ = seals().open
    return [None if value is None else open_(bytes(value)) for value in values]
