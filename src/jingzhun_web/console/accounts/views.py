"""Pages of accounts."""

from __future__ import annotations

from django.contrib.auth import views as auth

from jingzhun_web.console.accounts.forms import SignInForm


class SignIn(auth.LoginView):
    """Signing in."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(auth.LogoutView):
    """Signing out; the settings say where to."""
