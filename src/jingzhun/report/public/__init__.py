"""A run's summary made fit for publishing: the one gate between exact figures and a page.

Figures are protected from the top down: the province first, then its counties, then the townships of each county;
so a total is decided before the counts below it, and those may never give it away. Methods: `jingzhun.disclosure`.
"""

from jingzhun.report.public.gate import FEW, public_summary

__all__ = ["FEW", "public_summary"]
