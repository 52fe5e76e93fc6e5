"""Addresses of findings."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.findings import views

urlpatterns: list[URLPattern] = [
    path("findings/", views.findings, name="findings"),
    path("findings/start/", views.start, name="crosscheck"),
    path("findings/rules/", views.rules, name="finding-rules"),
    path("findings/dispatch/", views.dispatch_all, name="findings-dispatch"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    path("findings/<int:pk>/<str:name>/", views.act, name="finding-act"),
]
