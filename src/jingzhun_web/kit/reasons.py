"""What counts as a reason that somebody writes."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from jingzhun.errors import UserError

SHORTEST_REASON = 2
"""Characters: two of Chinese are a whole reason (搬家) or answer (同意)."""

_NUMBER = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{14}[0-9Xx]|[0-9]{15,18}[0-9Xx])(?![0-9])")
_GAPS = re.compile(r"(?<=[0-9])[ \-\u3000]+(?=[0-9Xx])")


class ReasonError(UserError):
    """A reason that can't be kept as it is."""


def must_hold_no_number(text: str) -> None:
    """ReasonError when a text holds what looks like somebody's identity, telephone or account number.

    Reasons stay in the log and are read by people who may not see such numbers. Numbers of households and areas
    are of other lengths and pass.
    """
    if _NUMBER.search(_GAPS.sub("", text)):
        raise ReasonError(
            _("The reason holds somebody's number"),
            why=_("Reasons stay in the log, which people read who may not see such numbers"),
            do=_("Leave out identity, telephone and account numbers"),
        )
