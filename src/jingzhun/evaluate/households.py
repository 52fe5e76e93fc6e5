"""Exit profiles over all households: one row per household and profile, and counts that add up.

Some counties are judged at a time; what is kept between them are counts and
one row of facts per village, so that a province streams in bounded memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, TypeAlias, TypeVar

import narwhals as nw

from jingzhun.evaluate import outcomes
from jingzhun.evaluate.outcomes import FAILED, NOT_ASSESSABLE, OUTCOMES, PASSED
from jingzhun.evaluate.yardstick import Yardstick, outputs, yardstick
from jingzhun.policy.cel import Expr, Program, check
from jingzhun.policy.pack import Pack

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]
Rows = TypeVar("Rows", nw.LazyFrame[Any], nw.DataFrame[Any])
"""Judged rows in memory, or on a cluster where they stay."""
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
    `local`: rows are partitions of a workspace, in order and in memory; not so on a cluster.
    """

    def __init__(
        self,
        pack: Pack,
        profiles: Sequence[str],
        on: date,
        *,
        values: bool = True,
        local: bool = True,
    ) -> None:
        self.pack = pack
        self.on = on
        self.values = values
        self.local = local
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
        """One row per household: identity, indicators, and for each profile score and flags.

        Flags are those of `outcomes.flags` and `outcomes.stricter`; `counted` are the persons of the
        household, `registered` and `exited` what the register says.
        """
        rows = self.program.apply(
            households, persons, villages, keep=IDENTITY, is_sorted=self.local
        )
        columns: dict[str, nw.Expr] = {}
        for number, stick in enumerate(self.sticks):
            columns |= outcomes.flags(number, stick)
            columns[f"s{number}"] = outcomes.score(number, stick)
        return rows.with_columns(
            **columns,
            registered=nw.col("is_registered").fill_null(True),
            exited=nw.col("exit_status").is_in(list(EXITED)).fill_null(False),
            counted=nw.coalesce(nw.col("size"), nw.col("persons_year_end"), nw.lit(0)),
            county_code=nw.col("village_code").str.slice(0, 6),
        ).with_columns(**outcomes.stricter(self.counting))

    def table(self, number: int, rows: Rows) -> Rows:
        """The result table of one profile: one row per household, indicator by indicator."""
        stick = self.sticks[number]
        columns: dict[str, nw.Expr] = {
            "outcome": outcomes.named(nw.col(f"f{number}"), nw.col(f"u{number}")),
            "score": nw.col(f"s{number}"),
            "veto_failed": outcomes.veto_list(number, stick),
            "missing": outcomes.missing_list(number, stick),
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
        conditions: dict[tuple[str, ...], nw.Expr] = {}
        for number, stick in enumerate(self.sticks):
            conditions |= self._profile_conditions(number, stick)
        for a, b in combinations(range(len(self.sticks)), 2):
            for x in OUTCOMES:
                for y in OUTCOMES:
                    both = outcomes.is_outcome(a, x) & outcomes.is_outcome(b, y)
                    conditions["pair", self.sticks[a].id, self.sticks[b].id, x, y] = both
        failed, unknown = nw.col("failed"), nw.col("unknown")
        passed = ~failed & ~unknown
        strict = {PASSED: passed, FAILED: failed, NOT_ASSESSABLE: unknown}
        exited = nw.col("exited")
        conditions["exited",] = exited
        conditions["exited_failing",] = exited & failed
        conditions["not_exited_passing",] = ~exited & passed
        return conditions | {("stricter", name): is_it for name, is_it in strict.items()}

    def _profile_conditions(self, number: int, stick: Yardstick) -> dict[tuple[str, ...], nw.Expr]:
        found: dict[tuple[str, ...], nw.Expr] = {}
        for x in OUTCOMES:
            found["outcome", stick.id, x] = outcomes.is_outcome(number, x)
        for item in stick.items:
            met = outcomes.met_column(number, item)
            found["not_met", stick.id, item.id] = ~met.fill_null(True)
            found["missing", stick.id, item.id] = met.is_null()
        if stick.pass_mark is not None:
            assessable = ~outcomes.is_outcome(number, NOT_ASSESSABLE)
            reached = assessable & (nw.col(f"s{number}") >= stick.pass_mark - outcomes.TOLERANCE)
            found["reached", stick.id] = reached
            found["reached_no_veto", stick.id] = reached & ~nw.col(f"v{number}")
        return found

    def totals(self, rows: Lazy | Eager, *, county: str | None = None) -> dict[str, Counts]:
        """County code -> counts over registered households; one small row per county is computed.

        With `county`, all rows are known to be of that county, which is quicker.
        """
        conditions = {("registered",): nw.lit(True), **self.count_conditions()}
        registered = nw.col("registered")
        masks = [registered & condition for condition in conditions.values()]
        if county is not None:
            one = rows.lazy().select(
                nw.len(), *(m.sum().alias(f"n{i}") for i, m in enumerate(masks))
            )
            found = [(county, *_here(one).row(0))]
        else:
            # Conditions can't be summed in groups by every engine: 0 and 1 can.
            ready = [m.cast(nw.Int64).alias(f"n{i}") for i, m in enumerate(masks)]
            added = [nw.len().alias("rows"), *(nw.col(f"n{i}").sum() for i in range(len(masks)))]
            grouped = rows.lazy().select("county_code", *ready).group_by("county_code").agg(*added)
            found = _here(grouped).rows()
        return {str(code): _counted(conditions, counts) for code, *counts in sorted(found)}

    def score_bands(self, rows: Lazy | Eager) -> dict[str, Counts]:
        """County code -> registered households by band of score, for every weighted profile."""
        found: dict[str, Counts] = {}
        registered = rows.lazy().filter(nw.col("registered"))
        for number, stick in enumerate(self.sticks):
            if not stick.is_weighted:
                continue
            band = ((nw.col(f"s{number}") + outcomes.TOLERANCE) // SCORE_STEP).cast(nw.Int64)
            banded = registered.select("county_code", band=band * SCORE_STEP)
            grouped = banded.group_by("county_code", "band").agg(nw.len().alias("n"))
            for county, low, n in _here(grouped).rows():
                found.setdefault(str(county), Counter())["score", stick.id, str(low)] += int(n)
        return found

    def village_facts(self, rows: Lazy | Eager) -> Eager:
        """One row per village: households and persons of the register by stricter outcome."""
        registered, exited = nw.col("registered"), nw.col("exited")
        failed, unknown = nw.col("failed"), nw.col("unknown")
        masks = {
            "register_persons": registered,
            "passed_persons": registered & ~failed & ~unknown,
            "failed_persons": registered & failed,
            "not_assessable_persons": registered & unknown,
            "not_exited_persons": registered & ~exited,
            "wrongly_exited_persons": registered & exited & failed,
            "missed_persons": ~registered & failed,
        }
        counted = nw.col("counted")
        ready = rows.lazy().select(
            "village_code",
            registered.cast(nw.Int64).alias("register_households"),
            *(
                nw.when(mask).then(counted).otherwise(nw.lit(0)).alias(name)
                for name, mask in masks.items()
            ),
        )
        names = ["register_households", *masks]
        grouped = ready.group_by("village_code").agg(*(nw.col(name).sum() for name in names))
        poor = (
            nw.col("failed_persons") + nw.col("not_assessable_persons") + nw.col("missed_persons")
        )
        return _here(grouped.with_columns(poor_persons=poor)).sort("village_code")

    def township_outcomes(self, rows: Lazy | Eager) -> Counter[tuple[str, str, str]]:
        """(township code, profile, outcome) -> registered households."""
        found: Counter[tuple[str, str, str]] = Counter()
        township = nw.concat_str(nw.col("village_code").str.slice(0, 9), nw.lit("000"))
        registered = rows.lazy().filter(nw.col("registered")).with_columns(township=township)
        for number, stick in enumerate(self.sticks):
            named = outcomes.named(nw.col(f"f{number}"), nw.col(f"u{number}"))
            chosen = registered.select("township", outcome=named)
            grouped = chosen.group_by("township", "outcome").agg(nw.len().alias("n"))
            for code, outcome, n in _here(grouped).rows():
                found[str(code), stick.id, str(outcome)] += int(n)
        return found

    def judge(self, households: Lazy, persons: Lazy | None, villages: Lazy | None) -> Judgement:
        """Judge some counties in full: tables, counts, village facts."""
        # Joins keep no order; the register's order makes the results the same bytes every time.
        rows = self.judged(households, persons, villages).collect().sort("household_key")
        tables = {s.id: self.table(i, rows) for i, s in enumerate(self.sticks)}
        counts = self.totals(rows)
        for county, bands in self.score_bands(rows).items():
            counts[county].update(bands)
        return Judgement(
            tables,
            counts,
            self.village_facts(rows),
            self.township_outcomes(rows),
        )


def _here(frame: Lazy) -> Eager:
    """The few rows of a result in memory, wherever they were computed."""
    return frame.collect("polars")


def _counted(conditions: Iterable[tuple[str, ...]], row: Sequence[Any]) -> Counts:
    """Counts from a row: first all households, then one number per condition."""
    counts: Counts = Counter({("households",): int(row[0])})
    counts.update({key: int(n) for key, n in zip(conditions, row[1:], strict=True) if n})
    return counts
