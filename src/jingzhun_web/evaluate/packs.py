"""The policy pack, read once: looking whether its files changed takes longer than a page may."""

from __future__ import annotations

from functools import cache

from jingzhun.policy.pack import Pack, load_pack
from jingzhun_web.exchange.store import PACK


@cache
def pack() -> Pack:
    """The pack of this platform."""
    return load_pack(PACK)
