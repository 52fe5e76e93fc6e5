"""From blocks of records to the table of a department, its true links and what the records give away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from jingzhun.sample.columns import NULL, UNKNOWN, Columns, frame, lists, texts
from jingzhun.sample.external.noise import KINDS, Noted, Rates, noisy_copy
from jingzhun.sample.external.scene import Scene
from jingzhun.sample.streams import Array
from jingzhun.standard import schema

ALL_KINDS = (*KINDS, "id_of_another", "stale", "namesake")
"""Kinds of noise in the truth of a link."""
OF_COUNTIES = ("vehicles", "properties", "businesses", "payroll", "hukou_moves", "deposits")
"""Tables whose records know the county only; the others know the village."""
MOVABLE = ("vehicles", "properties", "businesses", "payroll")
"""Tables with records in another county than where the person lives."""
PREFIXES = {
    "vehicles": "VE", "properties": "PR", "businesses": "BU", "payroll": "PA", "deaths": "DE",
    "hukou_moves": "HU", "medical_insurance": "MI", "medical_costs": "MC", "pension": "PE",
    "school_roll": "SR", "disability": "DI", "allowance": "AL", "housing_grade": "HG",
    "relocation": "RE", "deposits": "DP",
}  # fmt: skip
_IDS = 10_000_000


Values = Mapping[str, "Array | int | str"]
"""Columns of a block: arrays (codes as positions), or one value for all rows."""


@dataclass(frozen=True)
class Claim:
    """What a rule may find in records, or in their absence: the rule, whether it is so, and the lawful reason."""

    rule: str
    is_true: bool = True
    why: Array | str = ""
    """Lawful explanation by row, or for all; '' where there is none."""
    where: Array | None = None
    """Rows for which it is claimed; all when None."""


@dataclass(frozen=True)
class Block:
    """Records of one kind: of whom (subjects), with what in the columns, and what they give away.

    `table` is None for people of whom there is no record: only the claims count.
    """

    table: str | None
    who: Array
    columns: Values = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    stale: bool = False


@dataclass(frozen=True)
class Made:
    """One table of a county: records in the order of their numbers, the true links, the claims."""

    rows: pl.DataFrame
    links: pl.DataFrame
    claims: pl.DataFrame


def table_of(scene: Scene, name: str, blocks: Sequence[Block]) -> Made:
    """The records of one department."""
    who = np.concatenate([b.who for b in blocks]) if blocks else np.zeros(0, dtype=np.int64)
    order = scene.streams.of(f"{name} order", scene.year.period).permutation(len(who))
    place = np.empty(len(who), dtype=np.int64)
    place[order] = np.arange(len(who))
    who = who[order]
    noted, another = _noted(scene, name, who)
    first = int(scene.county) * _IDS
    ids = PREFIXES[name] + pl.Series(np.arange(first, first + len(who))).cast(pl.String)
    own = {
        column: values[order] if isinstance(values, np.ndarray) else values.gather(order)
        for column, values in _stacked(name, blocks).items()
    }
    people = scene.subjects.people
    columns: Columns = {
        "record_id": ids,
        "period": np.full(len(who), scene.year.period),
        "delivery_id": pl.repeat(delivery_id(name, scene.year.period), len(who), eager=True),
        "name": noted.names,
        "document_number": noted.numbers,
        "sex": np.where(noted.female == UNKNOWN, UNKNOWN, noted.female),
        "birth_date": noted.born,
        "ethnicity": people.ethnicity[who],
        "area_code": _areas(scene, name, who),
        **own,
    }
    known = schema.table(name).by_name
    rows = frame(name, {c: v for c, v in columns.items() if c in known}, len(who))
    if name == "disability":
        rows = _certificates(scene, rows)
    stale = np.concatenate([np.full(len(b.who), b.stale) for b in blocks])[order]
    bits = noted.noise.astype(np.int64) | np.where(
        another, 1 << ALL_KINDS.index("id_of_another"), 0
    )
    bits = bits | np.where(stale, 1 << ALL_KINDS.index("stale"), 0)
    alike = scene.subjects.alike[who] >= 0
    bits = bits | np.where(alike, 1 << ALL_KINDS.index("namesake"), 0)
    return Made(
        rows, _links(scene, name, who, ids, bits, another), _claims(name, blocks, ids, place)
    )


def delivery_id(table: str, period: int) -> str:
    """The delivery that a table's records of a period came with."""
    return f"sample-{table}-{period}"


def _stacked(name: str, blocks: Sequence[Block]) -> dict[str, Array | pl.Series]:
    """The blocks' columns one below the other, with the mark for null where a block has none."""
    types = schema.table(name).by_name
    wanted = dict.fromkeys(column for block in blocks for column in block.columns)
    stacked: dict[str, Array | pl.Series] = {}
    for column in wanted:
        kind = types[column].type
        empty: int | float | None = UNKNOWN if kind in ("code", "codes", "bool") else int(NULL)
        if kind in ("str", "division"):
            texts_ = [_texts_of(block.columns.get(column), len(block.who)) for block in blocks]
            stacked[column] = pl.concat(texts_)
            continue
        empty = np.nan if kind == "decimal" else empty
        parts = [
            np.broadcast_to(np.asarray(block.columns.get(column, empty)), len(block.who))
            for block in blocks
        ]
        stacked[column] = np.concatenate(parts)
    return stacked


def _texts_of(values: Array | int | str | None, count: int) -> pl.Series:
    if isinstance(values, np.ndarray):
        return pl.Series(values.tolist(), dtype=pl.String)
    return pl.repeat(None if values is None else str(values), count, dtype=pl.String, eager=True)


def _noted(scene: Scene, name: str, who: Array) -> tuple[Noted, Array]:
    """Each person as the department has noted him once, by record; and who bears somebody else's number."""
    subjects, period = scene.subjects, scene.year.period
    persons, back = np.unique(who, return_inverse=True)
    care = scene.external.tables[name]
    rates = Rates.of(scene.year.parameters, factor=care.noise, equal=scene.equal_names)
    noted = noisy_copy(subjects.identities.taken(persons), rates, scene.streams, name, period)
    numbers, noise = noted.numbers, noted.noise
    outside = persons >= subjects.on_file
    chance = scene.uniform(f"{name} number of another", len(persons))
    another = outside & (chance < rates.share("id_of_another")) & scene.current.any()
    rows = np.nonzero(another)[0]
    if len(rows):
        owners = scene.people(scene.current)
        draw = scene.uniform(f"{name} whose number", len(rows))
        whose = owners[np.minimum((draw * len(owners)).astype(np.int64), len(owners) - 1)]
        numbers = numbers.clone().scatter(rows, subjects.identities.numbers.gather(whose))
        noise = noise.copy()
        noise[rows] &= ~np.int32(0b1111111)
    index = pl.Series(back.astype(np.uint32))
    by_record = Noted(
        noted.names.gather(index),
        numbers.gather(index),
        noted.born[back],
        noted.female[back],
        noise[back],
    )
    return by_record, another[back]


def _areas(scene: Scene, name: str, who: Array) -> pl.Series:
    """Village or county of each record; a few in another county, a few not known."""
    care, villages = scene.external.tables[name], scene.year.county.villages
    if name in OF_COUNTIES:
        codes = (scene.county, *scene.counties)
        where = np.zeros(len(who), dtype=np.int64)
        if name in MOVABLE and scene.counties:
            away = scene.uniform(f"{name} elsewhere", len(who)) < scene.external.elsewhere
            draw = scene.uniform(f"{name} where", len(who))
            where = np.where(away, 1 + (draw * len(scene.counties)).astype(np.int64), 0)
    else:
        codes, where = villages.codes, scene.subjects.village[who]
    lost = scene.uniform(f"{name} no area", len(who)) < care.no_area
    return texts(codes, np.where(lost, UNKNOWN, where))


def _certificates(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers of disability certificates: the ID number, class and grade; 22 characters after re-issue."""
    again = pl.Series(scene.uniform("certificate again", rows.height) < 0.03)
    number = pl.concat_str("document_number", "disability_class", "disability_grade")
    whole = pl.col("document_number").str.len_chars() == 18
    return rows.with_columns(
        document_number=pl.when(~whole)
        .then("document_number")
        .when(again)
        .then(number + "B1")
        .otherwise(number)
    )


def _links(
    scene: Scene, name: str, who: Array, ids: pl.Series, bits: Array, another: Array
) -> pl.DataFrame:
    """Of whom each record is: null for people who are not on file in the period."""
    ethnicity = texts(_ethnicities(), scene.subjects.people.ethnicity[who].astype(np.int64))
    return scene.on_file_ids.select("person_id", "household_id")[who].select(
        pl.repeat(name, len(who), eager=True).alias("source"),
        ids.alias("record_id"),
        pl.repeat(scene.year.period, len(who), dtype=pl.Int64, eager=True).alias("period"),
        "person_id",
        "household_id",
        pl.lit(None, dtype=pl.String).alias("also_person_id"),
        ethnicity.alias("ethnicity"),
        lists(ALL_KINDS, bits).alias("noise"),
        pl.Series(another).alias("shares_id"),
        pl.Series(scene.subjects.twice[who]).alias("_twice"),
        scene.subjects.identities.numbers.gather(who).alias("_number"),
    )


def _ethnicities() -> tuple[str, ...]:
    return tuple(value.code for value in schema.code_list("ethnicity").values)


def _claims(name: str, blocks: Sequence[Block], ids: pl.Series, place: Array) -> pl.DataFrame:
    """One row per record and rule that it gives away."""
    parts, first = [], 0
    for block in blocks:
        rows = place[first : first + len(block.who)]
        parts += [(claim, block.who, rows) for claim in block.claims]
        first += len(block.who)
    if not parts:
        return claims_of([])
    rows = np.concatenate([r if c.where is None else r[c.where] for c, _, r in parts])
    records = name + ":" + ids.gather(pl.Series(rows.astype(np.uint32)))
    return _claim_rows([(claim, who) for claim, who, _ in parts], records)


def claims_of(blocks: Sequence[Block]) -> pl.DataFrame:
    """Claims that rest on no record, as rows: rule, subject, is_true, why, record (null)."""
    return _claim_rows([(claim, block.who) for block in blocks for claim in block.claims], None)


def _claim_rows(parts: Sequence[tuple[Claim, Array]], records: pl.Series | None) -> pl.DataFrame:
    subjects, rules, true, whys = [], [], [], []
    for claim, who in parts:
        where = np.ones(len(who), dtype=bool) if claim.where is None else claim.where
        count = int(where.sum())
        subjects.append(who[where].astype(np.int64))
        rules += [claim.rule] * count
        true += [claim.is_true] * count
        whys += np.broadcast_to(np.asarray(claim.why), len(who))[where].tolist()
    return pl.DataFrame(
        {
            "rule": rules,
            "subject": np.concatenate(subjects) if subjects else [],
            "is_true": true,
            "why": whys,
            "record": [None] * len(rules) if records is None else records,
        },
        schema={
            "rule": pl.String,
            "subject": pl.Int64,
            "is_true": pl.Boolean,
            "why": pl.String,
            "record": pl.String,
        },
    )
