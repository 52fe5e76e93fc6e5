"""Addresses of archives."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.archives import views

urlpatterns: list[URLPattern] = [
    path("households/", views.households, name="households"),
    path("households/export.csv", views.export, name="export"),
    path("households/<str:household_id>/<int:period>/", views.archive, name="archive"),
    path("households/<str:household_id>/<int:period>/reveal/", views.reveal, name="reveal"),
]
