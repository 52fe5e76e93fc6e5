"""What the worker does for this app."""

from __future__ import annotations

from datetime import date
from typing import Any

from jingzhun_web.crosscheck.running import Asked, computed, kept, must_be_county
from jingzhun_web.exchange import snapshots
from jingzhun_web.jobs.work import ENGINE, Work, kind

KIND = "crosscheck"


@kind(KIND, lock=ENGINE)
def run_crosscheck(work: Work) -> dict[str, Any]:
    """Snapshot, engine, findings: arguments `period` and `on`. Nothing is kept until all of it is."""
    must_be_county(work.area)
    period, on = int(work.arguments["period"]), date.fromisoformat(str(work.arguments["on"]))
    with work.entered():
        taken = snapshots.taken(area=work.area, period=period, tell=work.tell)
    asked = Asked(work.area, period, on, taken.workspace, taken.id)
    result = computed(asked, work.tell)
    with work.entered():
        run = kept(asked, result, by=work.actor.id, job_id=work.id, tell=work.tell)
    return {**run.counts, "address": f"/findings/?period={period}"}
