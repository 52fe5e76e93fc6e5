"""The app `areas`."""

from __future__ import annotations

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Administrative areas: province to village."""

    name = "jingzhun_web.areas"
    label = "areas"
