"""Starting a job, and doing it."""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor, actor_of
from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.jobs.models import Job, State
from jingzhun_web.jobs.work import KINDS, LOCKS, Work
from jingzhun_web.kit import scope

TASK = "jingzhun_web.jobs.tasks.run"
log = logging.getLogger(__name__)


class JobError(UserError):
    """A job can't be done."""


@transaction.atomic
def start(
    *, by: Actor, kind: str, right: Right, area: int, arguments: dict[str, Any], key: str = ""
) -> Job:
    """Let some work be done in the background; the same kind and key while one waits or runs is that one."""
    by.must(right, area)
    if kind not in KINDS:
        raise JobError(f"There is no job of kind {kind}")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                area=area,
                right=right.value,
                arguments=arguments,
                key=key,
                started_by=by.id,
            )
    except IntegrityError:
        found = Job.objects.filter(kind=kind, key=key, state__in=(State.WAITING, State.RUNNING))
        running = found.first()
        if running is None:
            raise JobError(
                _("The same work has been started by somebody in another area"),
                do=_("Wait until it has ended"),
            ) from None
        return running
    audit.record(by=by.id, act=f"start_{kind}", kind="job", object_id=job.pk, area=area)
    task = app.configure_task(TASK, lock=LOCKS.get(kind, f"{kind} {area}"))
    task.defer(job_id=job.pk, actor_id=by.id)
    return job


def perform(job_id: int, actor_id: int) -> None:
    """Do a job as whoever started it, with the rights they hold now; nothing when it has ended already.

    What goes wrong is told in the job, and raised again when it was not anticipated.
    """
    own = scope.Scope(actor=actor_id)
    with scope.entered(own):
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.has_ended:
            return
        actor = actor_of(User.objects.get(pk=actor_id), on=timezone.localdate())
        Job.objects.filter(pk=job_id).update(state=State.RUNNING, begun_at=timezone.now())
    try:
        if not actor.may(Right(job.right), job.area):
            raise JobError(
                _("You may not do this in this area any more"),
                do=_("Ask your account administrator"),
            )
        result = KINDS[job.kind](Work(job.pk, actor, job.area, job.arguments))
    except UserError as error:
        _end(own, job, State.FAILED, error=error.sentence)
    except Exception:
        _end(own, job, State.FAILED, error=_("An unexpected error; tell job number %d") % job.pk)
        log.error("job %d of kind %s failed", job.pk, job.kind)
        raise
    else:
        _end(own, job, State.DONE, result=result)


def _end(own: scope.Scope, job: Job, state: State, *, error: str = "", result: Any = None) -> None:
    with scope.entered(own):
        Job.objects.filter(pk=job.pk).update(
            state=state, error=error, result=result, ended_at=timezone.now()
        )
        audit.record(
            by=job.started_by,
            act=f"{state}_{job.kind}",
            kind="job",
            object_id=job.pk,
            area=job.area,
        )
