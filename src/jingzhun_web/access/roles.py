"""Roles and what each may do. A role is held in an area, until a day; see `models.Grant`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """Something that may be done at all; on which rows, the database decides."""

    SEE_ARCHIVES = "see_archives"
    SEE_NAMES = "see_names"
    REVEAL_IDENTIFIERS = "reveal_identifiers"
    PROPOSE_CHANGES = "propose_changes"
    REVIEW_CHANGES = "review_changes"
    APPROVE_CHANGES = "approve_changes"
    EXPORT = "export"
    IMPORT = "import"
    RUN_JOBS = "run_jobs"
    WORK_FINDINGS = "work_findings"
    SEE_FIGURES = "see_figures"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_AUDIT = "see_audit"


class Role(models.TextChoices):
    """What somebody is in an area."""

    VILLAGE = "village", _("village cadre")
    TOWNSHIP = "township", _("township reviewer")
    COUNTY = "county", _("county officer")
    ANALYST = "analyst", _("province analyst")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("account administrator")


_SEE = frozenset({Right.SEE_ARCHIVES, Right.SEE_NAMES, Right.SEE_FIGURES})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VILLAGE: _SEE | {Right.PROPOSE_CHANGES, Right.WORK_FINDINGS, Right.REVEAL_IDENTIFIERS},
    Role.TOWNSHIP: _SEE
    | {
        Right.PROPOSE_CHANGES,
        Right.REVIEW_CHANGES,
        Right.WORK_FINDINGS,
        Right.REVEAL_IDENTIFIERS,
        Right.EXPORT,
    },
    Role.COUNTY: _SEE
    | {
        Right.PROPOSE_CHANGES,
        Right.APPROVE_CHANGES,
        Right.WORK_FINDINGS,
        Right.REVEAL_IDENTIFIERS,
        Right.EXPORT,
        Right.IMPORT,
        Right.RUN_JOBS,
    },
    # No direct identifiers: archives without names.
    Role.ANALYST: frozenset({Right.SEE_ARCHIVES, Right.SEE_FIGURES, Right.EXPORT, Right.RUN_JOBS}),
    Role.AUDITOR: frozenset({Right.SEE_ARCHIVES, Right.SEE_FIGURES, Right.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_ACCOUNTS}),
}

INCOMPATIBLE: frozenset[frozenset[Role]] = frozenset(
    {
        # Nobody checks their own work, and who makes accounts does not use them.
        frozenset({Role.AUDITOR, other})
        for other in Role
        if other is not Role.AUDITOR
    }
    | {frozenset({Role.ADMINISTRATOR, other}) for other in Role if other is not Role.ADMINISTRATOR}
    | {frozenset({Role.VILLAGE, Role.COUNTY}), frozenset({Role.TOWNSHIP, Role.COUNTY})}
    # Who looks at archives without names does not know names elsewhere: so whether somebody sees names needs
    # not be asked for every row's area.
    | {frozenset({Role.ANALYST, named}) for named in (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY)}
)


def are_compatible(one: Role, other: Role) -> bool:
    """Whether one person may hold both roles."""
    return frozenset({one, other}) not in INCOMPATIBLE
