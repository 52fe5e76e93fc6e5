"""The app `console`."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.console"
    label = "console"
