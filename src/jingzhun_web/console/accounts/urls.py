"""Addresses of accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.accounts import administration, own, views

urlpatterns: list[URLPattern] = [
    path("i18n/setlang/", views.language, name="set_language"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", views.code, name="second-factor-code"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/", own.own_account, name="own-account"),
    path("account/password/", own.password, name="own-password"),
    path("account/second-factor/", own.second_factor_page, name="second-factor"),
    path("account/second-factor/remove/", own.remove_second_factor, name="remove-second-factor"),
    path("account/second-factor/codes/", own.renew_recovery_codes, name="renew-recovery-codes"),
    path("account/sessions/end/", own.end_other_sign_ins, name="end-other-sign-ins"),
    path("account/sessions/<int:sign_in_id>/end/", own.end_sign_in, name="end-sign-in"),
    path("accounts/", administration.accounts, name="accounts"),
    path("accounts/areas/", administration.own_areas, name="account-areas"),
    path("accounts/new/", administration.new_account, name="new-account"),
    path("accounts/<int:user_id>/", administration.account, name="account"),
    path("accounts/<int:user_id>/roles/", administration.give_grant, name="give-grant"),
    path(
        "accounts/<int:user_id>/roles/<int:grant_id>/revoke/",
        administration.revoke_grant,
        name="revoke-grant",
    ),
    path("accounts/<int:user_id>/end/", administration.end_account, name="end-account"),
    path("accounts/<int:user_id>/password/", administration.reset_password, name="reset-password"),
    path(
        "accounts/<int:user_id>/second-factor/remove/",
        administration.reset_second_factor,
        name="reset-second-factor",
    ),
]
