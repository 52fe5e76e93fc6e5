"""What the police know: deaths, and moves of the hukou."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import positions
from jingzhun.sample.external.rows import Block, Claim, Values
from jingzhun.sample.external.scene import Scene, day, new_year
from jingzhun.sample.members import DIES, LEAVES, MARRIES_IN, MARRIES_OUT
from jingzhun.sample.streams import Array, pick

LATE_DAYS = 20
MOVES_KNOWN = 3
"""Years of moves that a delivery holds."""


@dataclass(frozen=True)
class Dead:
    """Current members, as positions of persons on file, who have died and are members still by the register."""

    rows: Array
    died: Array
    why: Array
    """A report on its way, or ''."""
    earlier: Array
    """Died in the year before."""
    paid: Array
    """Died in the year before, and a pension or allowance goes on."""

    def mask(self, where: Array, persons: int) -> Array:
        """The chosen ones among all persons on file."""
        found = np.zeros(persons, dtype=bool)
        found[self.rows[where]] = True
        return found


def unreported(scene: Scene) -> Dead:
    """Who has died without the register knowing it."""
    settings, rate = scene.settings("deaths"), scene.year.parameters.population.death
    hazard = np.exp(rate["intercept"] + rate["slope"] * np.clip(scene.age, 0, 100))
    dies = scene.of_persons("unreported death") < hazard * settings["unreported"]
    # A household of one is not left without anybody: it would have been noticed.
    alone = scene.year.there.sum(axis=1)[scene.year.at] < 2
    rows = np.nonzero(dies & scene.current & ~alone & (scene.age > 2))[0]
    which = scene.uniform("death when", len(rows))
    share = scene.uniform("death day", len(rows))
    late = which < settings["late"]
    earlier = which > 1.0 - settings["year_before"]
    start, end = day(scene.year.period, 1, 5), scene.last_day
    in_year = start + share * (end - LATE_DAYS - start)
    died = np.where(late, end - share * LATE_DAYS, np.where(earlier, in_year - 365, in_year))
    paid = earlier & (scene.uniform("still paid", len(rows)) < settings["still_paid"])
    return Dead(
        rows=rows,
        died=died.astype(np.int64),
        why=np.where(late, "late_report", ""),
        earlier=earlier,
        paid=paid,
    )


def deaths(scene: Scene, dead: Dead) -> list[Block]:
    """Deaths of the last years: of people who have left the register, of members still, of outsiders."""
    settings, kinds = scene.settings("deaths"), positions("death_record")
    people, period = scene.year.county.people, scene.year.period
    gone = (people.how_out == DIES) & (people.stop <= period)
    gone &= people.stop > period - settings["years"]
    noted = scene.uniform("death noted", len(people)) >= settings["not_recorded"]
    who = np.nonzero(gone & noted & ~scene.subjects.skipped[: len(people)])[0]
    change = scene.year.county.person_draws.lasting("change day")[who]
    died = new_year(people.stop[who]) + (change * 364).astype(np.int64)
    known = died <= scene.last_day
    who, died = who[known], died[known]
    outside = scene.outsiders(
        (scene.outsider_age >= 40) & (scene.of_outsiders("death") < settings["outsiders"] * 3)
    )
    when = scene.last_day - (scene.uniform("o", len(outside)) * 900).astype(np.int64)
    blocks = [
        Block("deaths", who, {"died_on": died}),
        Block(
            "deaths",
            scene.people(dead.rows),
            {"died_on": dead.died},
            (Claim("X05a", why=dead.why),),
        ),
        Block("deaths", outside, {"died_on": when}),
    ]
    done = []
    for number, block in enumerate(blocks):
        cremated = scene.uniform(f"cremated {number}", len(block.who)) < settings["civil_affairs"]
        kind = np.where(cremated, kinds["civil_affairs"], kinds["police"])
        done.append(Block(block.table, block.who, {**block.columns, "kind": kind}, block.claims))
    return done


def hukou_moves(scene: Scene) -> list[Block]:
    """Moves that the register has not seen, others that it has, and some that change no membership."""
    return [
        _left(scene),
        *_harmless(scene),
        *_family_changes(scene),
        _outside(scene),
    ]


def _left(scene: Scene) -> Block:
    """Members who have moved away or whose hukou is cancelled, and still stand on the register."""
    settings, kinds = scene.settings("hukou_moves"), positions("hukou_move_kind")
    whole = scene.of_households("all moved") < settings["whole_household"]
    chance = scene.of_persons("moved away")
    alone = scene.grown & (chance < settings["unreported"])
    cancelled = scene.grown & (chance > 1.0 - settings["cancelled"])
    left = scene.current & (whole[scene.year.at] | alone | cancelled)
    rows = np.nonzero(left)[0]
    at = scene.year.at[rows]
    everybody = np.bincount(at, minlength=len(whole)) == scene.year.there.sum(axis=1)
    by_household = scene.of_households("lawful move") < scene.external.lawful
    why = np.where(by_household[at], "lives_here", "")
    registered = scene.registered[at]
    kind = np.where(cancelled[rows], kinds["cancelled"], kinds["out"])
    words = positions("hukou_move_reason")
    reason = np.where(cancelled[rows], words["other"], words["work"])
    return Block(
        "hukou_moves",
        scene.people(rows),
        {**_move(scene, "left", len(rows)), "kind": kind, "reason": reason},
        (
            Claim("X06a", why=why, where=registered & everybody[at]),
            Claim("X06b", why=why, where=registered & ~everybody[at]),
        ),
    )


def _move(scene: Scene, purpose: str, count: int) -> dict[str, Array]:
    """When and where: another county of the province, or another province."""
    back = (scene.uniform(f"moved on {purpose}", count) * 600).astype(np.int64)
    beyond = scene.settings("hukou_moves")["beyond"]
    where = np.array([*scene.counties, *beyond])
    shares = [0.6 / max(len(scene.counties), 1)] * len(scene.counties)
    shares += [0.4 / len(beyond)] * len(beyond)
    place = pick(shares, scene.uniform(f"moved to {purpose}", count))
    return {
        "moved_on": scene.last_day - back,
        "from_area": np.full(count, scene.county),
        "to_area": where[place],
    }


def _harmless(scene: Scene) -> list[Block]:
    settings, words = scene.settings("hukou_moves"), positions("hukou_move_reason")
    chance, edge = scene.of_persons("harmless move"), 0.0
    taken = (scene.of_persons("moved away") < settings["unreported"]) | (
        scene.of_persons("moved away") > 1.0 - settings["cancelled"]
    )
    taken |= (scene.of_households("all moved") < settings["whole_household"])[scene.year.at]
    found = []
    for reason, rate in settings["harmless"].items():
        mask = scene.grown & ~taken & (chance >= edge) & (chance < edge + rate)
        edge += rate
        rows = np.nonzero(mask)[0]
        columns: Values = {**_move(scene, reason, len(rows)), "kind": 0, "reason": words[reason]}
        found.append(Block("hukou_moves", scene.people(rows), columns))
    return found


def _family_changes(scene: Scene) -> list[Block]:
    """Who married in or out, or left, in the last years, as far as the police know."""
    people, period = scene.year.county.people, scene.year.period
    kinds, words = positions("hukou_move_kind"), positions("hukou_move_reason")
    made = ~scene.subjects.skipped[: len(people)]
    noted = scene.uniform("family change", len(people)) < scene.settings("hukou_moves")["came"]
    recent = range(period - MOVES_KNOWN + 1, period + 1)
    came = made & noted & (people.how_in == MARRIES_IN) & np.isin(people.start, recent)
    went = made & noted & np.isin(people.stop, recent)
    found = []
    for mask, kind, reason in (
        (came, "in", "marriage"),
        (went & (people.how_out == MARRIES_OUT), "out", "marriage"),
        (went & (people.how_out == LEAVES), "out", "work"),
    ):
        who = np.nonzero(mask)[0]
        move = _move(scene, f"family {kind} {reason}", len(who))
        if kind == "in":
            move["from_area"], move["to_area"] = move["to_area"], move["from_area"]
        columns: Values = {**move, "kind": kinds[kind], "reason": words[reason]}
        found.append(Block("hukou_moves", who, columns))
    return found


def _outside(scene: Scene) -> Block:
    alive = scene.outsider_age >= 0
    chance = scene.of_outsiders("moved") < scene.settings("hukou_moves")["outsiders"]
    who = scene.outsiders(alive & chance)
    kind = pick([0.5, 0.4, 0.1], scene.uniform("kind of move", len(who)))
    reason = pick([1.0] * 5, scene.uniform("reason of move", len(who)))
    return Block(
        "hukou_moves",
        who,
        {**_move(scene, "outside", len(who)), "kind": kind, "reason": reason},
    )
