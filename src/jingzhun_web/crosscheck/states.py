"""Where the work on a finding stands, and which moves there are: data beside the enum."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun.policy.crosschecks import VERDICT_PATHS


class State(models.TextChoices):
    """Where the work on a finding stands."""

    FOUND = "found", _("found")
    DISPATCHED = "dispatched", _("dispatched")
    CHECKED = "checked", _("checked in the home")
    PROPOSED = "proposed", _("verdict proposed")
    JUDGED = "judged", _("verdict confirmed")
    HANDLED = "handled", _("handled")
    RECHECKED = "rechecked", _("re-checked")
    CLOSED = "closed", _("closed")


MOVES: Mapping[State, frozenset[State]] = {
    # What the engine withdrew may be closed before anybody looked into it.
    State.FOUND: frozenset({State.DISPATCHED, State.CLOSED}),
    State.DISPATCHED: frozenset({State.DISPATCHED, State.CHECKED, State.CLOSED}),
    State.CHECKED: frozenset({State.PROPOSED, State.DISPATCHED}),
    # Refused by who confirms: back to what was seen in the home. An objection: back to the start.
    State.PROPOSED: frozenset({State.JUDGED, State.CHECKED, State.DISPATCHED}),
    State.JUDGED: frozenset({State.HANDLED, State.RECHECKED, State.CLOSED, State.DISPATCHED}),
    State.HANDLED: frozenset({State.RECHECKED, State.CLOSED, State.DISPATCHED}),
    State.RECHECKED: frozenset({State.CLOSED, State.DISPATCHED}),
    State.CLOSED: frozenset({State.DISPATCHED}),
}
"""State -> the states that may follow. Who may move, and when, the acts of `services` say."""

WAITING = (State.FOUND, State.DISPATCHED, State.CHECKED, State.PROPOSED)
"""States in which the deadline runs."""
DECIDED = (State.JUDGED, State.HANDLED, State.RECHECKED, State.CLOSED)
"""States in which a verdict stands, where one was needed."""
OBJECTED = (State.PROPOSED, *DECIDED)
"""States in which a household's objection opens the finding again."""

NO_HANDLING = frozenset({"not_true", "lawful_exception"})
"""Verdicts after which nothing is to be done to household or record."""
PROPOSED_CHANGES: Mapping[str, bool] = {"remove": False, "add": True}
"""Handling -> whether the household is on the register afterwards: proposed as a change, accepted above."""
DECIDED_STATUS: Mapping[str, str] = {"reregister": "not_exited"}
"""Handling -> exit status that the county gives the household by it."""


def verdict_words(verdict: str, *, chinese: bool) -> str:
    """A verdict of the engine's list in words."""
    label = VERDICTS.get(verdict)
    return verdict if label is None else (label.zh if chinese else label.en)


def handling_words(handling: str, *, chinese: bool) -> str:
    """A handling of the engine's list in words."""
    label = VERDICT_PATHS.get(handling)
    return handling if label is None else (label.zh if chinese else label.en)
