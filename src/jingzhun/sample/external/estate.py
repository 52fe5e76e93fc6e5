"""Property in town and in the village, and businesses."""

from __future__ import annotations

import numpy as np

from jingzhun.sample.columns import positions
from jingzhun.sample.external import owners
from jingzhun.sample.external.rows import Block, Claim, Values
from jingzhun.sample.external.scene import Scene, new_year
from jingzhun.sample.streams import Array


def real_estate(scene: Scene) -> list[Block]:
    """Flats and shops in town, relocation houses, houses in the village."""
    settings, right = scene.settings("properties"), positions("property_right")
    rows, why = owners.hits(scene, "properties", "town_house")
    acquired = owners.acquired(scene, "properties", rows, 8.0)
    after = owners.after_exit(scene, "properties", settings["bought_after_exit"])
    inherited = owners.some(scene, "inherited share", settings["inherited_share"])
    village = owners.some(scene, "village house", settings["village_house"])
    outside = owners.outside(scene, "property", settings["outsiders"])
    joint = np.where(why == "joint_ownership", right["joint"], right["own"])
    return [
        Block(
            "properties",
            scene.people(rows),
            {**_property(scene, "hits", len(rows), acquired), "kind_of_right": joint},
            (Claim("X02", why=why),),
        ),
        Block(
            "properties",
            scene.people(after),
            {
                **_property(
                    scene, "after", len(after), owners.lately(scene, "flat after exit", after)
                ),
                "kind_of_right": right["own"],
            },
        ),
        _town(scene, scene.people(inherited), "inherited", right["inherited_share"]),
        _relocation_houses(scene),
        _sold(scene),
        Block(
            "properties",
            scene.people(village),
            {
                **_property(
                    scene, "village", len(village), owners.back(scene, "v", len(village), 20.0)
                ),
                "use": positions("property_use")["house"],
                "is_in_town": 0,
                "kind_of_right": right["own"],
            },
        ),
        _town(scene, outside, "outside", right["own"]),
    ]


def _property(scene: Scene, purpose: str, count: int, owned: Array) -> dict[str, Array | int]:
    settings = scene.settings("properties")
    area = scene.amounts(f"property area {purpose}", settings["area"], count)
    return {
        "use": scene.codes("property_use", settings["uses"], f"property use {purpose}", count),
        "is_in_town": 1,
        "area_m2": area.astype(np.float64),
        "value_yuan": scene.amounts(f"property value {purpose}", settings["value"], count),
        "owned_on": owned,
    }


def _town(scene: Scene, who: Array, purpose: str, right: int) -> Block:
    owned = owners.back(scene, f"property {purpose} owned", len(who), 12.0)
    columns = _property(scene, purpose, len(who), owned)
    return Block("properties", who, {**columns, "kind_of_right": right})


def _sold(scene: Scene) -> Block:
    """Flats and shops that had been somebody's and are sold."""
    rows = owners.some(scene, "property sold", scene.settings("properties")["sold"])
    owned = owners.back(scene, "property bought", len(rows), 9.0) - 800
    columns = _property(scene, "sold", len(rows), owned)
    right = positions("property_right")["own"]
    ended: Values = {"kind_of_right": right, "ended_on": owned + 700}
    return Block("properties", scene.people(rows), {**columns, **ended})


def _relocation_houses(scene: Scene) -> Block:
    """Flats in the county town of households that were relocated there."""
    house = scene.records.made.own
    town = house.relocated & (scene.of_households("flat in town") < 0.3)
    rows = scene.member(town, scene.grown, "relocation flat")
    built = new_year(house.repair_year[scene.year.at[rows]]) + 150
    owned = np.minimum(built, scene.last_day)
    columns = {**_property(scene, "relocation", len(rows), owned), "use": 0}
    right = positions("property_right")["relocation"]
    return Block("properties", scene.people(rows), {**columns, "kind_of_right": right})


def businesses(scene: Scene) -> list[Block]:
    """Companies and shops, cooperatives, stalls, and what has been given up."""
    settings, roles = scene.settings("businesses"), positions("business_role")
    rows, why = owners.hits(scene, "businesses", "business")
    role = scene.codes("business_role", settings["roles"], "role", len(rows))
    founded = owners.acquired(scene, "businesses", rows, 7.0)
    after = owners.after_exit(scene, "businesses", settings["founded_after_exit"])
    role_after = scene.codes("business_role", settings["roles"], "role after", len(after))
    outside = owners.outside(scene, "business", settings["outsiders"])
    role_outside = scene.codes("business_role", settings["roles"], "role outside", len(outside))
    found = [
        Block(
            "businesses",
            scene.people(rows),
            _business(scene, "hits", role, founded),
            (Claim("X03", why=why),),
        ),
        Block(
            "businesses",
            scene.people(after),
            _business(scene, "after", role_after, owners.lately(scene, "founded lately", after)),
        ),
        Block(
            "businesses",
            outside,
            _business(scene, "out", role_outside, owners.back(scene, "o", len(outside), 10.0)),
        ),
        *_given_up(scene),
    ]
    for name in ("cooperative_member", "cooperative_head", "stall"):
        some = owners.some(scene, f"business {name}", settings[name])
        role = np.full(len(some), roles["individual_business" if name == "stall" else name])
        founded = owners.back(scene, f"{name} founded", len(some), 5.0)
        columns = _business(scene, name, role, founded)
        if name == "stall":
            small = scene.amounts("stall capital", settings["stall_capital"], len(some))
            columns["capital_yuan"] = np.minimum(small, settings["most_stall"])
        found.append(Block("businesses", scene.people(some), columns))
    return found


def _business(scene: Scene, purpose: str, role: Array, founded: Array) -> dict[str, Array | int]:
    settings = scene.settings("businesses")
    capital = scene.amounts(f"capital {purpose}", settings["capital"], len(role))
    return {
        "role": role,
        "status": positions("business_status")["active"],
        "capital_yuan": np.maximum(capital, settings["least"]),
        "founded_on": founded,
    }


def _given_up(scene: Scene) -> list[Block]:
    """Businesses that have ended; of some the record has not been told."""
    settings, status = scene.settings("businesses"), positions("business_status")
    rows = owners.some(scene, "business ended", settings["ended"], scene.rightly)
    role = scene.codes("business_role", settings["roles"], "role ended", len(rows))
    founded = owners.acquired(scene, "given up", rows, 6.0)
    stale = scene.uniform("stale business", len(rows)) < scene.external.stale
    columns = _business(scene, "ended", role, founded)
    told = {n: v[~stale] if isinstance(v, np.ndarray) else v for n, v in columns.items()}
    kept = {n: v[stale] if isinstance(v, np.ndarray) else v for n, v in columns.items()}
    ended = np.minimum(founded[~stale] + 300, scene.last_day)
    return [
        Block(
            "businesses",
            scene.people(rows[~stale]),
            {**told, "status": status["cancelled"], "ended_on": ended},
        ),
        Block(
            "businesses",
            scene.people(rows[stale]),
            kept,
            (Claim("X03", is_true=False),),
            stale=True,
        ),
    ]
