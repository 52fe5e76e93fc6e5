"""A trained model: how often each level of agreement occurs among pairs of one person and of two."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from jingzhun.errors import InputError, Place

FORMAT = 1


class FieldModel(BaseModel):
    """Levels of one field, by name, with their shares among pairs of one person (m) and of two (u)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    kind: str
    levels: tuple[str, ...]
    m: tuple[float, ...]
    u: tuple[float, ...]
    household: tuple[float, ...]
    """Shares among pairs of two people of one household."""


class Model(BaseModel):
    """Trained without labels on one pair of tables; can be applied to a later delivery alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    spec: str
    """Fingerprint of the spec that it was trained for."""
    names: str
    """Version of the tables about names."""
    fields: tuple[FieldModel, ...]
    prior: float
    """Share of pairs of one person among all pairs."""
    prior_household: float = 0.0
    blocks: tuple[tuple[str, ...], ...] = ()
    """Keys that pairs had to share to be compared."""
    trained_on: dict[str, int] = {}
    """Rows left and right, pairs, rounds."""

    @property
    def version(self) -> str:
        """Twelve characters of the hash over all that it says."""
        return hashlib.sha256(self._text().encode()).hexdigest()[:12]

    def rules(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """`blocks` as field and key."""
        return tuple(tuple(_parts(key) for key in rule) for rule in self.blocks)

    def _text(self) -> str:
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True, indent=1)

    def save(self, path: str | Path) -> None:
        """Write it as JSON; the same model gives the same bytes."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{target.name}.tmp")
        scratch.write_text(self._text() + "\n", encoding="utf-8")
        scratch.replace(target)


def _parts(key: str) -> tuple[str, str]:
    field, _, name = key.rpartition(":")
    return field, name


def read_model(path: str | Path) -> Model:
    """The model in a JSON file; InputError when it is none, or of a newer engine."""
    place = Place(file=str(path))
    try:
        found = Model.model_validate_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise InputError(
            "The file can't be read as a linkage model", where=place, why=type(error).__name__
        ) from error
    if found.format > FORMAT:
        raise InputError(
            "The linkage model was made by a newer engine", where=place, do="Update Jingzhun"
        )
    return found
