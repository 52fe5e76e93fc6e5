"""Forms of accounts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access import recovery, sign_ins
from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Role
from jingzhun_web.areas.models import Area
from jingzhun_web.console.fields import styled
from jingzhun_web.kit.scope import Scope

USERNAME = r"^[a-zA-Z0-9][a-zA-Z0-9._-]{2,59}$"
_CODE = re.compile(r"\s*(\d{12})\b")


class SignInForm(AuthenticationForm):
    """User name and password."""

    is_password_over = False
    """Both were right, and the password a temporary one whose time has passed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        styled(self)

    def confirm_login_allowed(self, user: User) -> None:
        """Not with a temporary password whose time has passed."""
        super().confirm_login_allowed(user)
        if user.is_password_over(at=timezone.now()):
            self.is_password_over = True
            sign_ins.note_password_over(user=user)
            raise forms.ValidationError("", code="password_over")


class AreaField(forms.CharField):
    """An area of one's own, typed as its code or chosen from the list that appears while typing."""

    scope: Scope = Scope()

    def clean(self, value: Any) -> Any:
        """The area; it must exist and lie in the scope as a whole."""
        text = super().clean(value)
        found = _CODE.match(text or "")
        area = Area.objects.filter(code=int(found[1])).first() if found else None
        if area is None or not self.scope.contains(area.digits):
            raise forms.ValidationError(
                _("There is no such area in yours; type a part of its name and choose")
            )
        return area


def _area() -> AreaField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "list": "areas"})
    return AreaField(label=_("Area"), max_length=160, widget=widget)


class SearchForm(forms.Form):
    """What the list of accounts is narrowed to."""

    text = forms.CharField(label=_("User name or name"), max_length=60, required=False)
    ended = forms.BooleanField(label=_("Ended accounts"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class NewAccountForm(forms.Form):
    """A new account."""

    username = forms.RegexField(
        label=_("User name"),
        regex=USERNAME,
        help_text=_(
            "3 to 60 letters without accents, digits, dots, dashes; upper case is lower case"
        ),
    )
    display_name = forms.CharField(label=_("Name"), max_length=100)
    area = _area()

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)
        _limit(self, scope)


class GrantForm(forms.Form):
    """A role in an area, until a day."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    area = _area()
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Left open: until it is revoked"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)
        _limit(self, scope)


class PasswordForm(forms.Form):
    """One's own new password."""

    old = forms.CharField(label=_("Present password"), widget=forms.PasswordInput)
    new = forms.CharField(label=_("New password"), widget=forms.PasswordInput)
    again = forms.CharField(label=_("New password again"), widget=forms.PasswordInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        styled(self)
        for name, use in (("old", "current"), ("new", "new"), ("again", "new")):
            self.fields[name].widget.attrs["autocomplete"] = f"{use}-password"

    def clean_old(self) -> str:
        """The present password; a wrong one is told."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("The present password is not right"))
        return old

    def clean_new(self) -> str:
        """The new password; it must keep the rules."""
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        """The new password a second time."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("The two new passwords differ"))
        return again


class CodeForm(forms.Form):
    """The code of the moment."""

    code = forms.RegexField(
        label=_("Code of 6 digits"),
        regex=r"^\s*\d{3}\s?\d{3}\s*$",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean_code(self) -> str:
        """The digits without spaces."""
        return "".join(self.cleaned_data["code"].split())


class RecoveryForm(forms.Form):
    """A recovery code, instead of the code of the moment."""

    recovery = forms.CharField(
        label=_("Recovery code"),
        max_length=40,
        help_text=_("12 letters and digits, as on your paper; dashes may be left out"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean_recovery(self) -> str:
        """The code in its normal form."""
        code = recovery.normal_form(self.cleaned_data["recovery"])
        if len(code) != recovery.CODE_LENGTH:
            raise forms.ValidationError(_("A recovery code has 12 letters and digits"))
        return code


class PresentPasswordForm(forms.Form):
    """The present password, where somebody could sit at another's screen."""

    password = forms.CharField(
        label=_("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        styled(self)

    def clean_password(self) -> str:
        """The password; a wrong one is told."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("The present password is not right"))
        return password


def _limit(form: forms.Form, scope: Scope) -> None:
    field = form.fields["area"]
    if isinstance(field, AreaField):
        field.scope = scope
