"""The app `identify`."""

from __future__ import annotations

from django.apps import AppConfig


class IdentifyConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.identify"
    label = "identify"
