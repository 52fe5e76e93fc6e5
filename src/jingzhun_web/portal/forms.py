"""Forms that everybody may fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SHORTEST, LONGEST = 4, 2000


class ObjectionForm(forms.Form):
    """An objection to a line of a list. `website` is a trap: people don't see it, programs fill it in."""

    reason = forms.CharField(
        label=_("What is not right, and how you know"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}),
    )
    contact = forms.CharField(
        label=_("How to reach you, if you wish (kept encrypted, read only by who answers)"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_website(self) -> Any:
        """Empty, as people leave it."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This objection could not be taken"))
        return ""


class ReceiptForm(forms.Form):
    """The receipt of an objection."""

    receipt = forms.CharField(
        label=_("Receipt number"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "placeholder": "XXXX-XXXX-XXXX"}
        ),
    )
