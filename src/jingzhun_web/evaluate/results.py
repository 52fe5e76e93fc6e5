"""An evaluation's result tables into the database, all in one step. The rules are the engine's alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

import jingzhun
from jingzhun.evaluate.outcomes import strictest
from jingzhun.policy.pack import Pack
from jingzhun.run.job import Result
from jingzhun_web.audit import services as audit
from jingzhun_web.evaluate.models import AreaVerdict, EvaluationRun
from jingzhun_web.kit.scope import DIGITS, span
from jingzhun_web.registry.narrowing import STRICTER

COUNTY_DIGITS = 6
Tell = Callable[[str, int, int], None]

SCRATCH = """
    CREATE TEMP TABLE incoming_verdict ON COMMIT DROP AS
    SELECT household_id, period, area, profile, run_id, outcome, score, detail
    FROM registry_verdict WITH NO DATA
"""
FILL = "COPY incoming_verdict FROM STDIN (FORMAT csv)"
# A household may have moved since its snapshot was taken: its verdicts stand where it lives now.
CHANGE = """
    UPDATE registry_verdict v
    SET run_id = i.run_id, area = h.area, outcome = i.outcome, score = i.score, detail = i.detail
    FROM incoming_verdict i JOIN registry_household h USING (household_id, period)
    WHERE v.household_id = i.household_id AND v.period = i.period AND v.profile = i.profile
"""
ADD = """
    INSERT INTO registry_verdict
        (household_id, period, area, profile, run_id, outcome, score, detail)
    SELECT household_id, period, h.area, profile, run_id, outcome, score, detail
    FROM incoming_verdict i JOIN registry_household h USING (household_id, period)
    WHERE NOT EXISTS (
        SELECT 1 FROM registry_verdict v
        WHERE v.household_id = i.household_id AND v.period = i.period AND v.profile = i.profile
    )
"""
COUNTIES = """
    SELECT area / %s * %s, profile, outcome, count(*) FROM registry_verdict WHERE run_id = %s
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Computed:
    """What the engine was asked, and where its answer is."""

    area: int
    period: int
    on: date
    snapshot_id: str
    pack: Pack
    result: Result


@transaction.atomic
def keep(computed: Computed, *, by: int, job_id: int, tell: Tell) -> EvaluationRun:
    """Write what the engine says; the same run a second time changes nothing.

    A household has one verdict per profile and period: that of the latest run.
    """
    found = EvaluationRun.objects.filter(run_id=computed.result.run_id, area=computed.area)
    known = found.first()
    if known is not None:
        return known
    told = _run(computed, by=by, job_id=job_id)
    run = told(computed.area, _counts(computed.result.summary))
    run.save()
    _keep_households(computed, tell)
    _keep_areas(computed)
    if computed.area % 10**COUNTY_DIGITS == 0:
        own = _counts_of_counties(computed.result.run_id)
        own.pop(computed.area, None)
        # Counties don't see what was computed above them, but their households were judged by it.
        rows = [told(county, counts) for county, counts in own.items()]
        EvaluationRun.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(by=by, act="evaluate", kind="evaluation_run", object_id=run.pk, area=computed.area)
    return run


def _run(
    computed: Computed, *, by: int, job_id: int
) -> Callable[[int, dict[str, dict[str, int]]], EvaluationRun]:
    """The evaluation as an area is told of it, with the area's own counts; not saved."""

    def told(area: int, counts: dict[str, dict[str, int]]) -> EvaluationRun:
        return EvaluationRun(
            area=area,
            period=computed.period,
            on=computed.on,
            run_id=computed.result.run_id,
            snapshot_id=computed.snapshot_id,
            pack=computed.pack.id,
            pack_version=computed.pack.version,
            pack_hash=computed.pack.content_hash,
            engine_version=jingzhun.__version__,
            profiles=list(computed.result.summary["outcomes"]),
            counts=counts,
            started_by=by,
            job_id=job_id,
        )

    return told


def _counts_of_counties(run_id: str) -> dict[int, dict[str, dict[str, int]]]:
    """County -> profile -> outcome -> households that a run judged there."""
    unit = 10**COUNTY_DIGITS
    found: dict[int, dict[str, dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTIES, [unit, unit, run_id])
        for county, profile, outcome, households in cursor.fetchall():
            found.setdefault(county, {}).setdefault(profile, {})[outcome] = households
    return found


def _counts(summary: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {**summary["outcomes"], STRICTER: summary["stricter"]}


# -- households ------------------------------------------------------------------------------------


def _keep_households(computed: Computed, tell: Tell) -> None:
    with connection.cursor() as cursor:
        # Two areas may overlap: one after the other, or a household could get two verdicts.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_verdict'))")
        cursor.execute("DROP TABLE IF EXISTS incoming_verdict")
        cursor.execute(SCRATCH)
    counties = sorted(_county_names(computed))
    for done, county in enumerate(counties):
        tell(_("Keeping the outcomes"), done, len(counties))
        for rows in _verdicts(computed, county):
            _copy(rows)
    _replace()
    tell(_("Keeping the outcomes"), len(counties), len(counties))


def _county_names(computed: Computed) -> set[str]:
    folder = computed.result.path / "evaluation"
    return {path.stem for path in folder.glob("*/*.parquet")}


def _verdicts(computed: Computed, county: str) -> Iterator[pl.DataFrame]:
    """Verdict rows of a county, profile by profile, then the stricter ones."""
    outcomes: dict[str, pl.DataFrame] = {}
    for profile in computed.result.summary["outcomes"]:
        table = pl.read_parquet(_table(computed, f"evaluation/{profile}/{county}"))
        outcomes[profile] = table.select("household_id", "village_code", outcome="outcome")
        yield _rows(computed, profile, table, score=table["score"], detail=_detail(table))
    yield _stricter(computed, outcomes)


def _stricter(computed: Computed, outcomes: dict[str, pl.DataFrame]) -> pl.DataFrame:
    of = list(computed.result.summary["stricter_of"])
    first, *others = of
    joined = outcomes[first].rename({"outcome": first})
    for other in others:
        more = outcomes[other].select("household_id", pl.col("outcome").alias(other))
        joined = joined.join(more, on="household_id", how="left")
    told = nw.from_native(joined).with_columns(outcome=strictest(of)).to_native()
    detail = told.select(pl.struct(*of).struct.json_encode().alias("detail"))["detail"]
    score = pl.Series("score", [None] * len(told), dtype=pl.Float64)
    return _rows(computed, STRICTER, told, score=score, detail=detail)


def _rows(
    computed: Computed, profile: str, table: pl.DataFrame, *, score: pl.Series, detail: pl.Series
) -> pl.DataFrame:
    return table.select(
        "household_id",
        pl.lit(computed.period).alias("period"),
        pl.col("village_code").cast(pl.Int64).alias("area"),
        pl.lit(profile).alias("profile"),
        pl.lit(computed.result.run_id).alias("run_id"),
        "outcome",
        score.alias("score"),
        detail.alias("detail"),
    )


def _detail(table: pl.DataFrame) -> pl.Series:
    """What each indicator came to, what is missing, which vetoes failed, as JSON."""
    ids = [name.removesuffix("_met") for name in table.columns if name.endswith("_met")]
    items = [
        pl.struct(
            pl.col(f"{id_}_{part}").alias(part)
            for part in ("met", "points", "value")
            if f"{id_}_{part}" in table.columns
        ).alias(id_)
        for id_ in ids
    ]
    told = pl.struct(
        pl.struct(items).alias("indicators"),
        _listed("missing").alias("missing"),
        _listed("veto_failed").alias("vetoes"),
    )
    return table.select(told.struct.json_encode().alias("detail"))["detail"]


def _listed(name: str) -> pl.Expr:
    return pl.col(name).str.split(",").list.eval(pl.element().filter(pl.element() != ""))


def _copy(rows: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, null_value="", quote_style="necessary")
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(FILL) as copy:
        copy.write(buffer.getvalue())


def _replace() -> None:
    with connection.cursor() as cursor:
        for statement in ("ANALYZE incoming_verdict", CHANGE, ADD):
            cursor.execute(statement)


# -- villages and counties -------------------------------------------------------------------------


def _keep_areas(computed: Computed) -> None:
    first, last = span(f"{computed.area:0{DIGITS}d}")
    levels = [("villages", "village_code")]
    # What is counted over a part of a county says nothing of the county.
    if first % 10**COUNTY_DIGITS == 0 and last % 10**COUNTY_DIGITS == 10**COUNTY_DIGITS - 1:
        levels.append(("counties", "county_code"))
    for folder, key in levels:
        for path in sorted((computed.result.path / folder).glob("*.parquet")):
            table = pl.read_parquet(path)
            for row in table.iter_rows(named=True):
                area = int(str(row[key]).ljust(DIGITS, "0"))
                if first <= area <= last:
                    _keep_area(computed, path.stem, area, row)


def _keep_area(computed: Computed, profile: str, area: int, row: dict[str, Any]) -> None:
    ids = [name.removesuffix("_met") for name in row if name.endswith("_met")]
    detail = {
        "indicators": {
            id_: {"met": row[f"{id_}_met"], "value": row.get(f"{id_}_value")} for id_ in ids
        },
        "missing": _words(row["missing"]),
        "vetoes": _words(row["veto_failed"]),
    }
    AreaVerdict.objects.update_or_create(
        area=area,
        period=computed.period,
        profile=profile,
        defaults={
            "run_id": computed.result.run_id,
            "on": computed.on,
            "outcome": row["outcome"],
            "detail": detail,
        },
    )


def _words(text: str) -> Sequence[str]:
    return [word for word in text.split(",") if word]


def _table(computed: Computed, name: str) -> Path:
    return computed.result.path / f"{name}.parquet"
