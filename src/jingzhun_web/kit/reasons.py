"""What counts as a reason that somebody writes."""

from __future__ import annotations

SHORTEST_REASON = 2
"""Characters: two of Chinese are a whole reason (搬家) or answer (同意)."""
