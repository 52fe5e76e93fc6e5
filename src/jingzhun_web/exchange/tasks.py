"""What jobs of imports do. Each may be begun again after a machine went down: it leaves before or after."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from jingzhun.errors import UserError
from jingzhun_web.audit import services as audit
from jingzhun_web.exchange import checking, services, staging, taking_over
from jingzhun_web.exchange.models import Import, Kind, State
from jingzhun_web.jobs.work import Work, kind
from jingzhun_web.registry.applying import ApplyError


@kind(services.CHECK)
def check_import(work: Work) -> dict[str, Any]:
    """The dry run of an import; back to its mapping when the files can't be read."""
    batch_id = int(work.arguments["import"])
    today = timezone.localdate()
    with work.entered():
        batch = Import.objects.get(pk=batch_id)
        if batch.state != State.CHECKING:
            return _address(batch)
        given = list(batch.files.values_list("name", "sha256"))
        base = staging.before(batch, on=today)
    try:
        found = checking.checked(batch, given, base, on=today, tell=work.tell)
    except UserError as error:
        with work.entered():
            batch = services.locked(batch_id)
            if batch.state == State.CHECKING:
                services.move(batch, State.UPLOADED, note=error.sentence)
        raise
    with work.entered():
        batch = services.locked(batch_id)
        if batch.state == State.CHECKING:
            services.move(
                batch,
                State.CHECKED,
                report=found.report,
                parts=found.parts,
                engine_id=found.engine_id,
            )
    tables = found.report["tables"].values()
    counts = {
        name: sum(table[name] for table in tables) for name in ("read", "accepted", "rejected")
    }
    return {**counts, **_address(batch)}


@kind(services.APPLY)
def apply_import(work: Work) -> dict[str, Any]:
    """Take an approved import over, once; back to its mapping when the register has changed since."""
    batch_id = int(work.arguments["import"])
    try:
        with work.entered():
            batch = services.locked(batch_id)
            if batch.state == State.APPLIED:
                return _address(batch)
            counts = _taken_over(batch, work)
            services.move(batch, State.APPLIED, applied_at=timezone.now())
            audit.record(
                by=work.actor.id,
                act="take_over_import",
                kind="import",
                object_id=batch.pk,
                area=batch.area,
                **counts,
            )
    except (taking_over.ChangedSinceError, ApplyError, checking.CheckError) as error:
        with work.entered():
            batch = services.locked(batch_id)
            if batch.state == State.APPROVED:
                services.move(batch, State.UPLOADED, note=error.sentence)
        raise
    staging.remove(batch)
    return {**counts, **_address(batch)}


def _taken_over(batch: Import, work: Work) -> dict[str, int]:
    if batch.kind == Kind.REGISTER:
        return taking_over.take_over_register(batch, tell=work.tell)
    given = list(batch.files.values_list("name", "sha256"))
    return taking_over.take_over_delivery(batch, given, on=timezone.localdate())


def _address(batch: Import) -> dict[str, Any]:
    return {"address": reverse("import", args=[batch.pk])}
