"""What the log is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingzhun_web.console.fields import styled

GROUPS: Mapping[str, Any] = {
    "out": _("What went out: exports, sheets, rejected rows, tokens"),
    "seen": _("Numbers, documents and objections that were opened"),
    "refused": _("Refused: numbers in full, searches"),
    "accounts": _("Accounts, roles and sign-ins"),
    "archives": _("Changes of archives"),
    "findings": _("Findings"),
    "decisions": _("Decisions and objections"),
    "imports": _("Imports and agreements"),
    "jobs": _("Jobs"),
}
"""Groups of the log's selectors, in words."""


class FilterForm(forms.Form):
    """Acts of a kind, of somebody, about something, of some days."""

    group = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[("", _("everything")), *GROUPS.items()],
    )
    who = forms.CharField(label=_("Account (name for sign-in)"), max_length=150, required=False)
    about = forms.CharField(label=_("Number of household, case or finding"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Up to and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        styled(self)
