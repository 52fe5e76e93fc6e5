"""Records that other departments hold of the sample's people, and of people who are not on file."""

from jingzhun.sample.external.noise import Identities, Noted, Rates, noisy_copy

__all__ = ["Identities", "Noted", "Rates", "noisy_copy"]
