"""Addresses that everybody may open."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.portal import views

urlpatterns: list[URLPattern] = [
    path("", views.lists, name="public"),
    path("lists/<int:pk>/", views.one, name="public-list"),
    path("lists/<int:pk>/<int:entry_id>/", views.objection, name="public-objection"),
    path("receipt/", views.receipt, name="public-receipt"),
]
