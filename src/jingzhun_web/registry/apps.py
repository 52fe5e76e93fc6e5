"""The app `registry`."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.registry"
    label = "registry"
