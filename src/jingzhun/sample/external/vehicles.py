"""Vehicles: the cars of the wrongly included and of others, and what is no wealth."""

from __future__ import annotations

import numpy as np
import polars as pl

from jingzhun.sample.columns import positions
from jingzhun.sample.external import owners
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene
from jingzhun.sample.parameters import Pair
from jingzhun.sample.streams import Array


def vehicles(scene: Scene) -> list[Block]:
    """Cars of the wrongly included and of others, and what is no wealth."""
    settings = scene.settings("vehicles")
    rows, why = owners.hits(scene, "vehicles", "car")
    kinds = positions("vehicle_kind")
    kind = scene.codes("vehicle_kind", settings["kinds"], "vehicle kind", len(rows))
    tool = why == "production_tool"
    kind = np.where(tool & (kind == kinds["car"]), kinds["truck"], kind)
    owned = owners.acquired(scene, "vehicles", rows, 6.0)
    hits = Block(
        "vehicles",
        scene.people(rows),
        {
            **_vehicle(scene, "hits", kind, owned),
            "use": np.where(tool, positions("vehicle_use")["commercial"], 0),
            "status": 0,
        },
        (Claim("X01", why=why),),
    )
    return [hits, *_ended(scene), *_harmless(scene), *_vehicles_outside(scene)]


def _vehicle(scene: Scene, purpose: str, kind: Array, owned: Array) -> dict[str, Array]:
    settings = scene.settings("vehicles")
    value = np.zeros(len(kind), dtype=np.int64)
    names = list(positions("vehicle_kind"))
    for place in np.unique(kind):
        mask = kind == place
        pair: Pair = settings["value"][names[place]]
        value[mask] = scene.amounts(f"vehicle value {purpose} {place}", pair, int(mask.sum()))
    pasture = scene.year.county.plan.facts.terrain == "pasture"
    least = settings["least_pasture" if pasture else "least"]
    wealth = np.isin(kind, [positions("vehicle_kind")[name] for name in ("car", "van", "truck")])
    number = scene.uniform(f"plate {purpose}", len(kind))
    return {
        "plate_number": _plates(number),
        "kind": kind,
        "value_yuan": np.where(wealth, np.maximum(value, least), value),
        "owned_on": owned,
    }


def _plates(uniform: Array) -> Array:
    """Plates of no place: no prefecture of Gansu has the letter X."""
    number = (uniform.astype(np.float64) * 99_999).astype(np.int64)
    return np.asarray(("甘X" + pl.Series(number).cast(pl.String).str.zfill(5)).to_numpy())


def _ended(scene: Scene) -> list[Block]:
    """Cars that were sold or scrapped; of some the record has not been told."""
    settings = scene.settings("vehicles")
    rows = owners.some(scene, "car ended", settings["ended"], scene.rightly)
    kind = scene.codes("vehicle_kind", settings["kinds"], "ended kind", len(rows))
    owned = owners.acquired(scene, "ended", rows, 6.0)
    ended = np.minimum(owned + 200, scene.last_day)
    status = np.where(scene.uniform("scrapped", len(rows)) < 0.4, 2, 1)
    stale = scene.uniform("stale vehicle", len(rows)) < scene.external.stale
    plain = _vehicle(scene, "ended", kind, owned)
    told = {name: values[~stale] for name, values in plain.items()}
    kept = {name: values[stale] for name, values in plain.items()}
    return [
        Block(
            "vehicles",
            scene.people(rows[~stale]),
            {**told, "use": 0, "status": status[~stale], "ended_on": ended[~stale]},
        ),
        Block(
            "vehicles",
            scene.people(rows[stale]),
            {**kept, "use": 0, "status": 0},
            (Claim("X01", is_true=False),),
            stale=True,
        ),
    ]


def _harmless(scene: Scene) -> list[Block]:
    settings, kinds = scene.settings("vehicles"), positions("vehicle_kind")
    found: list[Block] = []
    for name, rate in settings["harmless"].items():
        rows = owners.some(scene, f"has {name}", rate)
        found.append(_plain(scene, scene.people(rows), name, np.full(len(rows), kinds[name])))
    disabled = scene.grown & scene.records.made.health.disabled
    rare = disabled & (scene.of_persons("disabled vehicle") < settings["disabled_vehicle"])
    rows = np.nonzero(rare)[0]
    kind = np.full(len(rows), kinds["disabled_vehicle"])
    found.append(_plain(scene, scene.people(rows), "disabled vehicle", kind))
    rows = owners.after_exit(scene, "vehicles", settings["bought_after_exit"])
    kind = scene.codes("vehicle_kind", settings["kinds"], "kind after exit", len(rows))
    owned = owners.lately(scene, "vehicle after exit", rows)
    columns = _vehicle(scene, "after exit", kind, owned)
    found.append(Block("vehicles", scene.people(rows), {**columns, "use": 0, "status": 0}))
    return found


def _plain(scene: Scene, who: Array, purpose: str, kind: Array) -> Block:
    owned = owners.back(scene, f"{purpose} owned", len(who), 9.0)
    columns = _vehicle(scene, purpose, kind, owned)
    return Block("vehicles", who, {**columns, "use": 0, "status": 0})


def _vehicles_outside(scene: Scene) -> list[Block]:
    settings, kinds = scene.settings("vehicles"), positions("vehicle_kind")
    cars = owners.outside(scene, "car", settings["outsiders"])
    kind = scene.codes("vehicle_kind", settings["kinds"], "kind outside", len(cars))
    others = owners.outside(scene, "other vehicle", settings["outsiders_other"])
    motorcycles = np.full(len(others), kinds["motorcycle"])
    return [
        _plain(scene, cars, "outside", kind),
        _plain(scene, others, "other outside", motorcycles),
    ]
