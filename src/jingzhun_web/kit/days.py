"""Days of the calendar as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

_LAST = date.max - timedelta(days=2)
"""A day whose end there is in every time zone."""


def midnight(day: date) -> datetime:
    """The moment at which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The moment at which a day is over here; those that end the calendar are over with the one before them."""
    return midnight(min(day, _LAST) + timedelta(days=1))
