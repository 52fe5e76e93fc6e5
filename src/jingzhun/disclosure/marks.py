"""The mark of a hidden figure, and figures derived from hidden ones."""

from __future__ import annotations

from typing import Final, Literal, TypeVar

Hidden = Literal["hidden"]
Figure = TypeVar("Figure")

HIDDEN: Final[Hidden] = "hidden"
"""Stands in published data where a figure is hidden. None stays what it is: not known."""


def is_hidden(value: object) -> bool:
    """Whether a published figure is hidden."""
    return isinstance(value, str) and value == HIDDEN


def marked(value: Figure, hidden: bool) -> Figure | Hidden:
    """The figure, or the mark when it is hidden. An unknown figure (None) needs no hiding."""
    return HIDDEN if hidden and value is not None else value


def derived(value: Figure, *sources: object) -> Figure | Hidden:
    """A rate, share or mean, hidden as soon as one of the published counts it comes from is hidden."""
    return marked(value, any(is_hidden(source) for source in sources))
