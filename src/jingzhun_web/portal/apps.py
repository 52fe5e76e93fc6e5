"""The app `portal`."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.portal"
    label = "portal"
