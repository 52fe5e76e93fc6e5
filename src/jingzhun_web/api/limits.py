"""How often an account may call an operation."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle

from jingzhun_web.api.doors import actor_of


class PerMinute(SimpleRateThrottle):
    """So many requests a minute and account, in each worker process; 429 says when to come again."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number}/m")

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Whose requests are counted together, and by which operation."""
        match = request.resolver_match
        return f"throttle-{match.url_name if match else ''}-{actor_of(request).id}"
