"""The income items of a household: they add up to the recorded income per person times its members."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import NULL, UNKNOWN, Columns, positions
from jingzhun.sample.health import Condition
from jingzhun.sample.members import HEAD
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.welfare import Welfare
from jingzhun.sample.year import Year


@dataclass(frozen=True)
class Work:
    """Who works, and for how much. Person arrays are zero for those who don't."""

    months: Array
    pay: Array
    """Yuan a month."""
    post: Array
    """Holds a public-service post."""
    post_months: Array
    wage: Array
    """Of the household: months times pay of its workers."""
    post_wage: Array

    def columns(self, year: Year) -> Columns:
        """The work columns of persons."""
        draw, income = year.by_person, year.parameters.income
        works = self.months > 0
        places, posts = positions("work_place"), positions("public_post")
        place = np.array([places[code] for code in income.work_places])
        post = np.array([posts[code] for code in income.public_posts])
        where = place[pick(income.work_places.values(), draw.lasting("work place"))]
        which = post[pick(income.public_posts.values(), draw.lasting("public post"))]
        return {
            "work_place": np.where(works, where, UNKNOWN),
            "work_months": self.months,
            "monthly_pay_yuan": np.where(works, self.pay, NULL),
            "public_post": np.where(self.post, which, UNKNOWN),
            "public_post_months": np.where(self.post, self.post_months, NULL),
        }


def work(year: Year, health: Condition, wanted_wage: Array) -> Work:
    """Jobs that earn about the wanted wage: months and monthly pay of the members who can work."""
    income, draw = year.parameters.income, year.by_household
    worker = health.able & year.current & (year.age >= 17) & (year.age <= 62)
    rank = year.rank(worker)
    hands = year.count(worker)
    fewest, longest = income.months_at_most
    most = fewest + (draw.lasting("months at most") * (longest - fewest + 1)).astype(np.int64)
    usual = income.monthly_pay[year.period] * np.exp(
        income.pay_spread * draw.yearly_normal("monthly pay")
    )
    busy = (hands > 0) & (wanted_wage >= income.least_wage)
    total = np.clip(np.round(wanted_wage / usual), 1, np.maximum(most * hands, 1)) * busy
    pay = np.floor(wanted_wage / np.maximum(total, 1)).astype(np.int64)
    first = _first_worker(year, hands)
    turn = np.where(worker, (rank - first[year.at]) % np.maximum(hands, 1)[year.at], 0)
    months = np.where(
        worker, np.clip(total[year.at] - most[year.at] * turn, 0, most[year.at]), 0
    ).astype(np.int64)
    post, post_months = _posts(year, worker & (months == 0), busy)
    post_wage = np.bincount(
        year.at, weights=post * post_months * income.public_post_pay, minlength=len(hands)
    )
    return Work(
        months=months,
        pay=np.where(months > 0, pay[year.at], 0),
        post=post,
        post_months=post_months,
        wage=(total * pay).astype(np.int64),
        post_wage=post_wage.astype(np.int64),
    )


def _first_worker(year: Year, hands: Array) -> Array:
    """Rank of the member who goes out to work first: any of them."""
    draw = year.by_household.lasting("first worker")
    return np.asarray(np.minimum((draw * hands).astype(np.int64), np.maximum(hands - 1, 0)))


def _posts(year: Year, free: Array, busy: Array) -> tuple[Array, Array]:
    """Public-service posts for one member without another job, in some households."""
    income, draw = year.parameters.income, year.by_household
    share = income.public_post[year.period] * np.where(busy, 0.6, 2.0)
    chosen = draw.lasting("has public post") < share
    post = free & (year.rank(free) == 0) & chosen[year.at] & (year.slot >= HEAD)
    months = 6 + (draw.lasting("post months") * 7).astype(np.int64)
    return post, np.where(post, months[year.at], 0)


@dataclass(frozen=True)
class Shares:
    """What is earned beside the transfers, wanted in yuan a household."""

    wage: Array
    business: Array
    property: Array


def wanted(year: Year, total: Array, received: Array, hands: Array) -> Shares:
    """Divide what is left after transfers; without anybody to work it comes from property and land."""
    income, draw = year.parameters.income, year.by_household
    split = income.split
    has_job = draw.lasting("has job") < income.worker_households[year.period]
    wage = split.wage * np.exp(split.spread * draw.yearly_normal("wage share"))
    business = split.business * np.exp(split.spread * draw.yearly_normal("business share"))
    chances = income.chances["dividend"] + income.chances["land_rent"]
    gets = draw.lasting("property") < chances
    property_ = split.property * 2 * draw.yearly("property share") / chances * gets
    wage = np.where((hands > 0) & has_job, wage, 0.0)
    business = np.where((hands == 0) & (wage == 0), business * 0.8, business)
    left = np.maximum(total - received, 0)
    whole = wage + business + property_
    return Shares(left * wage / whole, left * business / whole, left * property_ / whole)


def business(year: Year, net: Array) -> Columns:
    """Gross income and expenditure by line, whose difference is `net` exactly."""
    settings, draw = year.parameters.income.business, year.by_household
    terrain = year.county.plan.facts.terrain
    lines = {
        "planting": settings.planting[terrain] * (draw.lasting("plants") < 0.93),
        "livestock": settings.livestock[terrain] * (draw.lasting("keeps animals") < 0.6),
        "forestry": 0.08 * (draw.lasting("forestry") < settings.forestry_share),
        "other": 0.25 * (draw.lasting("other business") < settings.other_share),
    }
    weights = {
        line: share * np.exp(0.3 * draw.yearly_normal(f"business {line}"))
        for line, share in lines.items()
    }
    none = np.sum(list(weights.values()), axis=0) == 0
    weights["planting"] = np.where(none, 1.0, weights["planting"])
    whole = np.sum(list(weights.values()), axis=0)
    columns: Columns = {}
    left = net.copy()
    for line in ("livestock", "forestry", "other", "planting"):
        # Planting comes last and takes what rounding leaves; small amounts are not split off.
        part = np.floor(net * weights[line] / whole).astype(np.int64)
        part = np.where(part < 60, 0, part) if line != "planting" else left
        left = left - part
        ratio = settings.expense[line] * (0.7 + 0.6 * draw.yearly(f"expense {line}"))
        spent = np.where(part > 0, np.maximum(np.round(part * ratio / (1 - ratio)), 30), 0)
        columns[f"expense_{line}_yuan"] = spent.astype(np.int64)
        columns[f"business_{line}_yuan"] = part + spent.astype(np.int64)
    return columns


def properties(year: Year, amount: Array) -> Columns:
    """Property income: dividend, land rent, or a little of something else."""
    chances, draw = year.parameters.income.chances, year.by_household
    both = chances["dividend"] + chances["land_rent"]
    rents = draw.lasting("property") * both < chances["land_rent"]
    other = draw.lasting("other property") < 0.04
    whole = np.floor(amount).astype(np.int64)
    zero = np.zeros_like(whole)
    return {
        "property_dividend_yuan": np.where(~rents & ~other, whole, zero),
        "property_land_rent_yuan": np.where(rents & ~other, whole, zero),
        "property_other_yuan": np.where(other, whole, zero),
    }


def most_from_transfers(year: Year, total: Array, support: Welfare) -> Array:
    """Upper limit of the transfers of a household, in yuan."""
    limits = year.parameters.income.at_most
    return total * np.where(support.no_labour, limits["no_labour"], limits["labour"])
