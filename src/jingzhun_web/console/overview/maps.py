"""Shapes of counties, out of the pack's own file."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jingzhun_web.areas.packs import pack


@cache
def _shapes() -> tuple[dict[str, Any], ...]:
    path = pack().map_path
    if path is None:
        return ()
    return tuple(json.loads(path.read_text(encoding="utf-8"))["features"])


@cache
def shapes(prefix: str) -> str:
    """Counties whose code begins with a prefix, as GeoJSON; each named by its code of 12 digits."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": code.ljust(12, "0")},
            "geometry": feature["geometry"],
        }
        for feature in _shapes()
        if (code := str(feature["properties"]["code"])).startswith(prefix)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


@cache
def is_drawn(prefix: str) -> bool:
    """Whether there are shapes of counties in an area."""
    return any(str(f["properties"]["code"]).startswith(prefix) for f in _shapes())
