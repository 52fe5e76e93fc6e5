"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from jingzhun_web.access.actors import NOBODY
from jingzhun_web.console.menu import MENU
from jingzhun_web.kit.environment import environment


def of_request(request: HttpRequest) -> dict[str, Any]:
    """Who acts, what the menu shows them, and whether this is the demo."""
    actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        "rights": {right.value: True for right in actor.rights},
        "is_demo": environment().mode == "demo",
        "menu": [entry for entry in MENU if entry.rights & actor.rights],
    }
