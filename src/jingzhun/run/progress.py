"""How a long job tells how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Someone who wants to know: called with the stage, steps done and steps in all."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of `done` of `total` steps in `stage`."""


def silent(stage: str, done: int, total: int) -> None:
    """A listener that does nothing."""


def told(progress: Progress, stage: str, steps: Iterable[T]) -> Iterator[T]:
    """The steps one by one, each reported when the next is asked for."""
    listed = list(steps)
    progress(stage, 0, len(listed))
    for number, step in enumerate(listed, start=1):
        yield step
        progress(stage, number, len(listed))
