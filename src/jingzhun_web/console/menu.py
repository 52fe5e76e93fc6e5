"""The menu: declared once; each entry is shown to those who hold one of its rights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.roles import Right


@dataclass(frozen=True)
class Entry:
    """A page that the menu leads to."""

    address: str
    """Name of the address, as in `urls`."""
    label: str | Promise
    rights: frozenset[Right]

    @cached_property
    def href(self) -> str:
        """The address itself; the same in every language."""
        return reverse(self.address)


def _entry(address: str, label: str | Promise, *rights: Right) -> Entry:
    return Entry(address, label, frozenset(rights))


MENU: tuple[Entry, ...] = (
    _entry("home", _("Overview"), Right.SEE_FIGURES),
    _entry("households", _("Archives"), Right.SEE_ARCHIVES),
    _entry(
        "changes", _("Changes"), Right.PROPOSE_CHANGES, Right.REVIEW_CHANGES, Right.APPROVE_CHANGES
    ),
    _entry("findings", _("Findings"), Right.SEE_ARCHIVES),
    _entry("decisions", _("Decisions"), Right.SEE_ARCHIVES),
    _entry("imports", _("Imports"), Right.IMPORT),
    _entry("jobs", _("Jobs"), Right.RUN_JOBS, Right.IMPORT),
    _entry("log", _("Log"), Right.SEE_AUDIT),
    _entry("accounts", _("Accounts"), Right.MANAGE_ACCOUNTS),
    _entry("tokens", _("Tokens for programs"), *Right),
)
