"""Addresses of figures."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.overview import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
]
