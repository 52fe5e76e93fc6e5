"""Days of the calendar as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The moment at which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The moment at which a day is over here; the calendar's last day has no end but its last second."""
    if day >= date.max - timedelta(days=1):
        return timezone.make_aware(datetime.combine(date.max - timedelta(days=1), time.max))
    return midnight(day + timedelta(days=1))
