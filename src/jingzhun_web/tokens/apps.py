"""The app `tokens`."""

from __future__ import annotations

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.tokens"
    label = "tokens"
