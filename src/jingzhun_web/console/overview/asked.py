"""Which area and year a page of figures shows: what the address asks, else the viewer's own and the latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from jingzhun_web.access.actors import Actor
from jingzhun_web.areas.models import Area
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.registry import figures


@dataclass(frozen=True)
class Asked:
    """An area in the viewer's scope, a period, households by period there, and its last change."""

    area: Area
    period: int
    trend: dict[int, dict[str, int]]
    changed_at: datetime | None

    @property
    def digits(self) -> str:
        """The area's code as written."""
        return self.area.digits

    @property
    def periods(self) -> Sequence[int]:
        """Years with figures, latest first."""
        return sorted(self.trend, reverse=True)

    @property
    def level_below(self) -> int:
        """Digits of the areas directly below; of a village: its own."""
        return self.area.level_below

    @property
    def query(self) -> str:
        """Area and year as part of an address."""
        return urlencode({"area": self.digits, "period": self.period})

    def page_of(self, area: str) -> str:
        """The page of figures of another area, in the same year."""
        return f"{reverse('home')}?{urlencode({'area': area, 'period': self.period})}"

    def in_period(self, period: int) -> Asked:
        """The same of another year."""
        return replace(self, period=period)

    def households(self, area: str = "", **narrowed: str) -> str:
        """The list behind a figure of this area or of one inside."""
        query = {"area": area or self.digits, "period": self.period, **narrowed}
        return f"{reverse('households')}?{urlencode(query)}"


def asked(request: HttpRequest, actor: Actor) -> Asked | None:
    """What a page shows; None when there is nothing. Http404 for areas outside one's own or unknown."""
    held = sorted({held.area for held in actor.held})
    wanted = request.GET.get("area") or (held[0] if held else "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit()) or not 2 <= len(wanted) <= 12:
        raise Http404
    area = Area.objects.filter(code=int(wanted.ljust(12, "0"))).first()
    if area is None or not actor.scope.contains(area.digits):
        raise Http404
    history = figures.history(area.digits)
    trend = {period: row for period, row in history.trend.items() if row["on_file"]}
    if not trend:
        return None
    period = request.GET.get("period", "")
    known = period.isascii() and period.isdigit() and int(period) in trend
    return Asked(area, int(period) if known else max(trend), trend, history.changed_at)


def named(area: Area) -> str:
    """An area's name in the page's language, where there is one in English."""
    return area.name if is_chinese() or not area.name_en else area.name_en
