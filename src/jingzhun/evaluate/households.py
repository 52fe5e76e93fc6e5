"""Exit profiles over all households: one row per household and profile, and counts that add up.

Some counties are judged at a time; what is kept between them are counts and
one row of facts per village, so that a province streams in bounded memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.evaluate import outcomes
from jingzhun.evaluate.outcomes import FAILED, NOT_ASSESSABLE, OUTCOMES, PASSED
from jingzhun.evaluate.yardstick import Yardstick, outputs, yardstick
from jingzhun.policy.cel import Expr, Program, check
from jingzhun.policy.pack import Pack

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]
Counts: TypeAlias = Counter[tuple[str, ...]]
"""What was counted -> households. Keys start with a word: ("outcome", profile, outcome) ..."""

IDENTITY = (
    "household_key",
    "household_id",
    "village_code",
    "is_registered",
    "exit_status",
    "persons_year_end",
)
EXITED = ("exited", "exited_no_policy", "exited_policy")
SCORE_STEP = 5


@dataclass
class Judgement:
    """Some counties judged: a table per profile, counts per county, facts per village and township."""

    tables: dict[str, Eager]
    counts: dict[str, Counts]
    villages: Eager
    townships: Counter[tuple[str, str, str]] = field(default_factory=Counter)


class HouseholdEvaluation:
    """Some household profiles of a pack, made ready for a date.

    `profiles` are judged side by side; those that count decide the stricter outcome (all of them when
    none of the pack's counting profiles is among them). With `values`, what was measured is kept too.
    """

    def __init__(
        self, pack: Pack, profiles: Sequence[str], on: date, *, values: bool = True
    ) -> None:
        self.pack = pack
        self.on = on
        self.values = values
        self.sticks: list[Yardstick] = [yardstick(pack, name, on) for name in profiles]
        named = outputs(self.sticks, values=values)
        self.program = Program(self.sticks[0].scope, {**named, "size": self._size()})
        counting = [i for i, s in enumerate(self.sticks) if s.id in pack.profiles_that_count]
        self.counting = counting or list(range(len(self.sticks)))

    def _size(self) -> Expr:
        return check(self.pack.household_size, self.sticks[0].scope)

    @property
    def household_columns(self) -> list[str]:
        """Columns of households that are read."""
        return list(dict.fromkeys([*IDENTITY, *self.program.reads("household")]))

    @property
    def person_columns(self) -> list[str]:
        """Columns of persons that are read; empty when no profile asks about members."""
        return ["household_key", *self.program.reads("member")] if self.program.uses_members else []

    @property
    def village_columns(self) -> list[str]:
        """Columns of villages that are read; empty when no profile asks about the village."""
        reads = self.program.reads("village")
        return ["village_code", *reads] if reads else []

    # -- rows ---------------------------------------------------------------------------------

    def judged(self, households: Lazy, persons: Lazy | None, villages: Lazy | None) -> Lazy:
        """One row per household with outcome, score, vetoes and missing list of every profile."""
        rows = self.program.apply(households, persons, villages, keep=IDENTITY)
        columns: dict[str, nw.Expr] = {}
        for number, stick in enumerate(self.sticks):
            columns[f"o{number}"] = outcomes.outcome(number, stick)
            columns[f"s{number}"] = outcomes.score(number, stick)
            columns[f"v{number}"] = outcomes.veto_list(number, stick)
            columns[f"m{number}"] = outcomes.missing_list(number, stick)
        persons_counted = nw.coalesce(nw.col("size"), nw.col("persons_year_end"), nw.lit(0))
        return rows.with_columns(
            **columns,
            registered=nw.col("is_registered").fill_null(True),
            counted=persons_counted,
            county_code=nw.col("village_code").str.slice(0, 6),
        ).with_columns(stricter=outcomes.stricter([f"o{i}" for i in self.counting]))

    def table(self, number: int, rows: Eager) -> Eager:
        """The result table of one profile: one row per household, indicator by indicator."""
        stick = self.sticks[number]
        columns: dict[str, nw.Expr] = {
            "outcome": nw.col(f"o{number}"),
            "score": nw.col(f"s{number}"),
            "veto_failed": nw.col(f"v{number}"),
            "missing": nw.col(f"m{number}"),
        }
        for item in stick.items:
            columns[f"{item.id}_met"] = outcomes.met_column(number, item)
            if stick.is_weighted:
                columns[f"{item.id}_points"] = outcomes.points_column(number, item)
            if self.values and item.value is not None:
                columns[f"{item.id}_value"] = nw.col(f"q{number}__{item.id}__value")
        return rows.select(
            "household_id",
            "county_code",
            "village_code",
            nw.col("registered").alias("is_registered"),
            nw.col("size").alias("household_size"),
            *(expr.alias(name) for name, expr in columns.items()),
        )

    # -- counts -------------------------------------------------------------------------------

    def count_conditions(self) -> dict[tuple[str, ...], nw.Expr]:
        """What is counted over registered households, each as a condition on a judged row."""
        conditions: dict[tuple[str, ...], nw.Expr] = {("registered",): nw.lit(True)}
        for number, stick in enumerate(self.sticks):
            conditions |= self._profile_conditions(number, stick)
        for a, b in combinations(range(len(self.sticks)), 2):
            for x in OUTCOMES:
                for y in OUTCOMES:
                    both = (nw.col(f"o{a}") == x) & (nw.col(f"o{b}") == y)
                    conditions["pair", self.sticks[a].id, self.sticks[b].id, x, y] = both
        exited = nw.col("exit_status").is_in(list(EXITED)).fill_null(False)
        conditions["exited",] = exited
        conditions["exited_failing",] = exited & (nw.col("stricter") == FAILED)
        conditions["not_exited_passing",] = ~exited & (nw.col("stricter") == PASSED)
        return conditions | {("stricter", x): nw.col("stricter") == x for x in OUTCOMES}

    def _profile_conditions(self, number: int, stick: Yardstick) -> dict[tuple[str, ...], nw.Expr]:
        found: dict[tuple[str, ...], nw.Expr] = {}
        outcome, score = nw.col(f"o{number}"), nw.col(f"s{number}")
        for x in OUTCOMES:
            found["outcome", stick.id, x] = outcome == x
        for item in stick.items:
            met = outcomes.met_column(number, item)
            found["not_met", stick.id, item.id] = ~met.fill_null(True)
            found["missing", stick.id, item.id] = met.is_null()
        assessable = outcome != NOT_ASSESSABLE
        if stick.pass_mark is not None:
            reached = assessable & (score >= stick.pass_mark - outcomes.TOLERANCE)
            found["reached", stick.id] = reached
            for step in range(0, 101, SCORE_STEP):
                band = (score >= step - outcomes.TOLERANCE) & (
                    score < step + SCORE_STEP - outcomes.TOLERANCE
                )
                found["score", stick.id, str(step)] = band
            found["reached_no_veto", stick.id] = reached & (nw.col(f"v{number}") == "")
        return found

    def totals(self, rows: Lazy | Eager) -> dict[str, Counts]:
        """County code -> counts over registered households; one small row per county is computed."""
        conditions = self.count_conditions()
        registered = nw.col("registered")
        sums = [
            (registered & condition).cast(nw.Int64).alias(f"n{i}")
            for i, condition in enumerate(conditions.values())
        ]
        names = [f"n{i}" for i in range(len(conditions))]
        ready = rows.lazy().select("county_code", *sums)
        added = [nw.len().alias("rows"), *(nw.col(name).sum() for name in names)]
        found: dict[str, Counts] = {}
        for county, households, *values in ready.group_by("county_code").agg(*added).collect().rows():
            counts: Counts = Counter({("households",): int(households)})
            counts.update({key: int(n) for key, n in zip(conditions, values, strict=True) if n})
            found[str(county)] = counts
        return dict(sorted(found.items()))

    def village_facts(self, rows: Eager) -> Eager:
        """One row per village: households and persons of the register by stricter outcome."""
        registered, outcome = nw.col("registered"), nw.col("stricter")
        exited = nw.col("exit_status").is_in(list(EXITED)).fill_null(False)
        masks = {
            "register_persons": registered,
            "passed_persons": registered & (outcome == PASSED),
            "failed_persons": registered & (outcome == FAILED),
            "not_assessable_persons": registered & (outcome == NOT_ASSESSABLE),
            "not_exited_persons": registered & ~exited,
            "wrongly_exited_persons": registered & exited & (outcome == FAILED),
            "missed_persons": ~registered & (outcome == FAILED),
        }
        counted = nw.col("counted")
        ready = rows.select(
            "village_code",
            registered.cast(nw.Int64).alias("register_households"),
            *(
                nw.when(mask).then(counted).otherwise(nw.lit(0)).alias(name)
                for name, mask in masks.items()
            ),
        )
        names = ["register_households", *masks]
        facts = ready.group_by("village_code").agg(*(nw.col(name).sum() for name in names))
        poor = (
            nw.col("failed_persons") + nw.col("not_assessable_persons") + nw.col("missed_persons")
        )
        return facts.with_columns(poor_persons=poor).sort("village_code")

    def township_outcomes(self, rows: Eager) -> Counter[tuple[str, str, str]]:
        """(township code, profile, outcome) -> registered households."""
        found: Counter[tuple[str, str, str]] = Counter()
        township = nw.concat_str(nw.col("village_code").str.slice(0, 9), nw.lit("000"))
        registered = rows.filter(nw.col("registered")).with_columns(township=township)
        for number, stick in enumerate(self.sticks):
            grouped = registered.group_by("township", f"o{number}").agg(nw.len().alias("n"))
            for code, outcome, n in grouped.rows():
                found[str(code), stick.id, str(outcome)] += int(n)
        return found

    def judge(
        self, households: Lazy, persons: Lazy | None, villages: Lazy | None
    ) -> Judgement:
        """Judge some counties in full: tables, counts, village facts."""
        # Joins keep no order; the register's order makes the results the same bytes every time.
        rows = self.judged(households, persons, villages).collect().sort("household_key")
        tables = {s.id: self.table(i, rows) for i, s in enumerate(self.sticks)}
        return Judgement(
            tables,
            self.totals(rows),
            self.village_facts(rows),
            self.township_outcomes(rows),
        )
