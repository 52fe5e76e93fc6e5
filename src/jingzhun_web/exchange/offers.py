"""What may be done with an import, by whom and when: pages and programs ask the same."""

from __future__ import annotations

from collections.abc import Mapping

from jingzhun_web.access.actors import Actor
from jingzhun_web.exchange.models import Import, State

ACTS: Mapping[str, tuple[bool, frozenset[State]]] = {
    "map": (True, frozenset({State.UPLOADED, State.CHECKED, State.CHECKING})),
    "check": (True, frozenset({State.UPLOADED, State.CHECKING})),
    "propose": (True, frozenset({State.CHECKED})),
    "withdraw": (True, frozenset({State.UPLOADED, State.CHECKED, State.PROPOSED})),
    "approve": (False, frozenset({State.PROPOSED})),
    "refuse": (False, frozenset({State.PROPOSED})),
    "apply": (False, frozenset({State.APPROVED})),
}
"""Act -> whether it is for whoever handed the files in (else for everybody but them), and in which states."""


def possible(batch: Import, actor: Actor) -> list[str]:
    """The acts that are open to somebody who may import."""
    is_own, state = batch.uploaded_by == actor.id, State(batch.state)
    return [name for name, (own, states) in ACTS.items() if own == is_own and state in states]
