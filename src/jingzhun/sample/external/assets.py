"""What people own: vehicles, property in town, businesses, posts with fiscal pay, deposits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from jingzhun.sample import truth
from jingzhun.sample.columns import NULL, positions
from jingzhun.sample.external.rows import Block, Claim, Values
from jingzhun.sample.external.scene import Scene, day, new_year
from jingzhun.sample.parameters import Pair
from jingzhun.sample.streams import Array

FIRST_LIST = 2014


def _with_asset(scene: Scene, kind: str) -> Array:
    """Wrongly included households that have the asset in truth."""
    bits = truth.hidden_assets(scene.year, scene.wrongly)
    kinds = list(scene.year.parameters.registry.hidden_assets)
    return np.asarray((bits >> kinds.index(kind)) & 1 == 1)


def _hits(scene: Scene, table: str, kind: str) -> tuple[Array, Array]:
    """Owners (positions of persons) whose household must answer for it, and the lawful reason or ''."""
    real = scene.member(_with_asset(scene, kind), scene.adults, f"{table} owner")
    lawful = scene.lawful_share(table, len(real), scene.rightly)
    excused = scene.member(lawful, scene.grown, f"{table} lawful owner")
    why = scene.reasons(table, "hits", len(excused))
    return np.concatenate([real, excused]), np.concatenate([np.full(len(real), ""), why])


def _acquired(scene: Scene, table: str, rows: Array, longest: float) -> Array:
    """A day before the household left poverty, at most so many years back."""
    draw = scene.uniform(f"{table} acquired", len(rows))
    before = scene.exited_before(rows)
    return (before - 20 - draw * longest * 365).astype(np.int64)


def _lately(scene: Scene, purpose: str, rows: Array) -> Array:
    """A day between the exit and the end of the records, for households that exited in an earlier year."""
    start = scene.exited_before(rows) + 365
    left = np.maximum(scene.last_day - start, 1)
    when = start + scene.uniform(purpose, len(rows)) * left
    return np.asarray(np.minimum(when, scene.last_day).astype(np.int64))


def _after_exit(scene: Scene, table: str, rate: float) -> Array:
    """Members of households that exited in an earlier year: owners of what does not count any more."""
    now = scene.records.made.now
    earlier = now.exited & (now.exit_year < scene.year.period) & scene.rightly
    some = earlier & (scene.of_households(f"{table} after exit") < rate)
    return scene.member(some, scene.grown, f"{table} after exit")


def _some(scene: Scene, purpose: str, rate: float, households: Array | None = None) -> Array:
    """A grown member of a share of the households on file."""
    chosen = scene.of_households(purpose) < rate
    chosen = chosen if households is None else chosen & households
    return scene.member(chosen, scene.grown, purpose)


def _owners_outside(scene: Scene, purpose: str, rate: float) -> Array:
    return scene.outsiders(scene.grown_outsiders & (scene.of_outsiders(purpose) < rate))


def _back(scene: Scene, purpose: str, count: int, years: float) -> Array:
    """A day within so many years before the end of the records."""
    return (scene.last_day - scene.uniform(purpose, count) * years * 365).astype(np.int64)


# -- vehicles -------------------------------------------------------------------------------------


def vehicles(scene: Scene) -> list[Block]:
    """Cars of the wrongly included and of others, and what is no wealth."""
    settings = scene.settings("vehicles")
    rows, why = _hits(scene, "vehicles", "car")
    kinds = positions("vehicle_kind")
    kind = scene.codes("vehicle_kind", settings["kinds"], "vehicle kind", len(rows))
    tool = why == "production_tool"
    kind = np.where(tool & (kind == kinds["car"]), kinds["truck"], kind)
    owned = _acquired(scene, "vehicles", rows, 6.0)
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
    rows = _some(scene, "car ended", settings["ended"], scene.rightly)
    kind = scene.codes("vehicle_kind", settings["kinds"], "ended kind", len(rows))
    owned = _acquired(scene, "ended", rows, 6.0)
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
        rows = _some(scene, f"has {name}", rate)
        found.append(_plain(scene, scene.people(rows), name, np.full(len(rows), kinds[name])))
    disabled = scene.grown & scene.records.made.health.disabled
    rare = disabled & (scene.of_persons("disabled vehicle") < settings["disabled_vehicle"])
    rows = np.nonzero(rare)[0]
    kind = np.full(len(rows), kinds["disabled_vehicle"])
    found.append(_plain(scene, scene.people(rows), "disabled vehicle", kind))
    rows = _after_exit(scene, "vehicles", settings["bought_after_exit"])
    kind = scene.codes("vehicle_kind", settings["kinds"], "kind after exit", len(rows))
    owned = _lately(scene, "vehicle after exit", rows)
    columns = _vehicle(scene, "after exit", kind, owned)
    found.append(Block("vehicles", scene.people(rows), {**columns, "use": 0, "status": 0}))
    return found


def _plain(scene: Scene, who: Array, purpose: str, kind: Array) -> Block:
    owned = _back(scene, f"{purpose} owned", len(who), 9.0)
    columns = _vehicle(scene, purpose, kind, owned)
    return Block("vehicles", who, {**columns, "use": 0, "status": 0})


def _vehicles_outside(scene: Scene) -> list[Block]:
    settings, kinds = scene.settings("vehicles"), positions("vehicle_kind")
    cars = _owners_outside(scene, "car", settings["outsiders"])
    kind = scene.codes("vehicle_kind", settings["kinds"], "kind outside", len(cars))
    others = _owners_outside(scene, "other vehicle", settings["outsiders_other"])
    motorcycles = np.full(len(others), kinds["motorcycle"])
    return [
        _plain(scene, cars, "outside", kind),
        _plain(scene, others, "other outside", motorcycles),
    ]


# -- property -------------------------------------------------------------------------------------


def real_estate(scene: Scene) -> list[Block]:
    """Flats and shops in town, relocation houses, houses in the village."""
    settings, right = scene.settings("properties"), positions("property_right")
    rows, why = _hits(scene, "properties", "town_house")
    acquired = _acquired(scene, "properties", rows, 8.0)
    after = _after_exit(scene, "properties", settings["bought_after_exit"])
    inherited = _some(scene, "inherited share", settings["inherited_share"])
    village = _some(scene, "village house", settings["village_house"])
    outside = _owners_outside(scene, "property", settings["outsiders"])
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
                **_property(scene, "after", len(after), _lately(scene, "flat after exit", after)),
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
                **_property(scene, "village", len(village), _back(scene, "v", len(village), 20.0)),
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
    owned = _back(scene, f"property {purpose} owned", len(who), 12.0)
    columns = _property(scene, purpose, len(who), owned)
    return Block("properties", who, {**columns, "kind_of_right": right})


def _sold(scene: Scene) -> Block:
    """Flats and shops that had been somebody's and are sold."""
    rows = _some(scene, "property sold", scene.settings("properties")["sold"])
    owned = _back(scene, "property bought", len(rows), 9.0) - 800
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


# -- businesses -----------------------------------------------------------------------------------


def businesses(scene: Scene) -> list[Block]:
    """Companies and shops, cooperatives, stalls, and what has been given up."""
    settings, roles = scene.settings("businesses"), positions("business_role")
    rows, why = _hits(scene, "businesses", "business")
    role = scene.codes("business_role", settings["roles"], "role", len(rows))
    founded = _acquired(scene, "businesses", rows, 7.0)
    after = _after_exit(scene, "businesses", settings["founded_after_exit"])
    role_after = scene.codes("business_role", settings["roles"], "role after", len(after))
    outside = _owners_outside(scene, "business", settings["outsiders"])
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
            _business(scene, "after", role_after, _lately(scene, "founded lately", after)),
        ),
        Block(
            "businesses",
            outside,
            _business(scene, "out", role_outside, _back(scene, "o", len(outside), 10.0)),
        ),
        *_given_up(scene),
    ]
    for name in ("cooperative_member", "cooperative_head", "stall"):
        some = _some(scene, f"business {name}", settings[name])
        role = np.full(len(some), roles["individual_business" if name == "stall" else name])
        founded = _back(scene, f"{name} founded", len(some), 5.0)
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
    rows = _some(scene, "business ended", settings["ended"], scene.rightly)
    role = scene.codes("business_role", settings["roles"], "role ended", len(rows))
    founded = _acquired(scene, "given up", rows, 6.0)
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


# -- fiscal pay -----------------------------------------------------------------------------------

TEMPORARY = ("village_cadre", "village_doctor", "substitute_teacher")


def payroll(scene: Scene) -> list[Block]:
    """Regular posts, and those that are none."""
    settings = scene.settings("payroll")
    rows, why = _hits(scene, "payroll", "fiscal_pay")
    unit = scene.codes("payroll_unit", settings["units"], "unit", len(rows))
    since = _acquired(scene, "payroll", rows, 12.0)
    after = _after_exit(scene, "payroll", settings["hired_after_exit"])
    unit_after = scene.codes("payroll_unit", settings["units"], "unit after", len(after))
    outside = _owners_outside(scene, "post", settings["outsiders"])
    unit_outside = scene.codes("payroll_unit", settings["units"], "unit outside", len(outside))
    return [
        Block(
            "payroll",
            scene.people(rows),
            _post(scene, "hits", unit, since),
            (Claim("X04", why=why),),
        ),
        Block(
            "payroll",
            scene.people(after),
            _post(scene, "after", unit_after, _lately(scene, "hired lately", after)),
        ),
        Block(
            "payroll",
            outside,
            _post(scene, "outside", unit_outside, _back(scene, "hired", len(outside), 25.0)),
        ),
        *_temporary(scene),
        *_public_posts(scene),
    ]


def _post(scene: Scene, purpose: str, unit: Array, since: Array) -> dict[str, Array | int]:
    pay = scene.settings("payroll")["pay"]
    usual = np.array([pay[name] for name in positions("payroll_unit")])[unit]
    around = 0.8 + 0.4 * scene.uniform(f"pay {purpose}", len(unit))
    return {
        "unit_type": unit,
        "is_post": 1,
        "from_date": since,
        "monthly_pay_yuan": np.round(usual * around, -1).astype(np.int64),
    }


def _temporary(scene: Scene) -> list[Block]:
    settings, units = scene.settings("payroll"), positions("payroll_unit")
    found = []
    for name in TEMPORARY:
        rows = _some(scene, f"is {name}", settings[name])
        since = _back(scene, f"{name} since", len(rows), 8.0)
        columns = _post(scene, name, np.full(len(rows), units[name]), since)
        found.append(Block("payroll", scene.people(rows), {**columns, "is_post": 0}))
    once = _some(scene, "single subsidy", settings["single_subsidy"])
    unit = np.full(len(once), units["public_institution"])
    since = _back(scene, "subsidy", len(once), 1.0)
    paid = {**_post(scene, "subsidy", unit, since), "is_post": 0, "until_date": since + 30}
    found.append(Block("payroll", scene.people(once), paid))
    outside = _owners_outside(scene, "temporary", settings["outsiders_temporary"])
    cadre = np.full(len(outside), units["village_cadre"])
    since = _back(scene, "cadre since", len(outside), 8.0)
    found.append(Block("payroll", outside, {**_post(scene, "cadre", cadre, since), "is_post": 0}))
    return found


def _public_posts(scene: Scene) -> list[Block]:
    """Public-service posts of the registered, who may have them, and of others."""
    settings, unit = scene.settings("benefits"), positions("payroll_unit")["public_post"]
    start, work = day(scene.year.period, 1, 1), scene.records.made.work
    holds = np.nonzero(work.post & scene.current & scene.registered[scene.year.at])[0]
    free = scene.grown & ~work.post
    chosen = scene.of_households("public post unregistered") < settings["public_post_unregistered"]
    others = scene.member(~scene.registered & chosen, free, "public post unregistered")
    also = np.nonzero(work.post & scene.current & ~scene.registered[scene.year.at])[0]
    others = np.unique(np.concatenate([others, also]))
    why = scene.some_lawful("benefits", "public post", len(others))
    outside = _owners_outside(scene, "public post", settings["public_post_outsiders"])
    found = []
    for purpose, who, claims in (
        ("registered", scene.people(holds), ()),
        ("unregistered", scene.people(others), (Claim("X16b", why=why),)),
        ("nobody", outside, ()),
    ):
        since = start + (scene.uniform(f"post {purpose}", len(who)) * 180).astype(np.int64)
        columns = _post(scene, f"public {purpose}", np.full(len(who), unit), since)
        found.append(Block("payroll", who, {**columns, "is_post": 0}, claims))
    return found


# -- deposits, tax, machines ----------------------------------------------------------------------

_RULES = {"deposit": "X07a", "tax_paid": "X07b", "machine": "X07c"}


def deposits(scene: Scene) -> list[Block]:
    """Large deposits, tax and machines of households not yet out, and small ones of many."""
    settings = scene.settings("deposits")
    not_out = scene.records.made.now.poor
    chosen = scene.of_households("large deposit") < settings["wrongly_included"]
    real = scene.member(scene.wrongly & not_out & chosen, scene.grown, "deposit owner")
    lawful = scene.lawful_share("deposits", len(real), scene.rightly & not_out)
    excused = scene.member(lawful, scene.grown, "lawful deposit")
    rows = np.concatenate([real, excused])
    why = np.concatenate([np.full(len(real), ""), scene.reasons("deposits", "large", len(excused))])
    kind = scene.codes("asset_kind", settings["kinds"], "deposit kind", len(rows))
    names = positions("asset_kind")
    claims = tuple(Claim(rule, why=why, where=kind == names[n]) for n, rule in _RULES.items())
    large = _balances(scene, "large", kind, settings["large"])
    large["balance_yuan"] = np.maximum(large["balance_yuan"], _by_kind(settings["least"])[kind])
    taken = np.zeros(len(not_out), dtype=bool)
    taken[scene.year.at[rows]] = True
    out = scene.of_households("deposit after exit") < settings["wrongly_included_out"]
    past = scene.member(scene.wrongly & ~not_out & out, scene.grown, "deposit after exit")
    kind_past = scene.codes("asset_kind", settings["kinds"], "kind past", len(past))
    taken[scene.year.at[past]] = True
    small = _some(scene, "small deposit", settings["small"], ~taken)
    outside = _owners_outside(scene, "deposit", settings["outsiders"])
    kind_outside = scene.codes("asset_kind", settings["kinds"], "kind outside", len(outside))
    kind_small = scene.codes("asset_kind", settings["kinds"], "kind small", len(small))
    little = _balances(scene, "small", kind_small, settings["small_amounts"])
    most = _by_kind(settings["most_small"])[kind_small]
    little["balance_yuan"] = np.minimum(little["balance_yuan"], most)
    return [
        Block("deposits", scene.people(rows), large, claims),
        Block(
            "deposits", scene.people(past), _balances(scene, "past", kind_past, settings["large"])
        ),
        Block("deposits", scene.people(small), little),
        Block("deposits", outside, _balances(scene, "outside", kind_outside, settings["large"])),
    ]


def _by_kind(values: Mapping[str, float]) -> Array:
    return np.array([values[name] for name in positions("asset_kind")], dtype=np.int64)


def _balances(
    scene: Scene, purpose: str, kind: Array, medians: Mapping[str, Pair]
) -> dict[str, Array]:
    balance = np.zeros(len(kind), dtype=np.int64)
    for place, name in enumerate(positions("asset_kind")):
        mask = kind == place
        balance[mask] = scene.amounts(f"{purpose} {name}", medians[name], int(mask.sum()))
    when = _back(scene, f"deposit {purpose} date", len(kind), 0.9)
    return {"kind": kind, "balance_yuan": balance, "amount_date": np.where(kind < 0, NULL, when)}
