"""What the log is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jingzhun_web.console.fields import styled

GROUPS: Mapping[str, tuple[Any, Q]] = {
    "out": (
        _("What went out: exports, sheets, rejected rows, tokens"),
        Q(act__in=("export", "export_finished", "print_sheet", "download_rejects", "make_token")),
    ),
    "seen": (
        _("Numbers, documents and objections that were opened"),
        Q(act__in=("reveal_identifiers", "open_attachment", "read_objections")),
    ),
    "accounts": (_("Accounts, roles and sign-ins"), Q(kind__in=("user", "token"))),
    "archives": (_("Changes of archives"), Q(kind="household") & ~Q(act="reveal_identifiers")),
    "findings": (_("Findings"), Q(kind__in=("finding", "rule", "crosscheck_run"))),
    "decisions": (
        _("Decisions and objections"),
        Q(kind__in=("case", "publicity", "entry", "objection")),
    ),
    "imports": (_("Imports and agreements"), Q(kind__in=("import", "agreement", "upload"))),
    "jobs": (_("Jobs"), Q(kind__in=("job", "evaluation_run"))),
}


class FilterForm(forms.Form):
    """Acts of a kind, of somebody, about something, of some days."""

    group = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[("", _("everything")), *((name, label) for name, (label, _q) in GROUPS.items())],
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
