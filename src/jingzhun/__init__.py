"""Jingzhun: who is poor, why, and who is lifted out, explained household by household."""

__version__ = "0.1.0"
