"""A cross-check of an area: the engine asks its rules, and its findings are laid on those on file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

import jingzhun
from jingzhun.crosscheck.findings import FINDING, Origin, empty
from jingzhun.crosscheck.history import EVENTS, merge, typed
from jingzhun.crosscheck.quality import rule_quality
from jingzhun.crosscheck.verdicts import import_verdicts
from jingzhun.errors import UserError
from jingzhun.frames.workspace import UNPLACED, Workspace
from jingzhun.run.job import Result
from jingzhun.run.job import run as run_engine
from jingzhun_web.areas.packs import pack
from jingzhun_web.audit import services as audit
from jingzhun_web.crosscheck import copying, rows
from jingzhun_web.crosscheck.models import Finding, Run
from jingzhun_web.kit.scope import span

Tell = Callable[[str, int, int], None]
COUNTY, PROVINCE = 10**6, 10**10
PARTS = ("crosscheck",)
COUNTED = ("findings", *EVENTS, "changed", "elsewhere", "not_placed")


class CrosscheckError(UserError):
    """A cross-check can't be done, or its findings can't be kept."""


@dataclass(frozen=True)
class Asked:
    """What is to be cross-checked, as of which date, on which snapshot."""

    area: int
    period: int
    on: date
    workspace: Workspace
    snapshot_id: str


def must_be_county(area: int) -> None:
    """A cross-check needs a whole county: else the records of its other people would be nobody's."""
    if area % COUNTY:
        raise CrosscheckError(
            _("A cross-check is run for a whole county or more"),
            why=_("In a part of one, records of the others would seem to be of people not on file"),
            do=_("Choose the county"),
        )


def computed(asked: Asked, tell: Tell) -> Result:
    """The engine's own run on the snapshot. CrosscheckError when no records were delivered."""
    words = {"link": _("Linking records"), "crosscheck": _("Asking the rules")}

    def told(stage: str, done: int, total: int) -> None:
        tell(words.get(stage, stage), done, total)

    result = run_engine(
        asked.workspace,
        on=asked.on,
        period=asked.period,
        pack=pack(),
        parts=PARTS,
        progress=told,
    )
    if result.summary.get("crosscheck") is None:
        raise CrosscheckError(
            _("There are no records of other departments for %d in this area") % asked.period,
            do=_("Import deliveries first, or choose another year"),
        )
    return result


def kept(asked: Asked, result: Result, *, by: int, job_id: int, tell: Tell) -> Run:
    """Lay the findings of a computation on those on file, county by county; call it in one transaction.

    The same again changes nothing. CrosscheckError when those on file are of a later day. Findings about people
    outside the register whose records tell no area (the engine's county `000000`) are counted as `not_placed` and
    kept nowhere: every county's run reads those records, so that one finding would be many counties' at once.
    """
    _must_not_be_older(asked)
    names = frozenset(row["rule"] for row in result.summary["crosscheck"]["findings"]["by_rule"])
    origin = Origin(
        asked.on, asked.workspace.data_hash(), jingzhun.__version__, pack().content_hash
    )
    counted = Counter(not_placed=_found(result.path, UNPLACED).height)
    counties = _counties(asked, result.path)
    for place, county in enumerate(counties):
        found = _inside(_found(result.path, county), asked.area, counted)
        merged = merge(
            _comparable(rows.stored(asked.period, county), found, asked.area),
            found,
            origin,
            rules=names,
            earlier=rows.stored(asked.period - 1, county),
        )
        counted["changed"] += _laid(merged.findings, asked.period)
        copying.tell(_told(merged.events), period=asked.period)
        counted.update(Counter(merged.events["event"].to_list()))
        tell(_("Keeping findings"), place + 1, len(counties))
    counts = {name: counted[name] for name in COUNTED}
    return _noted(asked, result, sorted(names), counts, by=by, job_id=job_id)


def _must_not_be_older(asked: Asked) -> None:
    on_file = Finding.objects.filter(
        period=asked.period, area__range=span(f"{asked.area:012d}"), last_on__gt=asked.on
    )
    if on_file.exists():
        raise CrosscheckError(
            _("The findings on file are of a later day"),
            why=_("They would seem to be gone or back again"),
            do=_("Choose a later day for the cross-check"),
        )


def _counties(asked: Asked, folder: Path) -> list[str]:
    """Counties with findings now or before, inside the area."""
    now = {path.stem for path in (folder / "crosscheck").glob("*.parquet")}
    on_file = Finding.objects.filter(period=asked.period, area__range=span(f"{asked.area:012d}"))
    before = set(on_file.values_list("county_code", flat=True).distinct())
    return sorted((now | before) - {UNPLACED})


def _found(folder: Path, county: str) -> pl.DataFrame:
    path = folder / "crosscheck" / f"{county}.parquet"
    return typed(pl.read_parquet(path), FINDING) if path.exists() else empty(FINDING)


def _inside(found: pl.DataFrame, area: int, counted: Counter[str]) -> pl.DataFrame:
    """Findings inside the area: of others the job may know nothing, and keep nothing."""
    low, high = span(f"{area:012d}")
    own = rows.placed(found).filter(pl.col("area").is_between(low, high))
    counted["findings"] += own.height
    counted["elsewhere"] += found.height - own.height
    return own.drop("area")


def _comparable(stored: pl.DataFrame, found: pl.DataFrame, area: int) -> pl.DataFrame:
    """Findings on file that this cross-check can say are gone.

    Whether somebody is on file twice, only the register of the whole province tells.
    """
    if area % PROVINCE == 0:
        return stored
    is_here = pl.col("finding_id").is_in(found["finding_id"].implode())
    return stored.filter((pl.col("finding") != "duplicate") | is_here)


def _laid(findings: pl.DataFrame, period: int) -> int:
    if not findings.height:
        return 0
    return copying.lay(
        rows.as_fields(rows.placed(findings), period=period, today=timezone.localdate())
    )


def _told(events: pl.DataFrame) -> pl.DataFrame:
    details = [
        json.dumps(
            {"on": row["on"].isoformat(), "changed": row["changed"] or [], "reason": row["reason"]}
        )
        for row in events.iter_rows(named=True)
    ]
    named = events.select("finding_id", "event")
    return named.with_columns(detail=pl.Series("detail", details, dtype=pl.String))


def _noted(
    asked: Asked, result: Result, names: list[str], counts: dict[str, int], *, by: int, job_id: int
) -> Run:
    used = pack()
    run = Run.objects.create(
        area=asked.area,
        period=asked.period,
        on=asked.on,
        engine_run=result.run_id,
        snapshot_id=asked.snapshot_id,
        data_hash=asked.workspace.data_hash(),
        pack=used.id,
        pack_version=used.version,
        pack_hash=used.content_hash,
        engine_version=jingzhun.__version__,
        rules=names,
        counts=counts,
        quality=_judged(asked),
        started_by=by,
        job_id=job_id,
    )
    audit.record(
        by=by,
        act="keep_findings",
        kind="crosscheck_run",
        object_id=run.pk,
        area=asked.area,
        **counts,
    )
    return run


def _judged(asked: Asked) -> list[dict[str, Any]]:
    """What the engine says of each rule by the verdicts so far; they are left in its own store too."""
    decided = rows.verdicts(asked.period, asked.area)
    if not decided.height:
        return []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "verdicts.csv"
        decided.write_csv(file)
        workspace = Workspace.open(asked.workspace.path)
        import_verdicts(workspace, file, period=asked.period, on=timezone.localdate())
    on_file = rows.everything(asked.period, asked.area)
    villages = asked.workspace.rows("villages", asked.period)
    judged = rule_quality(on_file, decided, villages=villages)
    return [
        {key: row[key] for key in ("rule", "decided", "verdicts", "suggestions")}
        for row in judged
        if row["decided"]
    ]
