"""What a job's function is given, and how functions are registered by kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

from jingzhun_web.access.actors import Actor
from jingzhun_web.kit import scope
from jingzhun_web.kit.scope import Scope

Function = Callable[["Work"], dict[str, Any]]
KINDS: dict[str, Function] = {}
"""Kind of job -> what does it; filled by the modules `tasks` of the apps when Django starts."""
LOCKS: dict[str, str] = {}
"""Kind of job -> lock; jobs with the same lock wait for each other."""
ENGINE = "engine"
"""Lock of work that runs the engine on a snapshot: two would write into the same one at once."""
PAUSE = 0.5
"""Seconds between two writings of progress."""


def kind(name: str, *, lock: str = "") -> Callable[[Function], Function]:
    """Register a function as what does the jobs of a kind. It returns counts, and `address` if there is a page.

    It may be begun again after the machine went down, so that it must leave the state before or after.
    Jobs of kinds with the same `lock` wait for each other; without one, those of the kind in the same area do.
    """

    def register(function: Function) -> Function:
        if name in KINDS:
            raise ValueError(f"two functions for jobs of kind {name}")
        KINDS[name] = function
        if lock:
            LOCKS[name] = lock
        return function

    return register


@dataclass
class Work:
    """A job that is being done: for whom, on which area, with what."""

    id: int
    actor: Actor
    area: int
    arguments: Mapping[str, Any]
    _told: tuple[str, float] = field(default=("", 0.0), init=False)

    @property
    def scope(self) -> Scope:
        """The area of the job, and nothing else of what its starter may see."""
        return Scope.of_areas([f"{self.area:012d}"], actor=self.actor.id)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """One transaction that sees the job's area."""
        with scope.entered(self.scope):
            yield

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show how far it is, at once, whatever transaction is open."""
        last, at = self._told
        now = time.monotonic()
        if step == last and now - at < PAUSE and done < total:
            return
        self._told = (step, now)
        # A connection of its own: the work's transaction would hide the progress until its end.
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
            other.execute("SELECT set_config('jingzhun.actor', %s, false)", [str(self.actor.id)])
            other.execute(
                "UPDATE jobs_job SET step = %s, done = %s, total = %s WHERE id = %s",
                [step[:200], done, total, self.id],
            )
