"""The findings of a period over time: a new cross-check laid on what is stored. Pure: tables in, tables out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from jingzhun.crosscheck.findings import OPEN, STORED, UPDATED, WITHDRAWN, Origin, empty
from jingzhun.standard.labels import Label

EVENTS: Mapping[str, Label] = {
    "opened": Label(en="opened", zh="新增"),
    "updated": Label(en="changed", zh="变更"),
    "withdrawn": Label(en="withdrawn", zh="撤回"),
    "reopened": Label(en="back again", zh="再次出现"),
}

EVENT: Mapping[str, DataTypeClass | DataType] = {
    "finding_id": pl.String(),
    "event": pl.String(),
    "on": pl.Date(),
    "rule": pl.String(),
    "household_id": pl.String(),
    "county_code": pl.String(),
    "changed": pl.List(pl.String),
    "evidence_before": pl.String(),
    "evidence_after": pl.String(),
    "reason": pl.String(),
    "data_hash": pl.String(),
    "engine_version": pl.String(),
    "pack_hash": pl.String(),
}
"""One row per change of a finding. `changed`: columns that differ; `reason`: one of REASONS, or null."""

REASONS: Mapping[str, Label] = {
    "condition_ended": Label(en="the condition no longer holds", zh="规则条件已不成立"),
    "rule_ended": Label(en="the rule is no longer asked", zh="规则已停用"),
    "goes_on": Label(en="it goes on from the period before", zh="上一年度延续"),
}

_COMPARED = ("record_ids", "link_band", "values", "severity")


@dataclass(frozen=True)
class Merged:
    """The findings as they now stand, and what happened to get there; unchanged ones make no event."""

    findings: pl.DataFrame
    events: pl.DataFrame


def merge(
    stored: pl.DataFrame,
    found: pl.DataFrame,
    origin: Origin,
    *,
    rules: frozenset[str] | None = None,
    earlier: pl.DataFrame | None = None,
) -> Merged:
    """Lay the findings of a cross-check (FINDING) on the stored ones (STORED).

    A new one is opened, one whose facts differ is updated, one that is gone is withdrawn, one that is back is
    opened again; the same findings again change nothing. `origin` is that of the cross-check. `rules`: ids of
    the rules that were asked, to tell a fact that is gone from a rule that is gone. `earlier`: findings of the
    period before; one that goes on keeps its first day.
    """
    found = _same_numbers(found, stored)
    pairs = found.join(
        stored.select("finding_id", *(pl.col(n).alias(f"old_{n}") for n in _OLD)),
        on="finding_id",
        how="left",
    )
    is_new = pl.col("old_state").is_null()
    was_gone = pl.col("old_state") == WITHDRAWN
    is_other = pl.col("evidence_hash") != pl.col("old_evidence_hash")
    event = (
        pl.when(is_new)
        .then(pl.lit("opened"))
        .when(was_gone)
        .then(pl.lit("reopened"))
        .when(is_other)
        .then(pl.lit("updated"))
    )
    judged = pairs.with_columns(event=event)
    gone = _gone(stored, found)
    now = pl.concat([_current(judged, origin, earlier), _kept(stored, found, gone)])
    events = pl.concat([_events(judged, origin, earlier), _withdrawals(gone, origin, rules)]).sort(
        "finding_id", "event"
    )
    return Merged(now.sort("finding_id"), events)


_ORIGIN = ("parameter_date", "data_hash", "engine_version", "pack_hash")
_OLD = (*_COMPARED, *_ORIGIN, "evidence_hash", "state", "first_on", "last_on", "deadline")


def _same_numbers(found: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """People outside the register keep their number while any of their records is the same."""
    outside = found.filter(pl.col("household_id").is_null())
    known = stored.filter(pl.col("household_id").is_null())
    if not outside.height or not known.height:
        return found
    old = known.select("rule", pl.col("record_ids"), old_id="finding_id").explode("record_ids")
    new = outside.select("finding_id", "rule", "record_ids").explode("record_ids")
    same = (
        new.join(old, on=["rule", "record_ids"], how="inner")
        .group_by("finding_id")
        .agg(pl.col("old_id").min())
        # One old number goes to one new finding only, or two people would share it.
        .sort("finding_id")
        .unique("old_id", keep="first", maintain_order=True)
    )
    joined = found.join(same, on="finding_id", how="left")
    # A number that is taken over must not stand beside a finding that has it by itself.
    taken = joined.filter(pl.col("old_id").is_null())["finding_id"]
    free = pl.when(~pl.col("old_id").is_in(taken.implode())).then(pl.col("old_id"))
    renamed = joined.with_columns(finding_id=pl.coalesce(free, pl.col("finding_id")))
    return renamed.drop("old_id").unique("finding_id", keep="first", maintain_order=True)


def _first_days(earlier: pl.DataFrame | None) -> pl.DataFrame:
    if earlier is None:
        return pl.DataFrame(schema={"finding_id": pl.String, "earlier_on": pl.Date})
    going = earlier.filter(pl.col("state") != WITHDRAWN)
    return going.select("finding_id", earlier_on="first_on")


def _current(judged: pl.DataFrame, origin: Origin, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """The findings of this cross-check with their history."""
    rows = judged.join(_first_days(earlier), on="finding_id", how="left")
    event = pl.col("event")
    state = (
        pl.when(event.is_in(["opened", "reopened"]))
        .then(pl.lit(OPEN))
        .when(event == "updated")
        .then(pl.lit(UPDATED))
        .otherwise(pl.col("old_state"))
    )
    same = event.is_null()
    # An unchanged finding keeps with what it was computed: a second run leaves the same bytes.
    kept = {
        name: pl.when(same).then(pl.col(f"old_{name}")).otherwise(pl.col(name)) for name in _ORIGIN
    }
    # The time to look into it runs from the day it was opened.
    running = same | (event == "updated")
    kept["deadline"] = pl.when(running).then(pl.col("old_deadline")).otherwise(pl.col("deadline"))
    return rows.with_columns(
        state=state,
        first_on=pl.coalesce("old_first_on", "earlier_on", pl.lit(origin.on)),
        last_on=pl.max_horizontal("old_last_on", pl.lit(origin.on)),
        **kept,
    ).select(*STORED)


def _gone(stored: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Stored findings, still open, that were not found this time."""
    alive = stored.filter(pl.col("state") != WITHDRAWN)
    return alive.join(found.select("finding_id"), on="finding_id", how="anti")


def _kept(stored: pl.DataFrame, found: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Stored findings that were not found: withdrawn now, or before."""
    others = stored.join(found.select("finding_id"), on="finding_id", how="anti")
    is_gone = pl.col("finding_id").is_in(gone["finding_id"].implode())
    state = pl.when(is_gone).then(pl.lit(WITHDRAWN)).otherwise(pl.col("state"))
    return others.with_columns(state=state).select(*STORED)


def _events(judged: pl.DataFrame, origin: Origin, earlier: pl.DataFrame | None) -> pl.DataFrame:
    rows = judged.filter(pl.col("event").is_not_null())
    rows = rows.join(_first_days(earlier), on="finding_id", how="left")
    was_there = pl.col("old_state").is_not_null()
    differs = [
        pl.when(was_there & pl.col(name).ne_missing(pl.col(f"old_{name}"))).then(pl.lit(name))
        for name in _COMPARED
    ]
    goes_on = (pl.col("event") == "opened") & pl.col("earlier_on").is_not_null()
    return rows.with_columns(
        on=pl.lit(origin.on),
        changed=pl.concat_list(differs).list.drop_nulls(),
        evidence_before=pl.col("old_evidence_hash"),
        evidence_after=pl.col("evidence_hash"),
        reason=pl.when(goes_on).then(pl.lit("goes_on")),
    ).select(pl.col(name).cast(kind) for name, kind in EVENT.items())


def _withdrawals(gone: pl.DataFrame, origin: Origin, rules: frozenset[str] | None) -> pl.DataFrame:
    if not gone.height:
        return empty(EVENT)
    asked = pl.lit(True) if rules is None else pl.col("rule").is_in(sorted(rules))
    reason = pl.when(asked).then(pl.lit("condition_ended")).otherwise(pl.lit("rule_ended"))
    return gone.with_columns(
        event=pl.lit("withdrawn"),
        on=pl.lit(origin.on),
        changed=pl.lit([], dtype=pl.List(pl.String)),
        evidence_before=pl.col("evidence_hash"),
        evidence_after=pl.lit(None, dtype=pl.String),
        reason=reason,
        data_hash=pl.lit(origin.data_hash),
        engine_version=pl.lit(origin.engine_version),
        pack_hash=pl.lit(origin.pack_hash),
    ).select(pl.col(name).cast(kind) for name, kind in EVENT.items())


def typed(
    rows: pl.DataFrame | None, columns: Mapping[str, DataTypeClass | DataType]
) -> pl.DataFrame:
    """A stored partition with exactly these columns; a column that an older engine did not write is null."""
    if rows is None:
        return empty(columns)
    return rows.select(
        pl.col(name).cast(kind) if name in rows.columns else pl.lit(None).cast(kind).alias(name)
        for name, kind in columns.items()
    )
