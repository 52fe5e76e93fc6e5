"""County polygons as paths of an inline drawing: projected, in whole units, with borders of the level above."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from jingzhun.errors import InputError, Place

WIDTH = 4000
Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True)
class Shape:
    """One area of the map: its code, its path, its extent, and its middle (weighted by area) with the weight."""

    code: str
    path: str
    box: tuple[int, int, int, int]
    middle: Point
    weight: float


@dataclass(frozen=True)
class Drawing:
    """The whole map: size, shapes, and the border lines of prefectures."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    borders: str

    def labels(self) -> dict[str, Point]:
        """Where the name of each prefecture (four digits) stands: the middle of its areas."""
        parts: dict[str, list[Shape]] = defaultdict(list)
        for shape in self.shapes:
            parts[shape.code[:4]].append(shape)
        return {code: _weighted(shapes) for code, shapes in sorted(parts.items())}

    def shape_of(self, code: str) -> str | None:
        """The polygon of an area: its own, or that of a prefecture without counties (code ending in 00)."""
        codes = {shape.code for shape in self.shapes}
        whole = code[:4] + "00"
        return code if code in codes else whole if whole in codes else None


def read_drawing(file: Path) -> Drawing | None:
    """The drawing of a GeoJSON file of polygons with a property `code`; None when there is no file.

    Raises InputError when it is no such GeoJSON.
    """
    if not file.is_file():
        return None
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        rings = {str(f["properties"]["code"]): _rings(f["geometry"]) for f in features}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "This map can't be read",
            where=Place(file=str(file)),
            why="it must be GeoJSON with polygons that have a property code",
            do="Remove the file to get a report without a map, or replace it",
        ) from error
    return _drawn(rings)


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    parts = geometry["coordinates"]
    parts = [parts] if geometry["type"] == "Polygon" else parts
    return [ring for part in parts for ring in part]


def _drawn(rings: dict[str, list[list[list[float]]]]) -> Drawing:
    points = [p for parts in rings.values() for ring in parts for p in ring]
    project = _albers([p[1] for p in points], [p[0] for p in points])
    flat = {
        c: [[project(p[0], p[1]) for p in ring] for ring in parts] for c, parts in rings.items()
    }
    everywhere = [p for parts in flat.values() for ring in parts for p in ring]
    left, right = min(p[0] for p in everywhere), max(p[0] for p in everywhere)
    low, top = min(p[1] for p in everywhere), max(p[1] for p in everywhere)
    scale = WIDTH / (right - left)
    drawn = {
        code: [[(round((x - left) * scale), round((top - y) * scale)) for x, y in r] for r in parts]
        for code, parts in flat.items()
    }
    shapes = tuple(_shape(code, parts) for code, parts in sorted(drawn.items()))
    return Drawing(WIDTH, math.ceil((top - low) * scale), shapes, _borders(drawn))


def _albers(latitudes: list[float], longitudes: list[float]) -> Any:
    """Albers equal-area conic, fitted to the extent (standard parallels one sixth inside it)."""
    low, high = math.radians(min(latitudes)), math.radians(max(latitudes))
    first, second = low + (high - low) / 6, high - (high - low) / 6
    middle = math.radians((min(longitudes) + max(longitudes)) / 2)
    n = (math.sin(first) + math.sin(second)) / 2 or 1e-6
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)

    def project(longitude: float, latitude: float) -> tuple[float, float]:
        rho = math.sqrt(max(0.0, c - 2 * n * math.sin(math.radians(latitude)))) / n
        theta = n * (math.radians(longitude) - middle)
        return rho * math.sin(theta), -rho * math.cos(theta)

    return project


def _shape(code: str, rings: list[Ring]) -> Shape:
    points = [p for ring in rings for p in ring]
    box = (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )
    middles = [_middle(ring) for ring in rings]
    weight = sum(w for _, _, w in middles) or 1.0
    middle = (
        round(sum(x * w for x, _, w in middles) / weight),
        round(sum(y * w for _, y, w in middles) / weight),
    )
    return Shape(code, "".join(_path(ring, closed=True) for ring in rings), box, middle, weight)


def _weighted(shapes: list[Shape]) -> Point:
    weight = sum(shape.weight for shape in shapes) or 1.0
    return (
        round(sum(shape.middle[0] * shape.weight for shape in shapes) / weight),
        round(sum(shape.middle[1] * shape.weight for shape in shapes) / weight),
    )


def _middle(ring: Ring) -> tuple[float, float, float]:
    """Centroid and area of a ring."""
    area, x, y = 0.0, 0.0, 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        area += cross / 2
        x += (x0 + x1) * cross / 6
        y += (y0 + y1) * cross / 6
    return (x / area, y / area, abs(area)) if area else (*ring[0], 0.0)


def _path(points: Sequence[Point], *, closed: bool) -> str:
    """A path in relative steps, the shortest way to write it."""
    x, y = points[0]
    steps = [f"M{x},{y}l"]
    for px, py in points[1:]:
        if (px, py) != (x, y):
            steps.append(f"{px - x},{py - y} ")
            x, y = px, py
    return "".join(steps).rstrip() + ("z" if closed else "")


def _borders(drawn: dict[str, list[Ring]]) -> str:
    """Lines between prefectures and around the whole: edges not shared within one prefecture."""
    inside: dict[str, dict[frozenset[Point], int]] = defaultdict(lambda: defaultdict(int))
    for code, rings in drawn.items():
        for ring in rings:
            for start, end in pairwise(ring):
                inside[code[:4]][frozenset((start, end))] += 1
    edges = {
        edge for found in inside.values() for edge, n in found.items() if n == 1 and len(edge) > 1
    }
    return "".join(_path(line, closed=False) for line in _chained(edges))


def _chained(edges: set[frozenset[Point]]) -> list[list[Point]]:
    """Single edges joined to long lines."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for edge in sorted(sorted(edge) for edge in edges):
        beside[edge[0]].add(edge[1])
        beside[edge[1]].add(edge[0])
    lines = []
    for start in sorted(beside, key=lambda point: (len(beside[point]) == 2, point)):
        while beside[start]:
            line = [start]
            while beside[line[-1]]:
                point = line[-1]
                there = min(beside[point])
                beside[point].discard(there)
                beside[there].discard(point)
                line.append(there)
            lines.append(line)
    return lines
