"""Random numbers of a set of households or persons, some for good and some for a year."""

from __future__ import annotations

from dataclasses import dataclass, field

from jingzhun.sample.streams import Array, Streams


@dataclass
class Draws:
    """Numbers for all units of a county; the lasting ones are drawn once and kept."""

    streams: Streams
    size: int
    _kept: dict[str, Array] = field(default_factory=dict)

    def lasting(self, purpose: str) -> Array:
        """Uniform numbers that stay with a unit over the years."""
        if purpose not in self._kept:
            self._kept[purpose] = self.streams.uniform(purpose, self.size)
        return self._kept[purpose]

    def lasting_normal(self, purpose: str) -> Array:
        """Standard normal numbers that stay with a unit over the years."""
        if purpose not in self._kept:
            self._kept[purpose] = self.streams.normal(purpose, self.size)
        return self._kept[purpose]


@dataclass(frozen=True)
class Drawn:
    """The draws of the units that are on file in one period."""

    draws: Draws
    index: Array
    period: int

    def lasting(self, purpose: str) -> Array:
        """Uniform, the same in every period."""
        return self.draws.lasting(purpose)[self.index]

    def lasting_normal(self, purpose: str) -> Array:
        """Standard normal, the same in every period."""
        return self.draws.lasting_normal(purpose)[self.index]

    def yearly(self, purpose: str) -> Array:
        """Uniform, new in every period."""
        draws = self.draws
        return draws.streams.uniform(purpose, draws.size, self.period)[self.index]

    def yearly_normal(self, purpose: str) -> Array:
        """Standard normal, new in every period."""
        draws = self.draws
        return draws.streams.normal(purpose, draws.size, self.period)[self.index]
