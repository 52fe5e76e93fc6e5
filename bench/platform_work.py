"""For `bench.platform_requests`, in a process of its own: the demo's first work, an evaluation and a cross-check
of the whole register, so that verdicts and findings are on file. Done once; nothing to do takes seconds."""

from __future__ import annotations

import os
from typing import Any

import django

from bench import measuring


def work() -> dict[str, Any]:
    """Do the jobs that wait; what became of each kind and how many seconds it took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingzhun_web.settings"
    django.setup()
    # Django's models exist only now.
    from procrastinate.contrib.django import app  # noqa: PLC0415

    from jingzhun_web.jobs.models import Job  # noqa: PLC0415
    from jingzhun_web.kit import scope  # noqa: PLC0415

    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()):
        app.run_worker(wait=False, concurrency=1)
    with scope.entered(scope.Scope.of_areas(["62"])):
        return {job.kind: [job.state, _seconds(job), job.result] for job in Job.objects.all()}


def _seconds(job: Any) -> float | None:
    if not (job.begun_at and job.ended_at):
        return None
    return round((job.ended_at - job.begun_at).total_seconds(), 1)


def main() -> None:
    measuring.told({"seconds": [0], "result": work()})


if __name__ == "__main__":
    main()
