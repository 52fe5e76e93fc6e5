"""The state of the data, for the foot of every page."""

from __future__ import annotations

from django import template

from jingzhun_web.registry import figures

register = template.Library()


@register.simple_tag
def data_state() -> figures.Load:
    """Which register was loaded last and when; asks for a single row."""
    return figures.latest_load()
