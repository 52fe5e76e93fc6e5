"""What the worker runs."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jingzhun_web.jobs import services


@app.task(name=services.TASK)
def run(job_id: int, actor_id: int) -> None:
    """One job."""
    services.perform(job_id, actor_id)


@app.periodic(cron="* * * * *")
@app.task(name="jingzhun_web.jobs.tasks.take_up", queueing_lock="take_up")
async def take_up(timestamp: int) -> None:  # noqa: ARG001  (Procrastinate's signature)
    """Jobs of workers that are gone wait again; each leaves the state before or after, so may begin anew."""
    for job in await app.job_manager.get_stalled_jobs():
        if job.id is not None:
            await app.job_manager.retry_job_by_id_async(job.id, retry_at=timezone.now())
