"""The form of a new token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.fields import set_choices
from jingzhun_web.console.tokens.presented import RIGHT_NAMES

DAYS = ((7, _("a week")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")))


class TokenForm(forms.Form):
    """What a program may do, where, and how long."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    rights = forms.TypedMultipleChoiceField(
        label=_("What it may do"), coerce=Right, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.TypedMultipleChoiceField(
        label=_("Where"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        choices=DAYS,
        initial=30,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        held = sorted({int(held.area) for held in actor.held})
        paths = areas.ancestors(held)
        places = [(code, " ".join(area.name for area in paths[code])) for code in held]
        rights = [(right, RIGHT_NAMES[right]) for right in Right if right in actor.rights]
        set_choices(self, "rights", rights)
        set_choices(self, "areas", places)
