"""The passes one after the other: what an earlier one has found a later one need not look at."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.linkage import training
from jingzhun.linkage.blocking import Blocks, Budget
from jingzhun.linkage.by_number import Agreement, same_number, slipped
from jingzhun.linkage.fields.coded import Coded
from jingzhun.linkage.fields.crossed import with_crossed
from jingzhun.linkage.fields.prepare import coded_fields, kinds
from jingzhun.linkage.linked import CERTAIN, ID_NEAR, PROBABILISTIC, PROBABLE, REVIEW
from jingzhun.linkage.model import Model
from jingzhun.linkage.names import tables_version
from jingzhun.linkage.resolving import banded
from jingzhun.linkage.rows import Rows, Tables, identity, without
from jingzhun.linkage.scoring import BY_NUMBER, BY_SLIP, Scores, evidence, scored
from jingzhun.linkage.spec import Spec
from jingzhun.linkage.training import LevelRows

KNOWN = 20_000
"""Pairs found by number that training looks at."""


@dataclass(frozen=True)
class Found:
    """Possible links, not yet resolved, and conflicts."""

    candidates: pl.DataFrame
    conflicts: pl.DataFrame
    model: Model
    compared: int


@dataclass
class Part:
    """Pairs of one pass with the levels of their fields."""

    pairs: pl.DataFrame
    """left, right (row numbers), pass, band."""
    fields: list[Coded]
    levels: LevelRows
    rows: Rows
    """Row numbers of the left table's fields."""
    number: str | None = None
    """Evidence of a pass by number."""

    def filter(self, mask: NDArray[np.bool_]) -> Part:
        """Some of the pairs."""
        kept = np.nonzero(mask)[0]
        return Part(
            self.pairs[kept], self.fields, self.levels[:, kept], self.rows[kept], self.number
        )


@dataclass
class Cascade:
    """One run over two tables, or over one."""

    tables: Tables
    spec: Spec
    model: Model | None = None
    _parts: list[Part] = field(default_factory=list)
    _conflicts: list[Part] = field(default_factory=list)
    _compared: int = 0

    def __post_init__(self) -> None:
        self._kinds = kinds(self.tables, self.spec)

    def found(self) -> Found:
        """Possible links by all passes, with scores and evidence."""
        for name, _ in identity(self.spec):
            self._by_number(name)
        for name, _ in identity(self.spec):
            self._by_slip(name)
        rest = self._compared_rest()
        model = self.model or self._trained(rest)
        found = [self._scored(part, model) for part in self._parts]
        found.append(self._scored_rest(rest, model))
        conflicts = [self._told(part, model) for part in self._conflicts]
        candidates = pl.concat([part for part in found if part.width], how="vertical")
        best = candidates.sort("odds", descending=True).unique(
            ["left_id", "right_id"], keep="first", maintain_order=True
        )
        return Found(
            best.sort("left_id", "right_id"),
            _conflicts(conflicts, self.tables),
            model,
            self._compared,
        )

    # -- passes by number -----------------------------------------------------------------

    def _by_number(self, name: str) -> None:
        pairs = self._new(same_number(self.tables, name))
        part = self._paired(pairs, name)
        agreement = Agreement.of(part.fields, part.levels)
        conflict = agreement.conflict()
        self._conflicts.append(part.filter(conflict))
        part.pairs = part.pairs.with_columns(band=pl.Series(agreement.band(), dtype=pl.String))
        self._parts.append(part.filter(~conflict))

    def _by_slip(self, name: str) -> None:
        right = self._open()
        pairs = slipped(self.tables.rest(right), name)
        found = pl.Series("right", right[pairs["right"].to_numpy()], dtype=pl.UInt32)
        part = self._paired(self._new(pairs.with_columns(found)), name)
        agreement = Agreement.of(part.fields, part.levels)
        part.pairs = part.pairs.with_columns(band=pl.Series(agreement.near_band(), dtype=pl.String))
        self._parts.append(part.filter(agreement.near_enough()))

    def _paired(self, pairs: pl.DataFrame, number: str) -> Part:
        left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
        rows = np.arange(len(left))
        fields = coded_fields(
            self.tables.taken(left, right), self.spec, self._kinds, is_paired=True
        )
        self._compared += len(left)
        return Part(pairs, fields, _levels(fields, rows, rows), rows, number)

    def _new(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Without pairs that an earlier pass has seen."""
        for part in (*self._parts, *self._conflicts):
            pairs = pairs.join(part.pairs, on=["left", "right"], how="anti", maintain_order="left")
        return pairs

    def _open(self) -> Rows:
        """Rows of the right table that may still have a link.

        What a row is compared with depends on nothing but itself and the left table, so that a delivery of
        changed rows alone comes to the same.
        """
        right = self.tables.right.height
        sure = [part.pairs.filter(pl.col("band") != REVIEW)["right"] for part in self._parts]
        if not sure or not (self.spec.one_to_one or self.spec.right_once):
            return np.arange(right)
        return without(right, pl.concat(sure).to_numpy())

    # -- the probabilistic pass -----------------------------------------------------------

    def _compared_rest(self) -> Part:
        right = self._open()
        self._rest = tables = self.tables.rest(right)
        fields = coded_fields(tables, self.spec, self._kinds)
        blocks = Blocks(fields, tables, seed=self.spec.seed)
        self._rules = self.model.rules() if self.model else blocks.chosen(Budget.of(tables.people))
        inside = blocks.pairs(self._rules)
        del blocks
        one, two = inside["left"].to_numpy(), inside["right"].to_numpy()
        pairs = pl.DataFrame({"left": one, "right": right[two].astype(np.uint32)}).with_row_index(
            "n"
        )
        kept = self._new(pairs)["n"].to_numpy()
        one, two = one[kept], two[kept]
        self._compared += len(one)
        pairs = pairs[kept].select("left", "right", pl.lit(PROBABILISTIC).alias("pass"))
        return Part(pairs, fields, _levels(fields, one, two), one)

    def _trained(self, rest: Part) -> Model:
        tables, count = self._rest, rest.pairs.height
        one, two = training.drawn_pairs(tables, self.spec.seed)
        u = [
            training.chances(c, c.level(one, two), is_one_table=tables.is_one) for c in rest.fields
        ]
        random = np.random.default_rng(self.spec.seed)
        seen = np.sort(random.choice(count, min(count, training.SEEN), replace=False))
        sample = rest.filter(_mask(count, seen))
        shared = {one.left: one.shared for one in self.spec.fields}
        found = training.train(
            rest.fields, shared, sample.levels, u, tables.all_pairs,
            training.rarity(rest.fields, sample.levels, sample.rows, u),
            known=self._known(), weight=count / max(len(seen), 1),
            most_matches=training.MOST_EACH * max(tables.left.height, tables.right.height),
        )  # fmt: skip
        return Model(
            spec=self.spec.fingerprint,
            names=tables_version(),
            fields=training.field_models(rest.fields, found),
            prior=found.prior,
            prior_household=found.prior_household,
            blocks=tuple(tuple(":".join(key) for key in rule) for rule in self._rules),
            trained_on={
                "left": self.tables.left.height, "right": self.tables.right.height,
                "pairs": count, "rounds": found.rounds,
            },
        )  # fmt: skip

    def _known(self) -> LevelRows | None:
        """Levels of some pairs that are one person by their number."""
        sure = [part.filter((part.pairs["band"] == CERTAIN).to_numpy()) for part in self._parts]
        if not sum(part.pairs.height for part in sure):
            return None
        levels = np.concatenate([part.levels for part in sure], axis=1)
        some = np.unique(np.linspace(0, levels.shape[1] - 1, KNOWN).astype(int))
        known = levels[:, some].copy()
        numbers = {name for name, _ in identity(self.spec)}
        for row, coded in zip(known, sure[0].fields, strict=True):
            if coded.field in numbers:
                row[:] = -1
        return known

    # -- scores ---------------------------------------------------------------------------

    def _scored(self, part: Part, model: Model) -> pl.DataFrame:
        """Pairs of a pass by number, with what the number adds."""
        levels = part.levels.copy()
        for row, coded in zip(levels, part.fields, strict=True):
            if coded.field == part.number:
                row[:] = -1
        is_near = (part.pairs["pass"] == ID_NEAR).to_numpy()
        scores = self._scores(model, part, levels).with_added(np.where(is_near, BY_SLIP, BY_NUMBER))
        told = [(part.number or "", "one_slip", BY_SLIP), (part.number or "", "same", BY_NUMBER)]
        added = [told[0] if near else told[1] for near in is_near.tolist()]
        return self._table(part.pairs, scores, evidence(model, levels, added))

    def _scored_rest(self, part: Part, model: Model) -> pl.DataFrame:
        scores = self._scores(model, part, part.levels)
        most = CERTAIN if self.spec.probabilistic_certain else PROBABLE
        bands = banded(scores.probability, self.spec.thresholds, most=most)
        bands = np.where((bands != "") & self._only_near(part), REVIEW, bands)
        kept = np.nonzero(bands != "")[0]
        pairs = part.pairs[kept].with_columns(band=pl.Series(bands[kept], dtype=pl.String))
        scores = Scores(scores.odds[kept], scores.weight[kept])
        told = evidence(model, part.levels[:, kept], [None] * len(kept))
        return self._table(pairs, scores, told)

    def _only_near(self, part: Part) -> NDArray[np.bool_]:
        """Pairs of quite different names whose numbers are one slip apart: siblings have such numbers too."""
        near = np.zeros(part.pairs.height, dtype=bool)
        for row, coded in zip(part.levels, part.fields, strict=True):
            if coded.kind == "gb11643":
                near |= row == coded.levels.index("one_slip")
        return near & Agreement.of(part.fields, part.levels).name_differs if near.any() else near

    def _scores(self, model: Model, part: Part, levels: LevelRows) -> Scores:
        return scored(model, part.fields, levels, part.rows)

    def _told(self, part: Part, model: Model) -> pl.DataFrame:
        """Conflicts with their evidence."""
        added = [(part.number or "", "same", BY_NUMBER)] * part.pairs.height
        return part.pairs.select("left", "right").with_columns(evidence(model, part.levels, added))

    def _table(self, pairs: pl.DataFrame, scores: Scores, told: pl.Series) -> pl.DataFrame:
        return pairs.select(
            left_id=self.tables.left.ids.gather(pairs["left"]),
            right_id=self.tables.right.ids.gather(pairs["right"]),
            **{"pass": pl.col("pass")},
            band=pl.col("band"),
            probability=pl.Series(scores.probability),
            weight=pl.Series(scores.weight),
            odds=pl.Series(scores.odds),
            evidence=told,
        )


def _levels(fields: list[Coded], one: Rows, two: Rows) -> LevelRows:
    if not fields:
        return np.empty((0, len(one)), dtype=np.int8)
    levels = np.stack([coded.level(one, two) for coded in fields])
    return with_crossed(fields, levels, one, two)


def _mask(count: int, rows: Rows) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=bool)
    mask[rows] = True
    return mask


def _conflicts(parts: list[pl.DataFrame], tables: Tables) -> pl.DataFrame:
    """left_id, right_id, evidence."""
    if not parts:
        from_nothing = {"left_id": tables.left.ids.dtype, "right_id": tables.right.ids.dtype}
        return pl.DataFrame(schema=from_nothing)
    both = pl.concat(parts)
    return both.select(
        left_id=tables.left.ids.gather(both["left"]),
        right_id=tables.right.ids.gather(both["right"]),
        evidence="evidence",
    ).sort("left_id", "right_id")
