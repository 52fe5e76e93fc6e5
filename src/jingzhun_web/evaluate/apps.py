"""The app `evaluate`."""

from __future__ import annotations

from django.apps import AppConfig


class EvaluateConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.evaluate"
    label = "evaluate"
