"""Addresses of one's own tokens."""

from __future__ import annotations

from django.urls import URLPattern, path

from jingzhun_web.console.tokens import views

urlpatterns: list[URLPattern] = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.revoke, name="revoke-token"),
]
