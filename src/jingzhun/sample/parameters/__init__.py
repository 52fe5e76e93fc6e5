"""The parameters of the sample province: the YAML files in `data/`, checked and typed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from ruamel.yaml import YAML

from jingzhun.sample.parameters.external import External
from jingzhun.sample.parameters.income import Income
from jingzhun.sample.parameters.living import Areas, Living
from jingzhun.sample.parameters.names import NameTables
from jingzhun.sample.parameters.noise import Noise
from jingzhun.sample.parameters.population import Family, Population
from jingzhun.sample.parameters.register import Counties, County, Register
from jingzhun.sample.parameters.types import Pair, Part, Triple, Yearly

__all__ = [
    "County",
    "Family",
    "Pair",
    "Parameters",
    "Triple",
    "Yearly",
    "between",
    "file_hashes",
    "load",
]

DATA = Path(__file__).parent.parent / "data"
Model = TypeVar("Model", bound=BaseModel)


class Parameters(Part):
    """All parameters of the sample."""

    counties: Counties
    registry: Register
    population: Population
    living: Living
    income: Income
    areas: Areas
    noise: Noise
    names: NameTables
    external: External

    @property
    def years(self) -> range:
        """The years that the sample knows."""
        return range(self.registry.first_year, self.registry.last_year + 1)


def between(pair: Pair, year: int, years: range) -> float:
    """The value of a year on the straight line from the first year's to the last year's."""
    share = (year - years[0]) / (years[-1] - years[0])
    return pair[0] + (pair[1] - pair[0]) * share


def _load(model: type[Model], name: str) -> Model:
    content: Any = YAML(typ="safe").load(DATA / f"{name}.yaml")
    return model.model_validate(content)


@cache
def load() -> Parameters:
    """The parameters that ship with Jingzhun."""
    return Parameters(
        counties=_load(Counties, "counties"),
        registry=_load(Register, "register"),
        population=_load(Population, "population"),
        living=_load(Living, "living"),
        income=_load(Income, "income"),
        areas=_load(Areas, "areas"),
        noise=_load(Noise, "noise"),
        names=_load(NameTables, "names"),
        external=_load(External, "external"),
    )


def file_hashes() -> dict[str, str]:
    """File name -> SHA-256 of every parameter file, for the manifest."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(DATA.glob("*.yaml"))}
