"""Figures as people read them: separators, percent, 万 in Chinese headlines, the mark of hidden figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from markupsafe import Markup

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.texts import Both, both, catalogue

_WAN = 10_000
_MILLION = 1_000_000
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def hidden_mark() -> Markup:
    """The mark of a hidden figure: a hatched dot with words for screen readers."""
    return Markup('<span class="hid">·<span class="sr">{}</span></span>').format(
        catalogue()["hidden"]
    )


def unknown_mark() -> Markup:
    """The mark of a figure that is not known."""
    return Markup('<span class="none">—<span class="sr">{}</span></span>').format(
        catalogue()["not_known"]
    )


def count(value: Any, digits: int = 0) -> Markup:
    """A number with separators: the same in both languages."""
    if value is None or is_hidden(value):
        return unknown_mark() if value is None else hidden_mark()
    return Markup("{}").format(f"{value:,.{digits}f}")


def percent(value: Any, digits: int = 1) -> Markup:
    """A fraction as percent; small ones keep two digits, so that 0.04 % is not 0.0 %."""
    if value is None or is_hidden(value):
        return count(value)
    if 0 < abs(value) < 0.001:
        digits = max(digits, 2)
    return Markup("{}%").format(f"{100 * value:,.{digits}f}")


def big(value: Any) -> Any:
    """A number for a headline: 4.13 million in English, 412.8万 in Chinese; exact where it is small."""
    plain = count(value)
    if not isinstance(value, int | float):
        return plain
    english = f"{value / _MILLION:,.2f} million" if abs(value) >= _MILLION else str(plain)
    chinese = f"{value / _WAN:,.1f}万" if abs(value) >= 10 * _WAN else str(plain)
    return Both(english, chinese)


def day(text: Any) -> Both:
    """An ISO date as people write it."""
    try:
        on = date.fromisoformat(str(text))
    except ValueError:
        return both(text)
    return Both(f"{on.day} {_MONTHS[on.month - 1]} {on.year}", f"{on.year}年{on.month}月{on.day}日")
