"""Random codes that people read aloud, write down and type again."""

from __future__ import annotations

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are taken for one another when read aloud or from paper."""
GROUP = 4


def random_code(groups: int) -> str:
    """So many groups of four, with dashes between them: 20 bits each, rounded up."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(groups))
