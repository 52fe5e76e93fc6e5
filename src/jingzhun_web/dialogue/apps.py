"""The app `dialogue`."""

from __future__ import annotations

from django.apps import AppConfig


class DialogueConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.dialogue"
    label = "dialogue"
