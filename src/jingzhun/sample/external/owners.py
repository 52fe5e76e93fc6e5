"""Who owns what: the wrongly included with their hidden assets, others lawfully, many outside the register."""

from __future__ import annotations

import numpy as np

from jingzhun.sample import truth
from jingzhun.sample.external.scene import Scene
from jingzhun.sample.streams import Array


def _with_asset(scene: Scene, kind: str) -> Array:
    """Wrongly included households that have the asset in truth."""
    bits = truth.hidden_assets(scene.year, scene.wrongly)
    kinds = list(scene.year.parameters.registry.hidden_assets)
    return np.asarray((bits >> kinds.index(kind)) & 1 == 1)


def hits(scene: Scene, table: str, kind: str) -> tuple[Array, Array]:
    """Owners (positions of persons) whose household must answer for it, and the lawful reason or ''."""
    real = scene.member(_with_asset(scene, kind), scene.adults, f"{table} owner")
    lawful = scene.lawful_share(table, len(real), scene.rightly)
    excused = scene.member(lawful, scene.grown, f"{table} lawful owner")
    why = scene.reasons(table, "hits", len(excused))
    return np.concatenate([real, excused]), np.concatenate([np.full(len(real), ""), why])


def acquired(scene: Scene, table: str, rows: Array, longest: float) -> Array:
    """A day before the household left poverty, at most so many years back."""
    draw = scene.uniform(f"{table} acquired", len(rows))
    before = scene.exited_before(rows)
    return (before - 20 - draw * longest * 365).astype(np.int64)


def lately(scene: Scene, purpose: str, rows: Array) -> Array:
    """A day between the exit and the end of the records, for households that exited in an earlier year."""
    start = scene.exited_before(rows) + 365
    left = np.maximum(scene.last_day - start, 1)
    when = start + scene.uniform(purpose, len(rows)) * left
    return np.asarray(np.minimum(when, scene.last_day).astype(np.int64))


def after_exit(scene: Scene, table: str, rate: float) -> Array:
    """Members of households that exited in an earlier year: owners of what does not count any more."""
    now = scene.records.made.now
    earlier = now.exited & (now.exit_year < scene.year.period) & scene.rightly
    some = earlier & (scene.of_households(f"{table} after exit") < rate)
    return scene.member(some, scene.grown, f"{table} after exit")


def some(scene: Scene, purpose: str, rate: float, households: Array | None = None) -> Array:
    """A grown member of a share of the households on file."""
    chosen = scene.of_households(purpose) < rate
    chosen = chosen if households is None else chosen & households
    return scene.member(chosen, scene.grown, purpose)


def outside(scene: Scene, purpose: str, rate: float) -> Array:
    """A share of the grown outsiders."""
    return scene.outsiders(scene.grown_outsiders & (scene.of_outsiders(purpose) < rate))


def back(scene: Scene, purpose: str, count: int, years: float) -> Array:
    """A day within so many years before the end of the records."""
    return (scene.last_day - scene.uniform(purpose, count) * years * 365).astype(np.int64)
