"""Results as pages and tables for people."""

from jingzhun.report.page import write_report

__all__ = ["write_report"]
