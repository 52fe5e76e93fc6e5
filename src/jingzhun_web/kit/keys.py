"""The keys of this installation, made ready once."""

from __future__ import annotations

from functools import cache

from jingzhun_web.kit.environment import environment, key_bytes
from jingzhun_web.kit.seals import Seals

DEMO_KEY = bytes(range(32))
"""Protects nothing, and is used in mode demo only, whose people are invented."""


@cache
def seals() -> Seals:
    """Cipher and keys as the settings say."""
    env = environment()
    if env.mode == "demo" and not env.data_keys:
        return Seals((DEMO_KEY,), DEMO_KEY[::-1], env.cipher)
    keys = tuple(key_bytes(key) for key in env.data_keys)
    return Seals(keys, key_bytes(env.index_key or ""), env.cipher)
