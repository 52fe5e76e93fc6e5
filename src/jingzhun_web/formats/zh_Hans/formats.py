"""Simplified Chinese: thousands in groups of three, as in statistical yearbooks."""

from __future__ import annotations

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
