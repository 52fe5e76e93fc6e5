"""Who is on the register in which year, and who has left it: lasting facts of each household."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import UNKNOWN, positions
from jingzhun.sample.draws import Draws
from jingzhun.sample.members import NEVER
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.streams import Array, Streams, normal_share, pick, whole

STAYED, ADDED, REMOVED, UNREGISTERED, DISSOLVED = range(5)


@dataclass(frozen=True)
class Register:
    """One entry per household. Years are NEVER where the thing does not happen."""

    group: Array
    joined: Array
    left: Array
    """Year in which the household is no longer on file."""
    exit: Array
    returned: Array
    again: Array
    """Year of the second exit, after a return to poverty."""
    wrongly_included: Array
    poor_unregistered: Array
    wrong_exit: Array
    """The exit is wrong in truth."""
    wrong_on_record: Array
    """And the record itself shows it."""

    def on_file(self, period: int) -> Array:
        """Households with a record in the year, registered or not."""
        return np.asarray(self.left > period)

    def registered(self, period: int) -> Array:
        """Households with an archive card at the end of the year."""
        return (self.joined <= period) & (self.left > period)

    def poor(self, period: int) -> Array:
        """Registered households that have not exited, or have fallen back, at the end of the year."""
        back = (self.returned <= period) & (self.again > period)
        return self.registered(period) & ((self.exit > period) | back)

    def exit_year(self, period: int) -> Array:
        """Year of the last exit so far; NEVER where there is none that holds."""
        last = np.where(self.again <= period, self.again, self.exit)
        gone = self.registered(period) & ~self.poor(period)
        return np.where(gone, last, NEVER)

    def status(self, period: int) -> Array:
        """Exit status as a position in the code list; UNKNOWN for the unregistered."""
        code = positions("exit_status")
        back = (self.returned <= period) & (self.again > period)
        status = np.where(self.exit <= period, code["exited"], code["not_exited"])
        status = np.where(back, code["returned"], status)
        return np.where(self.registered(period), status, UNKNOWN)


def groups(parameters: Parameters, plan: CountyPlan, streams: Streams) -> Array:
    """The group of every household that is ever on file in the county, in random order."""
    settings, draw = parameters.registry.groups, streams.uniform("groups", 4)
    if plan.households == 0:
        return np.zeros(0, dtype=np.int8)
    number = {
        ADDED: min(whole(settings.added * plan.households, draw[0]), plan.households - 1),
        REMOVED: whole(settings.removed * plan.households, draw[1]),
        UNREGISTERED: whole(settings.unregistered * plan.households, draw[2]),
        DISSOLVED: whole(settings.dissolved * plan.households, draw[3]),
    }
    number[STAYED] = plan.households - number[ADDED]
    listed = np.repeat(list(number), list(number.values())).astype(np.int8)
    return streams.of("order of groups").permutation(listed)


def register(
    parameters: Parameters, plan: CountyPlan, group: Array, dissolves: Array, draws: Draws
) -> Register:
    """The years of every household on the register; `dissolves` is the year in which it dies out."""
    settings = parameters.registry
    years = list(settings.look_back_years)
    look_back = np.asarray(years)[
        pick(settings.look_back_years.values(), draws.lasting("look back"))
    ]
    joined = np.select([group == ADDED, group == UNREGISTERED], [look_back, NEVER], 0)
    left = np.select([group == REMOVED, group == DISSOLVED], [look_back, dissolves], NEVER)
    kept_wrongly = draws.lasting("wrongly included") < settings.wrongly_included_kept
    wrongly = (group == REMOVED) | ((group == STAYED) & kept_wrongly)
    exit_ = _exits(parameters, plan, draws, wrongly)
    exit_ = np.where(group == ADDED, np.maximum(exit_, joined + 1), exit_)
    exit_ = np.where(group == UNREGISTERED, NEVER, exit_)
    returned, again = _returns(parameters, draws, exit_)
    share = settings.wrong_exit * plan.troubles["wrong_exit"]
    wrong = (draws.lasting("wrong exit") < share) & (exit_ < NEVER) & ~wrongly
    poor_outside = draws.lasting("poor outside") < settings.unregistered_poor
    return Register(
        group=group,
        joined=joined.astype(np.int16),
        left=left.astype(np.int16),
        exit=exit_.astype(np.int16),
        returned=returned.astype(np.int16),
        again=again.astype(np.int16),
        wrongly_included=wrongly,
        poor_unregistered=(group == ADDED) | ((group == UNREGISTERED) & poor_outside),
        wrong_exit=wrong,
        wrong_on_record=wrong & (draws.lasting("wrong on record") < settings.wrong_exit_on_record),
    )


def _exits(parameters: Parameters, plan: CountyPlan, draws: Draws, early: Array) -> Array:
    """First year at whose end the household has left, from its place in the queue.

    The queue goes by lasting income and chance; the wrongly included are further ahead.
    """
    rho = parameters.registry.income_and_exit
    z = rho * draws.lasting_normal("lasting income")
    z = z + np.sqrt(1.0 - rho**2) * draws.lasting_normal("exit chance")
    ahead = normal_share(z)
    ahead = np.where(early, 1.0 - (1.0 - ahead) * 0.6, ahead)
    exit_ = np.full(len(ahead), parameters.registry.last_year + 1)
    for year in reversed(parameters.years):
        exit_ = np.where(ahead >= plan.remaining[year], year, exit_)
    return exit_


def _returns(parameters: Parameters, draws: Draws, exit_: Array) -> tuple[Array, Array]:
    settings = parameters.registry.returns
    falls = (draws.lasting("returns") < settings["rate"]) & (exit_ <= settings["exits_until"])
    after = 1 + (draws.lasting("returns after") * 2).astype(np.int64)
    returned = np.where(falls, np.minimum(exit_ + after, parameters.registry.last_year), NEVER)
    recovers = falls & (draws.lasting("exits again") < settings["again_exited"])
    return returned, np.where(recovers, returned + 1, NEVER)
