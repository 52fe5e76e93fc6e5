"""The policy pack that this platform works with: whose areas it has, and by whose rules it asks the engine."""

from __future__ import annotations

from functools import cache

from jingzhun.policy.pack import Pack, load_pack

PACK = "gansu"


@cache
def pack() -> Pack:
    """The pack, read once in a process: looking whether its files changed takes longer than a page may."""
    return load_pack(PACK)
