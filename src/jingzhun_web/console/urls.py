"""Addresses of the console."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("households/", views.households, name="households"),
    path("households/export.csv", views.export, name="export"),
    path("households/<str:household_id>/<int:period>/", views.archive, name="archive"),
    path("households/<str:household_id>/<int:period>/reveal/", views.reveal, name="reveal"),
    path("log/", views.log, name="log"),
]
