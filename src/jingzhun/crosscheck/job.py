"""The cross-check of a workspace: its rules, date and sources made ready; findings county by county."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

import narwhals as nw
import polars as pl

import jingzhun
from jingzhun.crosscheck.duplicates import COLUMNS as DUPLICATE_COLUMNS
from jingzhun.crosscheck.duplicates import COPIES, SameNumber
from jingzhun.crosscheck.evaluation import Evaluation, Register
from jingzhun.crosscheck.findings import FINDING, RULE, Origin, empty, findings_of
from jingzhun.crosscheck.outside import Outside
from jingzhun.crosscheck.records import linked
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.crosschecks import CrossCheck
from jingzhun.policy.pack import Pack
from jingzhun.quality.checks import with_copies
from jingzhun.standard.labels import Label


class CrossCheckJob:
    """The pack's cross-checks for one period of a workspace on a date.

    `tables`: external tables that hold records of the period and are linked; rules that need others are not
    asked. `covered`: table -> area prefixes of its deliveries, as `Evaluation` takes them.
    """

    def __init__(
        self,
        ws: Workspace,
        pack: Pack,
        on: date,
        period: int,
        *,
        tables: Sequence[str],
        covered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.ws, self.period, self.tables = ws, period, tuple(tables)
        self.evaluation = Evaluation(pack, on, tables, covered)
        self.outside = Outside(pack, on, tables)
        self.origin = Origin(on, ws.data_hash(), jingzhun.__version__, pack.content_hash)
        self.rules: dict[str, CrossCheck] = {**self.evaluation.rules, **self.outside.rules}
        self._rules = _as_rows(self.rules.values())

    @property
    def labels(self) -> dict[str, Label]:
        """Rules that are asked, in words."""
        return {name: rule.label for name, rule in self.rules.items()}

    def counties(self, counties: tuple[str, ...]) -> pl.DataFrame:
        """Findings about the households of some counties; columns as FINDING."""
        if not self.evaluation.levels:
            return empty(FINDING)
        records = linked(self.ws, self.period, counties, self.evaluation.record_columns)
        hits = self.evaluation.hits(self._register(counties), records)
        duplicates = [rule.id for rule in self.rules.values() if rule.finding == "duplicate"]
        if duplicates:
            hits = self._same_number.told(hits, duplicates)
        return findings_of(hits, self._rules, self.origin)

    def missed(self) -> pl.DataFrame:
        """Findings about people of whom only other departments know, of all counties; columns as FINDING."""
        return findings_of(self.outside.hits(self.ws, self.period), self._rules, self.origin)

    def _register(self, counties: tuple[str, ...]) -> Register:
        def rows(table: str, owner: str) -> pl.LazyFrame:
            columns = [name for name in self.evaluation.columns(owner) if name != COPIES]
            if owner == "member" and COPIES in self.evaluation.columns(owner):
                columns.append("document_number")
            found = self.ws.scan(table, period=self.period, county=counties, columns=columns)
            # Read once and held: every level of rules, and their evidence, asks for it again.
            return found.to_native().collect().lazy()

        persons = rows("persons", "member")
        if COPIES in self.evaluation.columns("member"):
            counted = with_copies(
                nw.from_native(persons), nw.from_native(self._same_number.repeated.lazy())
            )
            persons = counted.to_native()
        return Register(rows("households", "household"), persons, rows("villages", "village"))

    @cached_property
    def _same_number(self) -> SameNumber:
        return SameNumber(
            self.ws.scan("persons", period=self.period, county=counties, columns=DUPLICATE_COLUMNS)
            for counties in self.ws.chunks(self.period)
        )


def _as_rows(rules: Iterable[CrossCheck]) -> pl.DataFrame:
    rows = [
        {
            "rule": rule.id,
            "finding": rule.finding,
            "severity": rule.severity,
            "deadline_days": rule.deadline_days,
            "message_en": rule.message.en,
            "message_zh": rule.message.zh,
            "verdict_path": ",".join(rule.verdict_path),
        }
        for rule in rules
    ]
    return pl.DataFrame(rows, schema=dict(RULE))
