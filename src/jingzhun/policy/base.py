"""What all parts of a pack have in common: they never change, and they know no unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

NAME = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME)]
"""A word that expressions can use: small letters, digits and underscores."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
"""A word that files and the console use: like a name, hyphens allowed."""

Confidence = Annotated[str, Field(pattern=r"^(H|M|L)( recall)?$")]
"""How sure we are: H high, M medium, L low; "recall" when no source was found: show as unverified."""

Area = Annotated[str, Field(pattern=r"^[0-9]{2,12}$")]
"""A division code without its trailing zeros, as in 620102."""


class PackModel(BaseModel):
    """A part of a pack: immutable, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
