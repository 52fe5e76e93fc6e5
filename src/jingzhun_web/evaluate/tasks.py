"""What the worker does for this app."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.evaluate.outcomes import FAILED, NOT_ASSESSABLE, PASSED
from jingzhun.run.job import run
from jingzhun_web.areas.packs import pack
from jingzhun_web.evaluate import results
from jingzhun_web.evaluate.services import KIND
from jingzhun_web.exchange import snapshots
from jingzhun_web.jobs.work import ENGINE, Work, kind
from jingzhun_web.registry.narrowing import STRICTER


@kind(KIND, lock=ENGINE)
def run_evaluation(work: Work) -> dict[str, Any]:
    """Snapshot, engine, verdicts: arguments `period` and `on`. Nothing is kept until all of it is."""
    period, on = int(work.arguments["period"]), date.fromisoformat(str(work.arguments["on"]))
    with work.entered():
        taken = snapshots.taken(area=work.area, period=period, tell=work.tell)
    used = pack()
    found = run(
        taken.workspace,
        on=on,
        period=period,
        pack=used,
        parts=("evaluate",),
        progress=lambda _stage, done, total: work.tell(_("Evaluating"), done, total),
    )
    computed = results.Computed(work.area, period, on, taken.id, used, found)
    with work.entered():
        kept = results.keep(computed, by=work.actor.id, job_id=work.id, tell=work.tell)
    stricter = kept.counts[STRICTER]
    told = {"passes": stricter[PASSED], "fails": stricter[FAILED]}
    told["not_assessable"] = stricter[NOT_ASSESSABLE]
    return {**told, "address": f"/decisions/runs/{kept.pk}/"}
