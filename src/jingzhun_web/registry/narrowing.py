"""Groups of households that figures count and lists narrow to: declared once, so that the two can't differ."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import RawSQL

from jingzhun.standard import schema

EXITED = ("exited", "exited_no_policy", "exited_policy")
REGISTERED = ~Q(is_registered=False)
"""Not known counts as registered: a household on file is registered until somebody says otherwise."""

GROUPS: Mapping[str, Q] = {
    "registered": REGISTERED,
    "exited": REGISTERED & Q(exit_status__in=EXITED),
    "not_exited": REGISTERED & Q(exit_status="not_exited"),
    "pre_exit": REGISTERED & Q(exit_status="pre_exit"),
    "returned": REGISTERED & Q(exit_status="returned"),
    "exited_this_year": REGISTERED & Q(exit_status__in=EXITED, exit_year=F("period")),
}

KEY_FIELDS = (
    "household_attribute",
    "main_cause",
    "exit_status",
    "identified_date",
    "persons_year_end",
    "housing_grade",
    "is_dangerous_house",
    "has_safe_water",
    "has_sanitary_toilet",
    "cultivated_mu",
)
"""Fields without which most questions about a household have no answer."""

STRICTER = "stricter"
"""Stands for a profile where the outcome that counts is told: the stricter of those that count."""

INCOME_GROUPS = ("wage", "business", "property", "transfer", "expense")


def income_items(group: str) -> list[str]:
    """Columns of a group of income (yuan a year) in the data standard."""
    return [c.name for c in schema.table("households").columns if c.income_group == group]


def is_known(name: str) -> Q:
    """Whether a key field is known, or at least one item of an income group."""
    columns = income_items(name) if name in INCOME_GROUPS else [name]
    condition = Q()
    for column in columns:
        condition |= Q(**{f"{column}__isnull": False})
    return condition


def condition(*, period: int, group: str = "", known: str = "", unknown: str = "") -> Q:
    """What a list of a period is narrowed to; empty names and names that are none do not narrow."""
    found = GROUPS.get(group, Q())
    if known in KEY_FIELDS or known in INCOME_GROUPS:
        found &= is_known(known)
    if unknown in KEY_FIELDS or unknown in INCOME_GROUPS:
        found &= ~is_known(unknown) & _in_villages(unknown, period, only_registered=group in GROUPS)
    return found


def _in_villages(name: str, period: int, *, only_registered: bool) -> Q:
    """Villages where something is not known of a household, by their sums: few rows instead of all of a province.

    The sums are those of registered households; else villages with others have to be looked into too.
    """
    some = f"known_{name} < registered" if name in INCOME_GROUPS else f"unknown_{name} > 0"
    others = "" if only_registered else " OR on_file > registered"
    return in_villages(
        f"SELECT area FROM registry_village_figures WHERE period = %s AND ({some}{others})",  # noqa: S608
        period,
    )


def in_villages(statement: str, *values: object) -> Q:
    """Households of the villages that a statement selects. Nothing in it may come from outside but its values.

    As an array it bounds the index of the list, and the list keeps its order.
    """
    return Q(
        Func(
            F("area"),
            RawSQL(f"ARRAY({statement})", values),  # noqa: S611
            template="%(expressions)s",
            arg_joiner=" = ANY",
            output_field=BooleanField(),
        )
    )
