"""The app `crosscheck`."""

from __future__ import annotations

from django.apps import AppConfig


class CrosscheckConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.crosscheck"
    label = "crosscheck"
