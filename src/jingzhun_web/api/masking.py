"""Direct identifiers in answers: masked, and names only for those who may see names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import identifiers
from jingzhun_web.registry.rows import SEALED_OF_HOUSEHOLD, SEALED_OF_PERSON, Row

NAMES = ("head_name", "name")
Shown = Callable[[str, str], str | None]


def masked(actor: Actor) -> Shown:
    """How somebody sees an identifier in a list or an archive: by the name of its column and its value."""
    sees_names = actor.may(Right.SEE_NAMES)

    def shown(column: str, value: str) -> str | None:
        if not sees_names:
            return None
        return value if column in NAMES else identifiers.masked(column, value)

    return shown


def in_full(column: str, value: str) -> str:  # noqa: ARG001
    """How the operation `reveal` shows an identifier."""
    return value


def hidden(value: object) -> str | None:
    """A direct identifier where only whether it is known and differs is told."""
    return None if value is None else identifiers.MASK * 3


def household(row: Row, shown: Shown) -> Row:
    """A household's row with its identifiers as they are shown, and its area as written."""
    _open(row, SEALED_OF_HOUSEHOLD, shown)
    row["area"] = f"{row['area']:012d}"
    return row


def members(rows: Sequence[Row], shown: Shown) -> Sequence[Row]:
    """Persons' rows with their identifiers as they are shown; the keys of their household left out."""
    for row in rows:
        _open(row, SEALED_OF_PERSON, shown)
        del row["household_id"], row["period"]
    return rows


def _open(row: Row, names: Iterable[str], shown: Shown) -> None:
    open_ = seals().open
    for name in names:
        value: Any = row[name]
        if value is not None:
            row[name] = shown(name, open_(bytes(value)))
