"""The app `access`."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.access"
    label = "access"
