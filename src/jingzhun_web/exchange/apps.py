"""The Django app of exchange."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.exchange"
    label = "exchange"
