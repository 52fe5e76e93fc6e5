"""The app `audit`."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package's text."""

    name = "jingzhun_web.audit"
    label = "audit"
