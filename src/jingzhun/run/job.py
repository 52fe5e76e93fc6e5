"""The whole job: walks the counties, writes every result table, and leaves a manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jingzhun
from jingzhun.frames import spark
from jingzhun.frames.results import ResultFolder, peak_memory_mib, result_folder
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.report import write_report
from jingzhun.run import compared, stages
from jingzhun.run.cluster import evaluate_on_spark
from jingzhun.run.progress import Progress, silent, told
from jingzhun.run.summary import assemble

PARTS = ("check", "crosscheck", "identify", "evaluate", "report")
"""All parts of a run; the cross-check does nothing where there are no records of other departments."""


@dataclass(frozen=True)
class Result:
    """Where a run's results are, and its summary."""

    run_id: str
    path: Path
    summary: dict[str, Any]

    @property
    def report(self) -> Path:
        """The report page."""
        return self.path / "report.html"


def run(
    ws: Workspace,
    *,
    on: date,
    period: int | None = None,
    pack: Pack | None = None,
    profiles: Sequence[str] = (),
    parts: Sequence[str] = PARTS,
    out: Path | None = None,
    engine: str = spark.EMBEDDED,
    progress: Progress = silent,
) -> Result:
    """Check, cross-check, identify, evaluate and report one period of a workspace, as of a date.

    The period is the latest not after the date's year, unless named. Profiles default to the pack's
    household profiles that are valid on the date. Tables are the same bytes for the same inputs; the run's id
    says which: date, period, and a hash over data, pack, profiles and engine version. `engine` is where
    households are evaluated: here, or on Spark (`spark-local`, `spark://host:port`); the tables hold the same.
    A cross-check leaves its findings in the workspace too, with their history.
    """
    pack = pack or load_pack(ws.pack)
    period = period or stages.period_for(ws, on)
    names = tuple(profiles) or tuple(p.id for p in pack.profiles_on(on))
    run_id = run_id_of(ws, pack, on, period, (*names, *parts))
    target = out or ws.results_dir(run_id)
    with result_folder(target) as folder:
        found = _staged(ws, pack, on, period, names, parts, folder, engine, progress)
        summary = assemble(found, run_id=run_id, seconds=folder.seconds, peak=peak_memory_mib())
        if "report" in parts:
            with folder.stage("report"):
                for _ in told(progress, "report", ["page"]):
                    write_report(summary, pack_dir=pack.path, out=folder.path / "report.html")
        summary = {**summary, "seconds": dict(folder.seconds), "peak_memory_mib": peak_memory_mib()}
        folder.write_json("summary.json", summary)
        folder.write_json("manifest.json", _manifest(ws, pack, on, period, names, run_id, folder))
    return Result(run_id, target, summary)


def run_id_of(ws: Workspace, pack: Pack, on: date, period: int, choices: Sequence[str]) -> str:
    """The id of a computation: the same inputs always have the same."""
    parts = (ws.data_hash(), pack.content_hash, *choices, jingzhun.__version__)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{on.isoformat()}-{period}-{digest[:10]}"


def _staged(
    ws: Workspace,
    pack: Pack,
    on: date,
    period: int,
    profiles: Sequence[str],
    parts: Sequence[str],
    folder: ResultFolder,
    engine: str,
    progress: Progress,
) -> stages.Found:
    found = stages.Found(ws, pack, on, period)
    if "check" in parts:
        with folder.stage("check"):
            found.checks = stages.check(ws, pack, on, period, folder, progress)
    if "crosscheck" in parts:
        with folder.stage("link"):
            compared.link(ws, period, progress)
        with folder.stage("crosscheck"):
            found.crosschecked = compared.crosscheck(ws, pack, on, period, folder, progress)
    if "identify" in parts:
        with folder.stage("identify"):
            found.identified = stages.identify(ws, pack, on, period, folder, progress)
        with folder.stage("compare"):
            found.comparison = stages.compare(ws, pack, period, progress)
    if "evaluate" in parts:
        with folder.stage("evaluate"):
            found.evaluated = _evaluated(found, profiles, folder, engine, progress)
    return found


def _evaluated(
    found: stages.Found,
    profiles: Sequence[str],
    folder: ResultFolder,
    engine: str,
    progress: Progress,
) -> stages.Evaluated:
    ws, pack, on, period = found.ws, found.pack, found.on, found.period
    if engine == spark.EMBEDDED:
        return stages.evaluate(ws, pack, on, period, profiles, folder, progress)
    return evaluate_on_spark(
        ws,
        pack,
        on=on,
        period=period,
        profiles=profiles,
        engine=engine,
        out=folder,
        progress=progress,
    )


def _manifest(
    ws: Workspace,
    pack: Pack,
    on: date,
    period: int,
    profiles: Sequence[str],
    run_id: str,
    folder: ResultFolder,
) -> dict[str, Any]:
    files = [p for p in ws.files_all() if p.period in (period, period - 1) and not p.is_derived]
    return {
        "format": 1,
        "run_id": run_id,
        "on": on.isoformat(),
        "period": period,
        "profiles": list(profiles),
        "engine_version": jingzhun.__version__,
        "pack": {"id": pack.id, "version": pack.version, "hash": pack.content_hash},
        "data_hash": ws.data_hash(),
        "inputs": [{"path": p.path, "rows": p.rows, "sha256": p.sha256} for p in files],
        "tables": folder.tables,
        "rows_in": sum(p.rows for p in files),
        "rows_out": sum(int(table["rows"]) for table in folder.tables.values()),
        "seconds": dict(folder.seconds),
        "peak_memory_mib": peak_memory_mib(),
    }
