"""Addresses of accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.accounts import views

urlpatterns: list[URLPattern] = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
]
