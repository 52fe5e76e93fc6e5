"""Processes that persons decide, step by step: which moves there are, and who may make them. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.roles import Right


class Kind(models.TextChoices):
    """What is decided."""

    EXIT = "exit", _("exit from poverty")
    IDENTIFICATION = "identification", _("identification as poor")


class State(models.TextChoices):
    """Where a case stands. No process has more than eight of them."""

    ENTERED = "entered", _("entered")
    CHECKED = "checked", _("home check done")
    ACCEPTED = "accepted", _("accepted by household and village")
    APPRAISED = "appraised", _("appraised by the village meeting")
    REVIEWED = "reviewed", _("reviewed by the township")
    PUBLISHED = "published", _("in publicity")
    PUBLISHED_AGAIN = "published_again", _("in second publicity")
    DECIDED = "decided", _("decided by the county")
    ANNOUNCED = "announced", _("announced")
    REFUSED = "refused", _("refused")


ENDED = (State.ANNOUNCED, State.REFUSED)
IN_PUBLIC = (State.PUBLISHED, State.PUBLISHED_AGAIN)
"""States that can be left only when the list has hung out its time and every objection is answered."""


@dataclass(frozen=True)
class Process:
    """One kind of case: state -> what may follow, and state -> the right that leads into it.

    `approvals` are states into which nobody may bring a case in which they made an entry themselves.
    """

    moves: Mapping[State, State]
    rights: Mapping[State, Right]
    approvals: frozenset[State]

    def follows(self, state: State) -> State | None:
        """The step after a state; None when the case has ended."""
        return self.moves.get(state)

    def may_follow(self, state: State) -> frozenset[State]:
        """Everything that may follow: the next step, or a refusal."""
        onward = self.moves.get(state)
        # What the county has decided is announced; it is refused before that, or not at all.
        if onward is None:
            return frozenset()
        if state is State.DECIDED:
            return frozenset({onward})
        return frozenset({onward, State.REFUSED})

    def right_after(self, state: State) -> Right | None:
        """The right of whoever's turn it is: they make the next step, or refuse."""
        onward = self.moves.get(state)
        return None if onward is None else self.rights[onward]


PROCESSES: Mapping[Kind, Process] = {
    Kind.EXIT: Process(
        moves={
            State.ENTERED: State.ACCEPTED,
            State.ACCEPTED: State.REVIEWED,
            State.REVIEWED: State.PUBLISHED,
            State.PUBLISHED: State.DECIDED,
            State.DECIDED: State.ANNOUNCED,
        },
        rights={
            State.ENTERED: Right.PROPOSE_CHANGES,
            State.ACCEPTED: Right.PROPOSE_CHANGES,
            State.REVIEWED: Right.REVIEW_CHANGES,
            State.PUBLISHED: Right.REVIEW_CHANGES,
            State.DECIDED: Right.APPROVE_CHANGES,
            State.ANNOUNCED: Right.APPROVE_CHANGES,
        },
        approvals=frozenset({State.REVIEWED, State.DECIDED}),
    ),
    Kind.IDENTIFICATION: Process(
        moves={
            State.ENTERED: State.CHECKED,
            State.CHECKED: State.APPRAISED,
            State.APPRAISED: State.PUBLISHED,
            State.PUBLISHED: State.REVIEWED,
            State.REVIEWED: State.PUBLISHED_AGAIN,
            State.PUBLISHED_AGAIN: State.ANNOUNCED,
        },
        rights={
            State.ENTERED: Right.PROPOSE_CHANGES,
            State.CHECKED: Right.PROPOSE_CHANGES,
            State.APPRAISED: Right.PROPOSE_CHANGES,
            State.PUBLISHED: Right.PROPOSE_CHANGES,
            State.REVIEWED: Right.REVIEW_CHANGES,
            State.PUBLISHED_AGAIN: Right.REVIEW_CHANGES,
            State.ANNOUNCED: Right.APPROVE_CHANGES,
        },
        approvals=frozenset({State.REVIEWED, State.ANNOUNCED}),
    ),
}
