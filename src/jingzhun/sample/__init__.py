"""An invented Gansu, calibrated on published figures, with its truth kept apart."""

from jingzhun.sample.province import Summary, make_sample, parse_periods

__all__ = ["Summary", "make_sample", "parse_periods"]
