"""Addresses of the audit log."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.log import views

urlpatterns: list[URLPattern] = [
    path("log/", views.log, name="log"),
    path("log/verify/", views.verify, name="verify-log"),
]
