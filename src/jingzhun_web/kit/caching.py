"""What browsers and proxies may keep of an answer: by default nothing, for most answers tell of people."""

from __future__ import annotations

NOT_KEPT = "private, no-store"
ASKED_AGAIN = "private, no-cache"
"""For a program that keeps its own copy and asks with the copy's ETag whether it is still so."""
