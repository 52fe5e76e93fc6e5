"""Addresses of the console, topic by topic."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

TOPICS = (
    "overview",
    "accounts",
    "archives",
    "findings",
    "decisions",
    "intake",
    "jobs",
    "log",
    "tokens",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"jingzhun_web.console.{topic}.urls")) for topic in TOPICS
]
