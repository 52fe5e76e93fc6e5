"""Tokens as their page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.tokens.models import Token

RIGHT_NAMES: Mapping[Right, str | Promise] = {
    Right.SEE_ARCHIVES: _("read archives"),
    Right.SEE_NAMES: _("read names"),
    Right.REVEAL_IDENTIFIERS: _("read identifiers in full"),
    Right.PROPOSE_CHANGES: _("propose changes"),
    Right.REVIEW_CHANGES: _("review changes"),
    Right.APPROVE_CHANGES: _("approve changes"),
    Right.EXPORT: _("export lists"),
    Right.IMPORT: _("import files"),
    Right.RUN_JOBS: _("start long work"),
    Right.WORK_FINDINGS: _("work on findings"),
    Right.SEE_FIGURES: _("read figures"),
    Right.MANAGE_ACCOUNTS: _("administer accounts"),
    Right.SEE_AUDIT: _("read the log"),
}
_BY_VALUE = {right.value: name for right, name in RIGHT_NAMES.items()}


def listed(tokens: Iterable[Token], *, at: datetime) -> list[dict[str, Any]]:
    """Tokens with their rights and areas in words, and whether they still open anything."""
    found = list(tokens)
    paths = areas.ancestors(area for token in found for area in token.areas)
    return [
        {
            "token": token,
            "rights": [_BY_VALUE.get(right, right) for right in token.rights],
            "places": [" ".join(a.name for a in paths[code][-2:]) for code in token.areas],
            "is_valid": token.is_valid(at=at),
        }
        for token in found
    ]
