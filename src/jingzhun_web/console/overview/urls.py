"""Addresses of figures."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.overview import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("map/<str:prefix>.json", views.shapes, name="map"),
    path("overview/work/", views.work, name="overview-work"),
    path("screen/", views.screen, name="screen"),
    path("screen/figures/", views.screen_figures, name="screen-figures"),
]
